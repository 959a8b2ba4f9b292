using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>AWS Signature Version 4, with the signature in the header Authorization or in the address. No input or output.</summary>
internal static class SigV4
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>SHA-256 of nothing.</summary>
    public const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>The value of the header X-Amz-Date.</summary>
    public static string Date(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The value of the header Authorization.</summary>
    /// <param name="date">As in the header X-Amz-Date.</param>
    public static string Authorization(AwsKeys keys, AwsService service, string region, string date, CanonicalRequest request) =>
        $"{Algorithm} Credential={Credential(keys, service, region, date)}, SignedHeaders={request.SignedHeaders}, Signature={Signature(keys, service, region, date, request)}";

    /// <summary>The parameters that come into an address before it is signed; the signature itself comes after them. Only the host is signed with it.</summary>
    /// <param name="lasts">Whole seconds.</param>
    public static IEnumerable<(string Name, string Value)> AddressParameters(AwsKeys keys, AwsService service, string region, string date, TimeSpan lasts)
    {
        yield return ("X-Amz-Algorithm", Algorithm);
        yield return ("X-Amz-Credential", Credential(keys, service, region, date));
        yield return ("X-Amz-Date", date);
        yield return ("X-Amz-Expires", ((long)lasts.TotalSeconds).ToString(CultureInfo.InvariantCulture));
        yield return ("X-Amz-SignedHeaders", "host");
        if (keys.SessionToken is { } token)
        {
            yield return ("X-Amz-Security-Token", token);
        }
    }

    /// <summary>The signature alone.</summary>
    public static string Signature(AwsKeys keys, AwsService service, string region, string date, CanonicalRequest request)
    {
        var hash = Hex(SHA256.HashData(Encoding.UTF8.GetBytes(request.Text)));
        return Hex(Hmac(Key(keys, service, region, date[..8]), $"{Algorithm}\n{date}\n{Scope(service, region, date)}\n{hash}"));
    }

    /// <summary>Small hex digits.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static string Credential(AwsKeys keys, AwsService service, string region, string date) => $"{keys.AccessKeyId}/{Scope(service, region, date)}";

    private static string Scope(AwsService service, string region, string date) => $"{date[..8]}/{region}/{service.SigningName}/aws4_request";

    private static byte[] Key(AwsKeys keys, AwsService service, string region, string day)
    {
        var key = Hmac(Encoding.UTF8.GetBytes("AWS4" + keys.SecretKey), day);
        return Hmac(Hmac(Hmac(key, region), service.SigningName), "aws4_request");
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
