using System.Net;
using System.Text.RegularExpressions;

namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>An answer that is no success, and what it says of itself: in a header, or in a JSON or XML body.</summary>
internal sealed partial record Refusal(HttpStatusCode Status, string Code, string Text)
{
    // As the AWS SDKs list them, and OpenSearch's own. Each says: not done.
    private static readonly HashSet<string> ThrottlingCodes = new(StringComparer.Ordinal)
    {
        "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottledException", "RequestThrottled", "TooManyRequestsException",
        "ProvisionedThroughputExceededException", "RequestLimitExceeded", "BandwidthLimitExceeded", "LimitExceededException", "SlowDown",
        "PriorRequestNotComplete", "es_rejected_execution_exception", "rejected_execution_exception", "circuit_breaking_exception",
    };

    private static readonly HashSet<string> ExpiredCodes = new(StringComparer.Ordinal) { "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired" };

    /// <summary>The service had too much to do and did not do this.</summary>
    public bool IsThrottling => Status == HttpStatusCode.TooManyRequests || ThrottlingCodes.Contains(Code);

    /// <summary>The keys have expired.</summary>
    public bool IsExpiredKeys => IsDenial && (ExpiredCodes.Contains(Code) || Text.Contains("security token included in the request is expired", StringComparison.Ordinal));

    /// <summary>The signature's time is too far from the service's.</summary>
    public bool IsSkew => IsDenial && SkewWords().IsMatch($"{Code} {Text}");

    private bool IsDenial => Status is HttpStatusCode.Forbidden or HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest;

    /// <summary>Reads the answer, which can still be read by others afterwards; null for a success.</summary>
    public static async Task<Refusal?> ReadAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        if ((int)response.StatusCode < 400)
        {
            return null;
        }

        await response.Content.LoadIntoBufferAsync(cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        var code = response.Headers.TryGetValues("x-amzn-ErrorType", out var values) ? values.First() : CodeInBody().Match(text).Groups["code"].Value;
        return new Refusal(response.StatusCode, Plain(code), text);
    }

    // "com.amazonaws.kinesis#ExpiredTokenException" and "ExpiredTokenException:http://…" are both in use.
    private static string Plain(string code) => code.Split('#')[^1].Split(':')[0].Trim();

    [GeneratedRegex("""(?:"(?:__type|code|Code|type)"\s*:\s*"|<Code>)(?<code>[^"<]+)""")]
    private static partial Regex CodeInBody();

    [GeneratedRegex("RequestTimeTooSkewed|RequestExpired|RequestInTheFuture|[Ss]ignature expired|[Ss]ignature not yet current")]
    private static partial Regex SkewWords();
}
