using System.Security.Cryptography;
using Microsoft.Extensions.Logging;

namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>
/// Signs every request with AWS Signature Version 4. A request refused because the keys have expired, or because the clocks differ, is
/// signed and sent once more: the service has said that it did not do it.
/// </summary>
internal sealed class SigningHandler(AwsService service, string region, KeyRing keys, TimeProvider time, ILogger logger) : DelegatingHandler
{
    // AWS allows 5 minutes either way, S3 15; a smaller difference is not what a refusal is about.
    private static readonly TimeSpan LeastSkew = TimeSpan.FromMinutes(2);

    private long _offsetTicks;

    /// <summary>The service's clock minus ours, as far as it had to be corrected.</summary>
    public TimeSpan ClockOffset => new(Interlocked.Read(ref _offsetTicks));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.RequestUri = SignedTarget.Of(request.RequestUri!);
        var hash = await HashAsync(request.Content, cancellationToken);
        var used = await keys.GetAsync(cancellationToken);
        var (skewMended, keysMended) = (false, false);
        while (true)
        {
            Sign(request, hash, used);
            var response = await base.SendAsync(request, cancellationToken);
            var refusal = (int)response.StatusCode is 400 or 401 or 403 ? await Refusal.ReadAsync(response, cancellationToken) : null;
            if (refusal is { IsSkew: true } && !skewMended && MendsSkew(response))
            {
                skewMended = true;
            }
            else if (refusal is { IsExpiredKeys: true } && !keysMended)
            {
                Log.KeysExpired(logger, service.SigningName);
                used = await keys.ReplaceAsync(used, cancellationToken);
                keysMended = true;
            }
            else
            {
                return response;
            }

            response.Dispose();
        }
    }

    private static async Task<string> HashAsync(HttpContent? content, CancellationToken cancellationToken)
    {
        if (content is null)
        {
            return SigV4.EmptyHash;
        }

        // Kept, so that it can be sent again; the stream is the content's own and stays open.
        await content.LoadIntoBufferAsync(cancellationToken);
        var body = await content.ReadAsStreamAsync(cancellationToken);
        body.Position = 0;
        var hash = SigV4.Hex(await SHA256.HashDataAsync(body, cancellationToken));
        body.Position = 0;
        return hash;
    }

    private void Sign(HttpRequestMessage request, string hash, AwsKeys used)
    {
        var date = SigV4.Date(time.GetUtcNow() + ClockOffset);
        Set(request, "X-Amz-Date", date);
        Set(request, "X-Amz-Security-Token", used.SessionToken);
        Set(request, "X-Amz-Content-Sha256", service.WantsContentHash ? hash : null);
        var address = request.RequestUri!;
        var canonical = CanonicalRequest.Create(service, request.Method.Method, address.AbsolutePath, address.Query.TrimStart('?'), HeadersToSign(request), hash);
        Set(request, "Authorization", SigV4.Authorization(used, service, region, date, canonical));
    }

    // Others may be changed on the way by a proxy, or are set after this by the transport.
    private static IEnumerable<(string Name, string Value)> HeadersToSign(HttpRequestMessage request)
    {
        var address = request.RequestUri!;
        yield return ("host", request.Headers.Host ?? (address.IsDefaultPort ? address.IdnHost : $"{address.IdnHost}:{address.Port}"));
        foreach (var header in request.Headers.NonValidated.Where(header => header.Key.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase)))
        {
            yield return (header.Key, header.Value.ToString());
        }

        if (request.Content?.Headers.NonValidated.TryGetValues("Content-Type", out var type) == true)
        {
            yield return ("content-type", type.ToString());
        }
    }

    private static void Set(HttpRequestMessage request, string name, string? value)
    {
        request.Headers.Remove(name);
        if (value is not null)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
    }

    private bool MendsSkew(HttpResponseMessage response)
    {
        if (response.Headers.Date is not { } theirs)
        {
            return false;
        }

        var offset = theirs - time.GetUtcNow();
        if ((offset - ClockOffset).Duration() < LeastSkew)
        {
            return false;
        }

        Log.ClockIsOff(logger, service.SigningName, offset.TotalSeconds);
        Interlocked.Exchange(ref _offsetTicks, offset.Ticks);
        return true;
    }
}
