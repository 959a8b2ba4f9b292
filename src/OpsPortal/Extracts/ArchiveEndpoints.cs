using System.Globalization;
using OpsPortal.Api;
using OpsPortal.Core.Extracts;
using OpsPortal.SignIn;
using OpsPortal.Tokens;

namespace OpsPortal.Extracts;

/// <summary>How files are to be brought back from the archive.</summary>
/// <param name="Speed">standard, bulk or expedited; null for what the portal is configured for.</param>
/// <param name="After">Begin after the file of this number; null for the first.</param>
internal sealed record RestoreRequest(string? Speed, string? After);

/// <summary>One archived file.</summary>
/// <param name="Availability">available, archived, restoring, gone or denied.</param>
/// <param name="Until">Until when a restored copy is there.</param>
/// <param name="Reason">Why it cannot be had, with what helps; null when it can.</param>
internal sealed record ArchivedFileJson(long Number, string Key, long Bytes, string StorageClass, RawFileAvailability Availability, DateTimeOffset? Until, string? Reason)
{
    public static ArchivedFileJson Of(ArchivedFile found) => new(
        found.File.Number, found.File.Key, found.File.Bytes, found.File.StorageClass, found.State?.Availability ?? RawFileAvailability.Gone, found.State?.Until,
        found.State is null ? "The file is not there any more." : found.State.Reason);
}

/// <summary>The archive of S3's Glacier classes: what of an extract lies in it, and how it comes back.</summary>
internal static class ArchiveEndpoints
{
    private const string Tag = "Extracts";

    public static void MapArchived(this IEndpointRouteBuilder api)
    {
        api.MapGet("/extracts/{id}/archived", FindAsync).WithTags(Tag).WithSummary("Files of the extract that lie in an archive's storage class, each as S3 says it is now: archived, restoring, or available until a time.")
            .Produces<ListAnswer<ArchivedFileJson>>().ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status410Gone);
        api.MapPost("/extracts/{id}/restore", RestoreAsync).WithTags(Tag).WithSummary("Asks for archived files to be brought back, up to 200 at once; next says where to go on. Answers with their states afterwards.")
            .Produces<ListAnswer<ArchivedFileJson>>(StatusCodes.Status202Accepted).ProducesValidationProblem().ProducesProblem(StatusCodes.Status410Gone);
    }

    private static async Task<IResult> FindAsync(string id, HttpContext context, ArchiveDesk desk, ExtractGate gate, TimeProvider time, string? after = null, string? limit = null)
    {
        var (extract, refusal) = await gate.OpenAsync(context, id);
        if (extract is null)
        {
            return refusal!;
        }

        var reader = new QueryReader();
        var (place, most) = (Place(reader, after), reader.Limit(limit));
        if (reader.Refusal is { } wrong)
        {
            return wrong;
        }

        var found = await desk.FindAsync(context.User.ToUser(), extract, place, most + 1, context.RequestAborted);
        return Results.Ok(ListAnswer<ArchivedFileJson>.Of(found, most, time.GetUtcNow(), ArchivedFileJson.Of, Cursor));
    }

    private static async Task<IResult> RestoreAsync(string id, RestoreRequest? request, HttpContext context, ArchiveDesk desk, ExtractGate gate, TimeProvider time)
    {
        var (extract, refusal) = await gate.OpenAsync(context, id);
        if (extract is null)
        {
            return refusal!;
        }

        var reader = new QueryReader();
        var (place, speeds) = (Place(reader, request?.After), reader.Words<RestoreSpeed>("speed", request?.Speed));
        if (speeds?.Count > 1)
        {
            reader.Refuse("speed", "Must be one of standard, bulk, expedited.");
        }

        if (reader.Refusal is { } wrong)
        {
            return wrong;
        }

        var asked = await desk.RestoreAsync(context.User.ToUser(), extract, speeds?.Single(), place, CallerTrace.Of(context), context.RequestAborted);
        var next = asked.Count == ArchiveDesk.AtOnce ? Cursor(asked[^1]) : null;
        return Results.Json(
            new ListAnswer<ArchivedFileJson>([.. asked.Select(ArchivedFileJson.Of)], next, time.GetUtcNow(), next is null ? null : $"The first {ArchiveDesk.AtOnce} are asked for; ask again with after={next} for more."),
            statusCode: StatusCodes.Status202Accepted);
    }

    private static long Place(QueryReader reader, string? after)
    {
        if (after is null)
        {
            return 0;
        }

        if (long.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        reader.Refuse("after", "Must be the \"next\" of an earlier answer to the same question.");
        return 0;
    }

    private static string Cursor(ArchivedFile found) => found.File.Number.ToString(CultureInfo.InvariantCulture);
}
