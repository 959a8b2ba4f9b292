using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OpsPortal.Tests.Kit.Aws;

/// <summary>A request as it came over the wire.</summary>
/// <param name="Target">Path and query exactly as sent.</param>
/// <param name="Headers">In no special order; a name may come more than once.</param>
public sealed record ReceivedRequest(string Method, string Target, IReadOnlyList<(string Name, string Value)> Headers, byte[] Body)
{
    /// <summary>The path as sent.</summary>
    public string Path => Target.Split('?', 2)[0];

    /// <summary>What stands behind the question mark, as sent.</summary>
    public string Query => Target.Split('?', 2) is [_, var query] ? query : "";

    public string Text => System.Text.Encoding.UTF8.GetString(Body);

    /// <summary>The header's value; null when it is not there.</summary>
    public string? Header(string name) =>
        Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => header.Value).FirstOrDefault();

    /// <summary>A parameter of the query, decoded; null when it is not there.</summary>
    public string? Parameter(string name) =>
        Query.Split('&').Select(pair => pair.Split('=', 2)).Where(pair => Uri.UnescapeDataString(pair[0]) == name).Select(pair => Uri.UnescapeDataString(pair[^1])).FirstOrDefault();

    /// <summary>Reads it off the server.</summary>
    public static async Task<ReceivedRequest> ReadAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        return new ReceivedRequest(
            context.Request.Method,
            context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget,
            [.. context.Request.Headers.SelectMany(header => header.Value.Select(value => (header.Key, value ?? "")))],
            body.ToArray());
    }
}
