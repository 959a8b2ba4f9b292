using System.Diagnostics;

namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>Says in the user agent who asks and on account of which act: CloudTrail keeps the user agent of every entry.</summary>
internal sealed class CorrelationHandler : DelegatingHandler
{
    private static readonly string Product = $"OpsPortal/{typeof(CorrelationHandler).Assembly.GetName().Version!.ToString(2)}";

    // For requests that belong to no act: all of one process.
    private readonly string _process = Guid.NewGuid().ToString("N");

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var id = request.Options.TryGetValue(AwsRequest.Correlation, out var given) ? given : Activity.Current?.TraceId.ToHexString() ?? _process;
        request.Headers.Remove("User-Agent");
        request.Headers.TryAddWithoutValidation("User-Agent", $"{Product} correlation/{StrictUri.Encode(id)}");
        return base.SendAsync(request, cancellationToken);
    }
}
