using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Core.Reports;
using OpsPortal.Core.Warehouse;
using OpsPortal.Door;
using OpsPortal.SignIn;
using OpsPortal.Tokens;

namespace OpsPortal.Reports;

internal static class ReportEndpoints
{
    private const string Tag = "Reports";

    public static void MapReports(this IEndpointRouteBuilder api)
    {
        api.MapGet("/reports", FindAllAsync).WithTags(Tag).WithSummary("Reports that can be asked for.").Produces<ListAnswer<ReportKindJson>>().ProducesProblem(StatusCodes.Status403Forbidden);
        api.MapGet("/reports/{name}", GetAsync).WithTags(Tag)
            .WithSummary("A report over the trains inside your scope: the last 7 days, or from and to (at most 366 days); days and months begin in zone (UTC unless given). format=csv gives one line for each value.")
            .Produces<ReportJson>().ProducesProblem(StatusCodes.Status403Forbidden).ProducesValidationProblem();
        api.MapDashboard();
    }

    private static async Task<IResult> FindAllAsync(HttpContext context, Refusals refusals, TimeProvider time) =>
        context.User.ToUser().May(Verb.ReadReports)
            ? Results.Ok(new ListAnswer<ReportKindJson>([.. ReportKind.All.Select(ReportKindJson.Of)], null, time.GetUtcNow(), null))
            : await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, ReportDesk.MayNot);

    private static async Task<IResult> GetAsync(
        string name, HttpContext context, ReportDesk desk, Refusals refusals, ILogger<ReportDesk> logger,
        string? from = null, string? to = null, string? line = null, string? @class = null, string? train = null, string? zone = null, string? format = null)
    {
        var user = context.User.ToUser();
        if (!user.May(Verb.ReadReports))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, ReportDesk.MayNot);
        }

        if (ReportKind.Find(name) is not { } kind)
        {
            return Problem.Of(StatusCodes.Status404NotFound, $"There is no such report; there are {string.Join(", ", ReportKind.All.Select(known => known.Name))}.", "name");
        }

        var reader = new QueryReader();
        if (format is not (null or "json" or "csv"))
        {
            reader.Refuse("format", "Must be json or csv.");
        }

        if (ReportForm.Read(reader, desk.Maker, from, to, line, @class, train, zone) is not { } question)
        {
            return reader.Refusal!;
        }

        try
        {
            return await AnswerAsync(context, desk, user, await desk.MakeAsync(user, kind, question, context.RequestAborted), format == "csv");
        }
        catch (WarehouseDeniedException e)
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, e.Message);
        }
        catch (QueryCutException e)
        {
            return Problem.Of(StatusCodes.Status503ServiceUnavailable, $"The report could not be made in time ({e.Message.TrimEnd('.')}). Choose a shorter period, or one train.");
        }
        catch (QueryFailedException e)
        {
            logger.NotAnswered(kind.Name, e);
            return Problem.Of(StatusCodes.Status503ServiceUnavailable, "The warehouse cannot answer what reports ask: its tables may be older than this portal. An administrator finds the reason in the log.");
        }
    }

    private static async Task<IResult> AnswerAsync(HttpContext context, ReportDesk desk, User user, MadeReport made, bool asCsv)
    {
        if (!asCsv)
        {
            return Results.Ok(ReportJson.Of(made.Report, made.Facts, made.Stale));
        }

        await desk.NoteDownloadAsync(user, made.Report, CallerTrace.Of(context), context.RequestAborted);
        context.Response.Headers.ContentDisposition = $"attachment; filename=\"{ReportCsv.FileName(made.Report, made.Stale)}\"";
        return Results.Text(ReportCsv.Of(made.Report, made.Stale), "text/csv", System.Text.Encoding.UTF8);
    }
}
