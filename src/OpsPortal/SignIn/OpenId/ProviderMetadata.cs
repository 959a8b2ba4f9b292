using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace OpsPortal.SignIn.OpenId;

/// <summary>
/// What the provider says of itself: addresses and keys. Read when first needed, anew after a time by <see cref="ProviderWatch"/>, and at once when a token is
/// signed with a key that is not known, but not more often than every ten seconds: anybody can make up names of keys. While the
/// provider is away what was last read goes on to hold.
/// </summary>
internal sealed class ProviderMetadata(ProviderProfile profile, ProviderHttp http, TimeProvider time, ILogger<ProviderMetadata> logger) : IDisposable
{
    // A provider that is down is not asked by everybody who opens the sign-in page.
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan BetweenForced = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _reading = new(1);
    private volatile OpenIdConnectConfiguration? _known;
    private DateTimeOffset _readAt = DateTimeOffset.MinValue;
    private DateTimeOffset _forcedAt = DateTimeOffset.MinValue;
    private DateTimeOffset _failedAt = DateTimeOffset.MinValue;
    private volatile string? _problem;

    /// <summary>Why the provider could not be read the last time; null when it could, or was not tried yet.</summary>
    public string? Problem => _problem;

    /// <summary>The last that was read, however old; null when none.</summary>
    public OpenIdConnectConfiguration? Known => _known;

    /// <summary>Addresses and keys, as last read, however old they are: whoever signs in or calls waits for a silent provider only while nothing is known of it.</summary>
    /// <exception cref="ProviderUnavailableException">None is known and none can be had.</exception>
    public async Task<OpenIdConnectConfiguration> GetConfigurationAsync(CancellationToken cancellationToken)
    {
        if (_known is null)
        {
            await ReadWhenDueAsync(cancellationToken);
        }

        return _known ?? throw new ProviderUnavailableException(_problem ?? "The provider cannot be reached.");
    }

    /// <summary>Reads what is not known yet, or too old.</summary>
    public async Task ReadWhenDueAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            var now = time.GetUtcNow();
            if ((_known is null || now - _readAt >= profile.Options.ReadKeysEvery) && now - _failedAt >= AfterFailure)
            {
                await TryReadNeedsTurnAsync(cancellationToken);
            }
        }
        finally
        {
            _reading.Release();
        }
    }

    /// <summary>What is known now in place of what knew a token's key not: read anew, unless somebody else has done that in between.</summary>
    /// <returns>Null when there is nothing newer: it was read a moment ago, or the provider is away.</returns>
    public async Task<OpenIdConnectConfiguration?> FindNewerAsync(OpenIdConnectConfiguration used, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_known != used)
            {
                return _known;
            }

            var now = time.GetUtcNow();
            if (now - _forcedAt < BetweenForced)
            {
                return null;
            }

            // To the end, also when whoever showed the token has gone: a stranger who goes at once would use up the turn of those who wait.
            _forcedAt = now;
            return await TryReadNeedsTurnAsync(CancellationToken.None) ? _known : null;
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose() => _reading.Dispose();

    private async Task<bool> TryReadNeedsTurnAsync(CancellationToken cancellationToken)
    {
        try
        {
            var read = await OpenIdConnectConfigurationRetriever.GetAsync($"{profile.Authority}/.well-known/openid-configuration", http, cancellationToken);
            if (WrongWith(read) is { } wrong)
            {
                throw new ProviderUnavailableException(wrong);
            }

            (_known, _readAt, _problem) = (read, time.GetUtcNow(), null);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            (_problem, _failedAt) = (e is ProviderUnavailableException ? e.Message : (e.InnerException as ProviderUnavailableException)?.Message ?? "Its description cannot be read.", time.GetUtcNow());
            logger.ProviderNotRead(profile.Authority, _problem);
            return false;
        }
    }

    private string? WrongWith(OpenIdConnectConfiguration read)
    {
        if (!profile.Describes(read.Issuer ?? ""))
        {
            return $"Its description names another issuer than OpenIdConnect:Issuer or Authority: {ClaimsReader.Plain(read.Issuer ?? "none")}";
        }

        if (read.SigningKeys.Count == 0)
        {
            return "Its description holds no key that signs.";
        }

        foreach (var (name, address) in new[] { ("authorization_endpoint", read.AuthorizationEndpoint), ("token_endpoint", read.TokenEndpoint), ("userinfo_endpoint", read.UserInfoEndpoint), ("end_session_endpoint", read.EndSessionEndpoint) })
        {
            var isNeeded = name is "authorization_endpoint" or "token_endpoint";
            if (string.IsNullOrEmpty(address) ? isNeeded : !Uri.TryCreate(address, UriKind.Absolute, out var at) || !ProviderOptionsCheck.IsSafe(at))
            {
                return $"Its description has no {name} by https.";
            }
        }

        return null;
    }
}
