using System.Net;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>The bucket cannot be asked now: no connection, no answer in time, or S3 says that it is in trouble. Another bucket may do.</summary>
internal sealed class S3AwayException(string problem, Exception? cause) : Exception(problem, cause);

/// <summary>S3 has understood the request and will not do it.</summary>
internal sealed class S3RefusedException(HttpStatusCode status, string code, string message, Exception? cause)
    : Exception($"S3 answers {(int)status} {code}: {message}", cause)
{
    public HttpStatusCode Status => status;

    /// <summary>S3's own word, such as NoSuchKey; empty where the answer had none.</summary>
    public string Code => code;

    /// <summary>S3's own sentence.</summary>
    public string Said => message;

    /// <summary>What is refused is KMS's doing: the file is encrypted with a key that may not be used.</summary>
    public bool IsKeyDenied => code.StartsWith("KMS.", StringComparison.Ordinal) || (Status == HttpStatusCode.Forbidden && message.Contains("kms:", StringComparison.OrdinalIgnoreCase));
}
