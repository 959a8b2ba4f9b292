using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OpsPortal.Tests.Kit.Aws;

/// <summary>A key that the checker knows.</summary>
/// <param name="Token">The session token that must come with it; null for a lasting key.</param>
/// <param name="ExpiresAt">When the service stops to take it; null for never.</param>
public sealed record KnownKey(string Id, string Secret, string? Token = null, DateTimeOffset? ExpiresAt = null);

/// <summary>
/// The service's side of AWS Signature Version 4, written from AWS's description of the algorithm ("Create a signed AWS API request") and
/// from nothing else: it takes the request as received, computes the signature anew, and compares.
/// </summary>
/// <param name="service">Name in the signature's scope.</param>
/// <param name="keys">By access key id; asked at every request, so that keys may come and go.</param>
/// <param name="time">The service's clock.</param>
public sealed class SignatureCheck(string service, string region, Func<string, KnownKey?> keys, TimeProvider time)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(5);

    /// <summary>Null when the request is signed as it must be; otherwise the answer that refuses it.</summary>
    public PeerAnswer? Refuse(ReceivedRequest request)
    {
        if (request.Header("Authorization") is not { } authorization)
        {
            return PeerAnswer.Error(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
        }

        if (SignatureFields.Parse(authorization) is not { } fields || request.Header("X-Amz-Date") is not { } date)
        {
            return PeerAnswer.Error(400, "IncompleteSignatureException", "Authorization or X-Amz-Date is not as described");
        }

        return RefuseScope(fields, date) ?? RefuseTime(date) ?? RefuseKey(request, fields, date);
    }

    private PeerAnswer? RefuseScope(SignatureFields fields, string date) =>
        fields.Scope == $"{date[..8]}/{region}/{service}/aws4_request"
            ? null
            : PeerAnswer.Error(403, "SignatureDoesNotMatch", $"Credential should be scoped to {date[..8]}/{region}/{service}, not {fields.Scope}");

    private PeerAnswer? RefuseTime(string date)
    {
        var (signed, now) = (DateTimeOffset.ParseExact(date, "yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal), time.GetUtcNow());
        var told = now.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);
        return (signed - now) switch
        {
            var early when early < -Window => AtItsTime(PeerAnswer.Error(403, "InvalidSignatureException", $"Signature expired: {date} is now earlier than {told}")),
            var late when late > Window => AtItsTime(PeerAnswer.Error(403, "InvalidSignatureException", $"Signature not yet current: {date} is still later than {told}")),
            _ => null,
        };
    }

    private PeerAnswer AtItsTime(PeerAnswer answer) =>
        answer with { Headers = [.. answer.Headers, ("Date", time.GetUtcNow().ToString("R", CultureInfo.InvariantCulture))] };

    private PeerAnswer? RefuseKey(ReceivedRequest request, SignatureFields fields, string date)
    {
        if (keys(fields.KeyId) is not { } key || request.Header("X-Amz-Security-Token") != key.Token)
        {
            return PeerAnswer.Error(403, "UnrecognizedClientException", "The security token included in the request is invalid");
        }

        if (key.ExpiresAt <= time.GetUtcNow())
        {
            return PeerAnswer.Error(403, "ExpiredTokenException", "The security token included in the request is expired");
        }

        var unsigned = request.Headers.Select(header => header.Name.ToLowerInvariant())
            .Where(name => (name == "host" || name.StartsWith("x-amz-", StringComparison.Ordinal)) && !fields.SignedHeaders.Contains(name)).ToList();
        if (unsigned.Count > 0)
        {
            return PeerAnswer.Error(403, "SignatureDoesNotMatch", $"These headers must be signed: {string.Join(", ", unsigned)}");
        }

        return Signature(request, fields, key, date) == fields.Signature && HashIsTrue(request)
            ? null
            : PeerAnswer.Error(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided");
    }

    private string Signature(ReceivedRequest request, SignatureFields fields, KnownKey key, string date)
    {
        var canonical = ReceivedForm.Of(request, fields.SignedHeaders, twice: service != "s3");
        var toSign = $"AWS4-HMAC-SHA256\n{date}\n{fields.Scope}\n{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(canonical)))}";
        var derived = fields.Scope.Split('/').Aggregate(Encoding.UTF8.GetBytes("AWS4" + key.Secret), (secret, part) => HMACSHA256.HashData(secret, Encoding.UTF8.GetBytes(part)));
        return Convert.ToHexStringLower(HMACSHA256.HashData(derived, Encoding.UTF8.GetBytes(toSign)));
    }

    private static bool HashIsTrue(ReceivedRequest request) =>
        request.Header("X-Amz-Content-Sha256") is not { } told || told == Convert.ToHexStringLower(SHA256.HashData(request.Body));
}

/// <summary>The parts of the header Authorization.</summary>
internal sealed record SignatureFields(string KeyId, string Scope, IReadOnlyList<string> SignedHeaders, string Signature)
{
    public static SignatureFields? Parse(string authorization)
    {
        if (!authorization.StartsWith("AWS4-HMAC-SHA256 ", StringComparison.Ordinal))
        {
            return null;
        }

        var fields = authorization[17..].Split(',').Select(field => field.Trim().Split('=', 2)).Where(field => field.Length == 2).ToDictionary(field => field[0], field => field[1]);
        return fields.TryGetValue("Credential", out var credential) && fields.TryGetValue("SignedHeaders", out var headers)
            && fields.TryGetValue("Signature", out var signature) && credential.Split('/', 2) is [var id, var scope]
            ? new SignatureFields(id, scope, headers.Split(';'), signature)
            : null;
    }
}
