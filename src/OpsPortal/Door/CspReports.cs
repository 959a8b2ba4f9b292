using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Mvc;

namespace OpsPortal.Door;

/// <summary>Where browsers say that a page tried what the policy forbids: a sign of an attack, or of a mistake of ours.</summary>
internal static class CspReports
{
    public const string Path = "/csp-reports";

    private const int Largest = 8 * 1024;
    private const int LongestField = 120;
    private const int MostInOne = 10;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 8 };

    /// <summary>Maps the address. It takes anything small, answers nothing, and writes one short line.</summary>
    public static void MapCspReports(this IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, TakeAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription().WithMetadata(new RequestSizeLimitAttribute(Largest));

    private static async Task<IResult> TakeAsync(HttpContext context, ILoggerFactory loggers)
    {
        try
        {
            using var document = await JsonDocument.ParseAsync(context.Request.Body, Options, context.RequestAborted);
            var logger = loggers.CreateLogger(typeof(CspReports).FullName!);
            foreach (var (directive, blocked, page) in Read(document.RootElement).Take(MostInOne))
            {
                logger.PolicyBroken(directive, blocked, page);
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return Results.StatusCode(StatusCodes.Status400BadRequest);
        }

        return Results.NoContent();
    }

    // Two forms: {"csp-report":{…}} of older browsers, [{"type":"csp-violation","body":{…}}] of newer ones.
    private static IEnumerable<(string Directive, string Blocked, string Page)> Read(JsonElement root)
    {
        if (root.ValueKind == JsonValueKind.Array)
        {
            return root.EnumerateArray().Where(report => report.ValueKind == JsonValueKind.Object && report.TryGetProperty("body", out var body) && body.ValueKind == JsonValueKind.Object)
                .Select(report => report.GetProperty("body")).Select(body => (Field(body, "effectiveDirective"), Place(body, "blockedURL"), Place(body, "documentURL")));
        }

        return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("csp-report", out var old) && old.ValueKind == JsonValueKind.Object
            ? [(Field(old, "effective-directive"), Place(old, "blocked-uri"), Place(old, "document-uri"))]
            : [];
    }

    // A query may carry what belongs to a user.
    private static string Place(JsonElement body, string name) => Field(body, name).Split('?', '#')[0];

    // Anybody can write here: nothing but plain characters reaches the log, and few of them.
    private static string Field(JsonElement body, string name)
    {
        var text = body.TryGetProperty(name, out var field) && field.ValueKind == JsonValueKind.String ? field.GetString()! : "";
        var plain = new StringBuilder();
        foreach (var character in text.Take(LongestField))
        {
            plain.Append(char.IsAsciiLetterOrDigit(character) || "-._~:/?#[]@!$&'()*+,;=%".Contains(character, StringComparison.Ordinal) ? character : '_');
        }

        return plain.ToString();
    }
}
