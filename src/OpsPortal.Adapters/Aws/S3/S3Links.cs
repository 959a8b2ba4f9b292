using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>Makes presigned addresses: short, by the service's clock, never longer than what they stand on.</summary>
internal sealed class S3Links(KeyRing keys, S3Clock clock, TimeProvider time, IOptions<S3Options> options)
{
    private const string Store = "raw file";

    /// <param name="until">The end of a restored copy; null for what stays.</param>
    /// <exception cref="StoreUnavailableException">There is nothing to sign with.</exception>
    public Task<RawFileWay.Presigned> MakeAsync(S3Place place, RawFileKey key, DateTimeOffset? until, CancellationToken cancellationToken) =>
        MakeAsync(place, place.Prefix + key, key.FileName, Attachment.RawFileType, until, cancellationToken);

    /// <param name="key">With the prefix.</param>
    /// <param name="until">The end of what is linked to; null for what stays.</param>
    /// <exception cref="StoreUnavailableException">There is nothing to sign with.</exception>
    public async Task<RawFileWay.Presigned> MakeAsync(S3Place place, string key, string fileName, string contentType, DateTimeOffset? until, CancellationToken cancellationToken)
    {
        AwsKeys used;
        try
        {
            used = await keys.GetAsync(cancellationToken);
        }
        catch (NoCredentialsException e)
        {
            throw new StoreUnavailableException(Store, e.Message, e);
        }

        var now = time.GetUtcNow();
        var lasts = Whole(Least(options.Value.LinkFor, used.ExpiresAt - now, until - now));
        if (lasts < TimeSpan.FromSeconds(1))
        {
            throw new StoreUnavailableException(Store, "the credentials that a link would be signed with are at their end and no others can be had.");
        }

        var address = Presigner.Get(place.ForLinks ?? place, key, used, clock.ServiceNow, lasts, Attachment.Of(fileName), contentType);
        return new RawFileWay.Presigned(address, now + lasts);
    }

    private static TimeSpan Least(TimeSpan one, params ReadOnlySpan<TimeSpan?> others)
    {
        foreach (var other in others)
        {
            one = other < one ? other.Value : one;
        }

        return one;
    }

    private static TimeSpan Whole(TimeSpan span) => TimeSpan.FromSeconds(Math.Floor(span.TotalSeconds));
}
