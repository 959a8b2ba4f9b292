using OpsPortal.Core.Access;

namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>Secrets of AWS Secrets Manager, for parts of the product that know nothing of AWS.</summary>
internal sealed class AwsSecrets(SecretSource source) : ISecrets
{
    public ValueTask<string> GetAsync(string name, CancellationToken cancellationToken) => source.GetAsync(new SecretPlace(null, null, name), cancellationToken);

    public void Forget(string name) => source.Forget(new SecretPlace(null, null, name));
}
