using OpsPortal.Core.Access;

namespace OpsPortal.SignIn.OpenId;

/// <summary>This portal's secret at the provider, read where it is kept each time, so that a new one takes hold without a start.</summary>
internal sealed class ClientSecret(ProviderProfile profile, IEnumerable<ISecrets> secrets)
{
    /// <summary>The secret; null for a public client.</summary>
    /// <exception cref="ProviderUnavailableException">It cannot be read now; says where, never what.</exception>
    public async ValueTask<string?> GetAsync(CancellationToken cancellationToken)
    {
        var options = profile.Options;
        try
        {
            return options switch
            {
                { ClientSecret: { Length: > 0 } given } => given,
                { ClientSecretFile: { Length: > 0 } file } => (await File.ReadAllTextAsync(file, cancellationToken)).TrimEnd('\r', '\n'),
                { ClientSecretId: { Length: > 0 } name } => await secrets.Last().GetAsync(name, cancellationToken),
                _ => null,
            };
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new ProviderUnavailableException("This portal's own secret (OpenIdConnect:ClientSecretFile or ClientSecretId) cannot be read now.", e);
        }
    }

    /// <summary>It was refused: one of a service is read anew when next asked for.</summary>
    public void Forget()
    {
        if (profile.Options.ClientSecretId is { Length: > 0 } name)
        {
            secrets.Last().Forget(name);
        }
    }
}
