using System.Text.Json;
using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Core.Warehouse;
using OpsPortal.Door;
using OpsPortal.SignIn;
using OpsPortal.Tokens;
using OpsPortal.Workbench.Unload;

namespace OpsPortal.Workbench;

internal static class QueryEndpoints
{
    public const string MayNot = "Your role may not run queries; a personal token never may. Engineers, data scientists and administrators do.";

    public const string NotThere = "There is no such query: results are kept for a while, and not over a restart. Run it again.";

    private const long MostRowsOfPage = 10_000;

    public static void MapQueries(this IEndpointRouteBuilder api)
    {
        api.MapPost("/queries", AskAsync).WithTags("Workbench").WithSummary("Takes a query and runs it in the background; 400 with reason and position when it is no single query.")
            .Produces<AskedQueryJson>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status429TooManyRequests);
        api.MapPost("/queries/estimate", EstimateAsync).WithTags("Workbench").WithSummary("What a query would read, by the warehouse's own plan, without running it.")
            .Produces<QueryEstimateJson>().ProducesProblem(StatusCodes.Status400BadRequest).ProducesProblem(StatusCodes.Status429TooManyRequests);
        api.MapGet("/queries", FindAllAsync).WithTags("Workbench").WithSummary("Your queries that are kept, newest first.").Produces<ListAnswer<QueryJson>>().ProducesProblem(StatusCodes.Status403Forbidden);
        api.MapGet("/queries/{id}", FindAsync).WithTags("Workbench").WithSummary("A query of yours and how far it is.").Produces<QueryJson>().ProducesProblem(StatusCodes.Status404NotFound);
        api.MapDelete("/queries/{id}", CancelAsync).WithTags("Workbench").WithSummary("Cancels a query on the server; forgets one that has ended.").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapGet("/queries/{id}/rows", RowsAsync).WithTags("Workbench").WithSummary("Its rows: json (all that are kept, or a page by from and limit), csv or ndjson (the whole result, streamed).")
            .Produces<QueryRowsJson>(StatusCodes.Status200OK, "application/json").ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapGet("/warehouse/schema", SchemaAsync).WithTags("Workbench").WithSummary("Tables and columns you may ask for, and in which SQL.").Produces<SchemaJson>().ProducesProblem(StatusCodes.Status403Forbidden);
        api.MapGet("/warehouse/running", RunningAsync).WithTags("Workbench").WithSummary("Your statements that the warehouse itself says are running now.").Produces<ListAnswer<RunningStatement>>().ProducesProblem(StatusCodes.Status403Forbidden);
        api.MapGet("/warehouse/starters", StartersAsync).WithTags("Workbench").WithSummary("Queries to begin with.").Produces<StartersJson>().ProducesProblem(StatusCodes.Status403Forbidden);
    }

    private static async Task<IResult> StartersAsync(HttpContext context, IWarehouse warehouse, Refusals refusals) =>
        context.User.ToUser().May(Verb.RunQueries)
            ? Results.Ok(new StartersJson(warehouse.Dialect, StarterQueries.Of(warehouse.Dialect)))
            : await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, MayNot);

    private static async Task<IResult> RunningAsync(HttpContext context, IWarehouse warehouse, Refusals refusals, TimeProvider time)
    {
        var user = context.User.ToUser();
        if (!user.May(Verb.RunQueries))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, MayNot);
        }

        try
        {
            return Results.Ok(new ListAnswer<RunningStatement>(await warehouse.FindRunningAsync(user, context.RequestAborted), null, time.GetUtcNow(), null));
        }
        catch (WarehouseDeniedException e)
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, e.Message);
        }
    }

    private static async Task<IResult> AskAsync(AskQueryRequest? request, HttpContext context, QueryDesk desk, QueryGuard guard, Refusals refusals)
    {
        var user = context.User.ToUser();
        var (query, no) = await ReadAsync(request?.Sql, request?.Parameters, context, guard, refusals);
        if (query is null)
        {
            return no!;
        }

        var isOverride = request!.Override == true;
        if (isOverride && !user.May(Verb.OverrideQueryGuard))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, QueryGuard.MayNotOverride);
        }

        try
        {
            // What is no query is refused as such, before anything asks what it would cost.
            QueryText.Read(query.Text).CheckValues(query.Parameters);
            var over = await guard.FindOverAsync(user, query, context.RequestAborted);
            if (over is not null && !isOverride)
            {
                return await OverAsync(over, context, guard, refusals);
            }

            var (job, tooMany) = await desk.AskAsync(user, query, over is null ? null : guard.Words(over), CallerTrace.Of(context), context.RequestAborted);
            return job is null ? Problem.Of(StatusCodes.Status429TooManyRequests, tooMany!) : Results.Accepted($"/api/queries/{job.Id}", new AskedQueryJson(job.Id));
        }
        catch (QueryRefusedException e)
        {
            return Refused(e.Message, e.Position);
        }
    }

    /// <summary>The guard's no, with the estimate.</summary>
    public static async Task<IResult> OverAsync(QueryEstimate over, HttpContext context, QueryGuard guard, Refusals refusals)
    {
        var why = guard.Words(over);
        var remedy = context.User.ToUser().May(Verb.OverrideQueryGuard) ? "Ask for less, or run it anyway (override)." : QueryGuard.MayNotOverride;
        await refusals.NoteAsync(context, why);
        return Problem.Of(StatusCodes.Status409Conflict, $"{char.ToUpperInvariant(why[0])}{why[1..]}. {remedy}", "sql", QueryEstimateJson.Of(over, guard));
    }

    private static async Task<IResult> EstimateAsync(EstimateQueryRequest? request, HttpContext context, IWarehouse warehouse, QueryAudit audit, QueryGuard guard, Refusals refusals)
    {
        var (query, no) = await ReadAsync(request?.Sql, request?.Parameters, context, guard, refusals);
        if (query is null)
        {
            return no!;
        }

        try
        {
            var user = context.User.ToUser();
            QueryText.Read(query.Text).CheckValues(query.Parameters);
            await audit.EstimatedAsync(user, query, CallerTrace.Of(context), context.RequestAborted);
            return Results.Ok(QueryEstimateJson.Of(await warehouse.EstimateAsync(user, query, context.RequestAborted), guard));
        }
        catch (QueryRefusedException e)
        {
            return Refused(e.Message, e.Position);
        }
        catch (QueryFailedException e)
        {
            return Refused(e.Message, e.Position);
        }
        catch (QueryCutException e)
        {
            return Problem.Of(StatusCodes.Status503ServiceUnavailable, e.Message);
        }
        catch (WarehouseDeniedException e)
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, e.Message);
        }
    }

    private static async Task<(WarehouseQuery? Query, IResult? No)> ReadAsync(string? sql, IReadOnlyDictionary<string, QueryValue?>? parameters, HttpContext context, QueryGuard guard, Refusals refusals)
    {
        var user = context.User.ToUser();
        if (!user.May(Verb.RunQueries))
        {
            return (null, await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, MayNot));
        }

        var (values, wrong) = QueryValue.Read(parameters);
        if (string.IsNullOrWhiteSpace(sql))
        {
            wrong["sql"] = ["Must hold a query, such as SELECT * FROM trains."];
        }

        if (wrong.Count > 0)
        {
            return (null, Problem.Of(wrong));
        }

        if (guard.TooFast(user) is { } tooFast)
        {
            context.Response.Headers.RetryAfter = "10";
            return (null, Problem.Of(StatusCodes.Status429TooManyRequests, tooFast));
        }

        return (new WarehouseQuery(sql!, values), null);
    }

    private static async Task<IResult> FindAllAsync(HttpContext context, QueryDesk desk, UnloadDesk unloads, Refusals refusals, TimeProvider time)
    {
        var user = context.User.ToUser();
        if (!user.May(Verb.RunQueries))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, MayNot);
        }

        var now = time.GetUtcNow();
        return Results.Ok(new ListAnswer<QueryJson>([.. desk.FindAll(user).Select(job => QueryJson.Of(job, desk.Options, now, unloads.Find(user, job.Id) is not null))], null, now, null));
    }

    private static async Task<IResult> FindAsync(string id, HttpContext context, QueryDesk desk, UnloadDesk unloads, Refusals refusals, TimeProvider time)
    {
        var (job, no) = await OwnAsync(id, context, desk, refusals);
        return job is null ? no! : Results.Ok(QueryJson.Of(job, desk.Options, time.GetUtcNow(), unloads.Find(context.User.ToUser(), id) is not null));
    }

    private static async Task<IResult> CancelAsync(string id, HttpContext context, QueryDesk desk, Refusals refusals)
    {
        var (job, no) = await OwnAsync(id, context, desk, refusals);
        if (job is null)
        {
            return no!;
        }

        await desk.CancelAsync(job);
        return Results.NoContent();
    }

    private static async Task<IResult> RowsAsync(string id, HttpContext context, QueryDesk desk, QueryDownload download, Refusals refusals, string? format = null, string? from = null, string? limit = null)
    {
        var (job, no) = await OwnAsync(id, context, desk, refusals);
        if (job is null)
        {
            return no!;
        }

        var wrong = new Dictionary<string, string[]>();
        RowFormat? wanted = format switch { null or "json" => RowFormat.Json, "csv" => RowFormat.Csv, "ndjson" => RowFormat.Ndjson, _ => null };
        var isPage = from is not null || limit is not null;
        var (start, most) = (RowPlace.Read(from, 0, 0, long.MaxValue), RowPlace.Read(limit, isPage ? 500 : desk.Options.ScreenRows, 1, MostRowsOfPage > desk.Options.ScreenRows || !isPage ? desk.Options.ScreenRows : MostRowsOfPage));
        Note(wrong, wanted is null, "format", "Must be json, csv or ndjson.");
        Note(wrong, start is null, "from", "Must be a row's number, from 0.");
        Note(wrong, most is null, "limit", $"Must be a whole number from 1 to {Math.Min(MostRowsOfPage, desk.Options.ScreenRows)}.");
        Note(wrong, isPage && wanted is RowFormat.Csv or RowFormat.Ndjson, "format", "Must be json with from and limit; csv and ndjson are always the whole result.");
        if (wrong.Count > 0)
        {
            return Problem.Of(wrong);
        }

        return wanted == RowFormat.Json ? new RowsPage(job, start!.Value, most!.Value) : Whole(job, context.User.ToUser(), desk, download, wanted!.Value);
    }

    private static IResult Whole(QueryJob job, User user, QueryDesk desk, QueryDownload download, RowFormat format)
    {
        var progress = job.Progress;
        if (progress.State != QueryState.Succeeded)
        {
            return Problem.Of(StatusCodes.Status409Conflict, job.HasEnded ? "The query came to no whole result; there is nothing to download." : "The query has not ended yet; its first rows can be read as json.");
        }

        // Taken here, where it can still be refused.
        var (place, tooMany) = progress.Cut is null ? default : desk.TakeDownload(user);
        if (tooMany is not null)
        {
            return Problem.Of(StatusCodes.Status429TooManyRequests, tooMany);
        }

        return new WholeResult(context => download.WriteAsync(context, job, user, format, desk.Options, place));
    }

    private static async Task<IResult> SchemaAsync(HttpContext context, IWarehouse warehouse, Refusals refusals)
    {
        var user = context.User.ToUser();
        if (!user.May(Verb.RunQueries))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, MayNot);
        }

        try
        {
            var tables = await warehouse.DescribeAsync(user, context.RequestAborted);
            return Results.Ok(new SchemaJson(warehouse.Dialect, [.. tables.Select(TableJson.Of)]));
        }
        catch (WarehouseDeniedException e)
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, e.Message);
        }
    }

    private static async Task<(QueryJob? Job, IResult? No)> OwnAsync(string id, HttpContext context, QueryDesk desk, Refusals refusals)
    {
        var user = context.User.ToUser();
        if (!user.May(Verb.RunQueries))
        {
            return (null, await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, MayNot));
        }

        return desk.Find(user, id) is { } job ? (job, null) : (null, Problem.Of(StatusCodes.Status404NotFound, NotThere, "id"));
    }

    private static IResult Refused(string reason, int? position) => Results.Problem(
        reason,
        statusCode: StatusCodes.Status400BadRequest,
        title: "The query cannot be run as it is.",
        extensions: new Dictionary<string, object?> { ["errors"] = new Dictionary<string, string[]> { ["sql"] = [reason] }, ["reason"] = reason, ["position"] = position });

    private static void Note(Dictionary<string, string[]> wrong, bool isWrong, string field, string why)
    {
        if (isWrong)
        {
            wrong[field] = [why];
        }
    }

    private sealed class WholeResult(Func<HttpContext, Task> write) : IResult
    {
        public Task ExecuteAsync(HttpContext httpContext) => write(httpContext);
    }

    // Rows are JSON already: they go from the file into the answer as they are.
    private sealed class RowsPage(QueryJob job, long from, long most) : IResult
    {
        private const int FlushAt = 64 * 1024;

        public async Task ExecuteAsync(HttpContext httpContext)
        {
            var (progress, count) = (job.Progress, job.Spool.Rows);
            httpContext.Response.ContentType = "application/json; charset=utf-8";
            using var writer = new Utf8JsonWriter(httpContext.Response.BodyWriter, new JsonWriterOptions { SkipValidation = true });
            writer.WriteStartObject();
            writer.WritePropertyName("columns");
            JsonSerializer.Serialize(writer, ColumnJson.Of(progress.Columns ?? []), WireJson.Options);
            writer.WriteNumber("from", from);
            writer.WriteNumber("count", count);
            writer.WriteString("state", WireJson.Word(progress.State));
            writer.WriteString("cut", progress.Cut);
            writer.WriteStartArray("rows");
            await foreach (var row in job.Spool.ReadAsync(from, Math.Min(most, Math.Max(0, count - from)), httpContext.RequestAborted))
            {
                writer.WriteRawValue(row.Span, skipInputValidation: true);
                if (writer.BytesPending >= FlushAt)
                {
                    await writer.FlushAsync(httpContext.RequestAborted);
                }
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
            await writer.FlushAsync(httpContext.RequestAborted);
        }
    }
}
