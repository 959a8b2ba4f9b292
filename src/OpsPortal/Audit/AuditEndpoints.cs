using System.Globalization;
using System.Text;
using OpsPortal.Api;
using OpsPortal.Core.Audit;
using OpsPortal.Door;
using OpsPortal.SignIn;
using OpsPortal.Tokens;

namespace OpsPortal.Audit;

internal static class AuditEndpoints
{
    private const int Piece = 1_000;

    public static void MapAudit(this IEndpointRouteBuilder api)
    {
        api.MapGet("/audit", FindAsync).WithTags("Audit").WithSummary("Who did what, newest first; for administrators. Texts are compared as a whole.").Produces<ListAnswer<AuditRowJson>>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status403Forbidden);
        api.MapGet("/audit/download", DownloadAsync).WithTags("Audit").WithSummary("The same as CSV, all of it, newest first.").Produces<string>(StatusCodes.Status200OK, "text/csv").ProducesValidationProblem().ProducesProblem(StatusCodes.Status403Forbidden);
        api.MapGet("/audit/verify", VerifyAsync).WithTags("Audit").WithSummary("Whether the audit is what was written: intact, or where and how it is broken.").Produces<AuditVerdictJson>().ProducesProblem(StatusCodes.Status403Forbidden);
    }

    private static async Task<IResult> FindAsync(
        HttpContext context, AuditDesk desk, Refusals refusals, TimeProvider time,
        string? who = null, string? act = null, string? on = null, string? outcome = null, string? correlation = null, string? from = null, string? to = null, string? limit = null, string? after = null)
    {
        if (!AuditDesk.Lets(context.User.FindUser()))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, AuditDesk.MayNot);
        }

        var reader = new QueryReader();
        var count = reader.Limit(limit);
        var query = Read(reader, who, act, on, outcome, correlation, from, to) with { Before = Place(reader, after), Limit = count + 1 };
        if (reader.Refusal is { } refusal)
        {
            return refusal;
        }

        var asOf = time.GetUtcNow();
        return Results.Ok(ListAnswer<AuditRowJson>.Of(await desk.FindAsync(query, context.RequestAborted), count, asOf, AuditRowJson.Of, last => QueryReader.Cursor("audit", last.Number.ToString(CultureInfo.InvariantCulture))));
    }

    private static async Task<IResult> DownloadAsync(
        HttpContext context, AuditDesk desk, Refusals refusals, TimeProvider time,
        string? who = null, string? act = null, string? on = null, string? outcome = null, string? correlation = null, string? from = null, string? to = null)
    {
        var user = context.User.ToUser();
        if (!AuditDesk.Lets(user))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, AuditDesk.MayNot);
        }

        var reader = new QueryReader();
        var query = Read(reader, who, act, on, outcome, correlation, from, to);
        if (reader.Refusal is { } refusal)
        {
            return refusal;
        }

        // The first piece before the answer begins: a store that cannot be read is said with a status, not with half a file.
        var first = await desk.FindAsync(query, context.RequestAborted);
        await desk.NoteAsync(user, "downloadAudit", "ok", context.Request.QueryString.Value is { Length: > 1 } asked ? asked : null, CallerTrace.Of(context), context.RequestAborted);
        var name = string.Create(CultureInfo.InvariantCulture, $"audit-{time.GetUtcNow().UtcDateTime:yyyy-MM-dd'T'HHmmss'Z'}.csv");
        return Results.Stream(body => WriteAsync(body, desk, query, first, context.RequestAborted), "text/csv; charset=utf-8", name);
    }

    private static async Task<IResult> VerifyAsync(HttpContext context, AuditDesk desk, Refusals refusals, TimeProvider time)
    {
        var user = context.User.ToUser();
        return AuditDesk.Lets(user)
            ? Results.Ok(AuditVerdictJson.Of(await desk.VerifyAsync(user, CallerTrace.Of(context), null, context.RequestAborted), time.GetUtcNow()))
            : await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, AuditDesk.MayNot);
    }

    private static AuditQuery Read(QueryReader reader, string? who, string? act, string? on, string? outcome, string? correlation, string? from, string? to)
    {
        var range = reader.ListRange(from, to);
        return new AuditQuery(reader.Text("who", who), reader.Text("act", act), reader.Text("on", on), reader.Text("outcome", outcome), reader.Text("correlation", correlation), range.From, range.To, null, Piece);
    }

    private static long? Place(QueryReader reader, string? after)
    {
        if (reader.PlaceById("audit", after) is not { } text || reader.Refusal is not null)
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        reader.Refuse("after", "Must be the \"next\" of an earlier answer to the same question.");
        return null;
    }

    // Piece by piece, oldest last: rows that come meanwhile move nothing.
    private static async Task WriteAsync(Stream body, AuditDesk desk, AuditQuery query, IReadOnlyList<AuditRow> rows, CancellationToken cancellationToken)
    {
        await body.WriteAsync(Encoding.UTF8.GetBytes(AuditCsv.Header), cancellationToken);
        while (rows.Count > 0)
        {
            await body.WriteAsync(Encoding.UTF8.GetBytes(string.Concat(rows.Select(AuditCsv.Line))), cancellationToken);
            rows = rows.Count < Piece ? [] : await desk.FindAsync(query with { Before = rows[^1].Number }, cancellationToken);
        }
    }
}
