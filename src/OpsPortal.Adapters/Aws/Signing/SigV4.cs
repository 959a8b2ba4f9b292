using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>AWS Signature Version 4, with the signature in the header Authorization. No input or output.</summary>
internal static class SigV4
{
    private const string Algorithm = "AWS4-HMAC-SHA256";

    /// <summary>SHA-256 of nothing.</summary>
    public const string EmptyHash = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";

    /// <summary>The value of the header X-Amz-Date.</summary>
    public static string Date(DateTimeOffset at) => at.UtcDateTime.ToString("yyyyMMdd'T'HHmmss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The value of the header Authorization.</summary>
    /// <param name="date">As in the header X-Amz-Date.</param>
    public static string Authorization(AwsKeys keys, AwsService service, string region, string date, CanonicalRequest request)
    {
        var scope = $"{date[..8]}/{region}/{service.SigningName}/aws4_request";
        var hash = Hex(SHA256.HashData(Encoding.UTF8.GetBytes(request.Text)));
        var signature = Hex(Hmac(Key(keys, service, region, date[..8]), $"{Algorithm}\n{date}\n{scope}\n{hash}"));
        return $"{Algorithm} Credential={keys.AccessKeyId}/{scope}, SignedHeaders={request.SignedHeaders}, Signature={signature}";
    }

    /// <summary>Small hex digits.</summary>
    public static string Hex(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(bytes);

    private static byte[] Key(AwsKeys keys, AwsService service, string region, string day)
    {
        var key = Hmac(Encoding.UTF8.GetBytes("AWS4" + keys.SecretKey), day);
        return Hmac(Hmac(Hmac(key, region), service.SigningName), "aws4_request");
    }

    private static byte[] Hmac(byte[] key, string text) => HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text));
}
