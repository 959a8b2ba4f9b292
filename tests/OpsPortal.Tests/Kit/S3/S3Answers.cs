using System.Globalization;
using System.Security;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Kit.S3;

/// <summary>Answers as Amazon S3's API reference documents them, for what no server on this machine can do: archives, KMS, storms.</summary>
internal static class S3Answers
{
    public const string Key = "raw/depot=Longsight/date=2026-11-21/hour=20/20261121T200000000-000000000001.ndjson.gz";

    /// <summary>An error; the answer to a HEAD has no body.</summary>
    public static PeerAnswer Error(ReceivedRequest request, int status, string code, string message = "said in words") => new(
        status,
        request.Method == "HEAD" ? "" : $"<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>{code}</Code><Message>{SecurityElement.Escape(message)}</Message><RequestId>4442587FB7D0A2F9</RequestId></Error>")
    {
        ContentType = "application/xml",
    };

    public static PeerAnswer NoSuchKey(ReceivedRequest request) => Error(request, 404, "NoSuchKey", "The specified key does not exist.");

    /// <summary>What a HEAD says of an object.</summary>
    public static PeerAnswer Head(params (string Name, string Value)[] headers) => new(200)
    {
        ContentType = "application/gzip",
        Headers = [("ETag", "\"fba9dede5f27731c9771645a39863328\""), ("Last-Modified", "Sat, 21 Nov 2026 21:00:00 GMT"), ("Content-Length", "434234"), .. headers],
    };

    /// <summary>One byte of an object.</summary>
    public static PeerAnswer Byte { get; } = new(206, "x") { ContentType = "application/gzip", Headers = [("Content-Range", "bytes 0-0/434234")] };

    public static PeerAnswer Xml(string body, int status = 200) => new(status, $"<?xml version=\"1.0\" encoding=\"UTF-8\"?>{body}") { ContentType = "application/xml" };

    /// <summary>A whole listing.</summary>
    public static PeerAnswer Listing(params string[] keys) => Xml(string.Create(
        CultureInfo.InvariantCulture,
        $"<ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Name>fleet</Name><KeyCount>{keys.Length}</KeyCount><IsTruncated>false</IsTruncated>{string.Concat(keys.Select(Contents))}</ListBucketResult>"));

    private static string Contents(string key) =>
        $"<Contents><Key>{key}</Key><LastModified>2026-11-21T21:00:00.000Z</LastModified><Size>434234</Size><StorageClass>STANDARD</StorageClass></Contents>";
}
