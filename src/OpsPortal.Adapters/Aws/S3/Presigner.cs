using OpsPortal.Adapters.Aws.Signing;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>Signs an address for one object: GET, until its end, saved and never shown. No input or output.</summary>
internal static class Presigner
{
    // S3 does not know what a browser will send with it.
    private const string NoPayloadHash = "UNSIGNED-PAYLOAD";

    // The address must go out as it was signed.
    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <param name="key">With the prefix.</param>
    /// <param name="at">Now, by the service's clock.</param>
    /// <param name="lasts">Whole seconds.</param>
    public static Uri Get(S3Place place, string key, AwsKeys keys, DateTimeOffset at, TimeSpan lasts, string disposition, string contentType)
    {
        var (host, path) = place.AddressOf(key);
        var date = SigV4.Date(at);
        var parameters = SigV4.AddressParameters(keys, AwsService.S3, place.Region, date, lasts)
            .Append(("response-content-disposition", disposition))
            .Append(("response-content-type", contentType));
        var query = string.Join('&', parameters.Select(parameter => $"{parameter.Item1}={StrictUri.Encode(parameter.Item2)}"));
        var canonical = CanonicalRequest.Create(AwsService.S3, "GET", path, query, [("host", host)], NoPayloadHash);
        var signature = SigV4.Signature(keys, AwsService.S3, place.Region, date, canonical);
        return new Uri($"{place.Endpoint.Scheme}://{host}{path}?{query}&X-Amz-Signature={signature}", AsIs);
    }
}
