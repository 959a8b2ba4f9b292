using Amazon.Runtime;
using Amazon.Runtime.CredentialManagement;
using Amazon.Runtime.Credentials;
using Microsoft.Extensions.Options;

namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>The AWS SDK's chain: environment, profile, web identity, SSO, container, instance role; or one named profile.</summary>
internal sealed class ChainCredentials(IOptions<AwsOptions> options) : ICredentialSource
{
    private AWSCredentials? _found;

    public async Task<AwsKeys> ReadAsync(bool fresh, CancellationToken cancellationToken)
    {
        if (fresh)
        {
            // Those that refresh themselves forget what they have; the others are looked up anew, as their file may have changed.
            (_found as RefreshingAWSCredentials)?.ClearCredentials();
            _found = null;
        }

        var found = _found ??= await FindAsync(cancellationToken);
        var keys = await found.GetCredentialsAsync().WaitAsync(cancellationToken);
        var expires = found.Expiration is { } end ? new DateTimeOffset(end.ToUniversalTime()) : (DateTimeOffset?)null;
        return new AwsKeys(keys.AccessKey, keys.SecretKey, keys.UseToken ? keys.Token : null, expires);
    }

    private Task<AWSCredentials> FindAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Profile is not { Length: > 0 } profile)
        {
            return new DefaultAWSCredentialsIdentityResolver().ResolveIdentityAsync(null, cancellationToken);
        }

        return new CredentialProfileStoreChain().TryGetAWSCredentials(profile, out var found)
            ? Task.FromResult(found)
            : throw new InvalidOperationException($"{AwsOptions.Section}:{nameof(AwsOptions.Profile)}: there is no profile {profile} in the shared AWS files, or it holds no credentials.");
    }
}
