namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>What a caller may say about one request, in <see cref="HttpRequestMessage.Options"/>.</summary>
internal static class AwsRequest
{
    /// <summary>True: sending it twice does no harm, so a POST may be repeated. False: it must not be repeated, whatever its method. Not said: the method decides (GET, HEAD, PUT, DELETE are repeated).</summary>
    public static readonly HttpRequestOptionsKey<bool> Repeatable = new("OpsPortal.Aws.Repeatable");

    /// <summary>True: the answer is handed on as it comes. Not said: it is read whole inside the attempt, so that a connection cut in the middle of it counts as a failed attempt.</summary>
    public static readonly HttpRequestOptionsKey<bool> Streamed = new("OpsPortal.Aws.Streamed");

    /// <summary>Id of the operator's act, to be found again in CloudTrail. Not said: the trace id.</summary>
    public static readonly HttpRequestOptionsKey<string> Correlation = new("OpsPortal.Aws.Correlation");

    /// <summary>Marks a request; for use where it is made.</summary>
    public static HttpRequestMessage With<T>(this HttpRequestMessage request, HttpRequestOptionsKey<T> key, T value)
    {
        request.Options.Set(key, value);
        return request;
    }
}
