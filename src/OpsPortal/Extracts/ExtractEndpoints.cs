using OpsPortal.Api;
using OpsPortal.Core.Extracts;
using OpsPortal.Extracts.Merged;
using OpsPortal.SignIn;
using OpsPortal.Tokens;

namespace OpsPortal.Extracts;

/// <summary>What files are wanted.</summary>
/// <param name="Trains">Ids of trains.</param>
/// <param name="From">ISO 8601 with a zone.</param>
/// <param name="To">ISO 8601 with a zone; exclusive.</param>
/// <param name="Sensors">What a merged download is narrowed to; files are handed out whole. Null for all.</param>
internal sealed record MakeExtractRequest(IReadOnlyList<string>? Trains, string? From, string? To, IReadOnlyList<string>? Sensors);

/// <summary>The new extract.</summary>
/// <param name="Token">For <c>Authorization: Bearer</c>: opens this extract's manifest and files and nothing else. Shown this once and kept nowhere.</param>
/// <param name="Manifest">Address of the list of files.</param>
internal sealed record MadeExtractJson(string Id, long Count, long Bytes, string Token, DateTimeOffset EndsAt, string Manifest);

/// <summary>An extract without its token.</summary>
internal sealed record ExtractJson(
    string Id, string Maker, IReadOnlyList<string> Trains, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<string>? Sensors, long Count, long Bytes, DateTimeOffset MadeAt, DateTimeOffset EndsAt,
    DateTimeOffset? TokenMadeAt, DateTimeOffset? WithdrawnAt, string? WithdrawnBy, bool Holds)
{
    public static ExtractJson Of(Extract extract, DateTimeOffset now) => new(
        extract.Id, extract.MakerName, extract.Request.Trains, extract.Request.From, extract.Request.To, extract.Request.Sensors, extract.Count, extract.Bytes, extract.MadeAt, extract.EndsAt,
        extract.TokenMadeAt, extract.WithdrawnAt, extract.WithdrawnBy, extract.HoldsAt(now));
}

internal static class ExtractEndpoints
{
    private const string Tag = "Extracts";

    public static void MapExtracts(this IEndpointRouteBuilder api)
    {
        api.MapGet("/extracts", FindAsync).WithTags(Tag).WithSummary("Your extracts, newest first; for administrators with all=true everybody's.").Produces<ListAnswer<ExtractJson>>().ProducesProblem(StatusCodes.Status403Forbidden);
        api.MapPost("/extracts", MakeAsync).WithTags(Tag).WithSummary("Hands out raw files of trains and a time: as a manifest, and with a token that opens nothing else. Files still written to are closed before.")
            .Produces<MadeExtractJson>(StatusCodes.Status201Created).ProducesValidationProblem();
        api.MapGet("/extracts/size", SizeAsync).WithTags(Tag).WithSummary("How many files and bytes an extract would be. Trains and sensors are separated by commas.").Produces<ExtractSize>().ProducesProblem(StatusCodes.Status403Forbidden);
        api.MapGet("/extracts/{id}", GetAsync).WithTags(Tag).WithSummary("One extract of yours.").Produces<ExtractJson>().ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status410Gone);
        api.MapDelete("/extracts/{id}", WithdrawAsync).WithTags(Tag).WithSummary("Withdraws an extract of yours with its token; administrators withdraw anybody's.").Produces(StatusCodes.Status204NoContent);
        api.MapPost("/extracts/{id}/token", RenewTokenAsync).WithTags(Tag).WithSummary("A new token; the present one opens nothing any more.").Produces<MadeExtractJson>();
        api.MapDelete("/extracts/{id}/token", RevokeTokenAsync).WithTags(Tag).WithSummary("Takes the token away; you yourself may still fetch.").Produces(StatusCodes.Status204NoContent);
        api.MapGet("/extracts/{id}/manifest", ManifestAsync).WithTags(Tag).WithSummary("All files, streamed: as JSON, or with format=csv as CSV.").Produces<ManifestJson>().ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status410Gone);
        api.MapRawFiles();
        api.MapMerged();
        api.MapArchived();
    }

    private static async Task<IResult> FindAsync(HttpContext context, ExtractDesk desk, ExtractGate gate, TimeProvider time, string? all = null)
    {
        if (await gate.RefuseAsync(context) is { } refusal)
        {
            return refusal;
        }

        if (all is not (null or "true" or "false"))
        {
            return Problem.Of("all", "Must be true or false.");
        }

        var now = time.GetUtcNow();
        var extracts = await desk.FindAsync(context.User.ToUser(), all == "true", context.RequestAborted);
        return Results.Ok(new ListAnswer<ExtractJson>([.. extracts.Select(extract => ExtractJson.Of(extract, now))], null, now, null));
    }

    private static async Task<IResult> MakeAsync(MakeExtractRequest? request, HttpContext context, ExtractDesk desk, ExtractGate gate)
    {
        if (await gate.RefuseAsync(context) is { } refusal)
        {
            return refusal;
        }

        var reader = new QueryReader();
        if (ExtractForm.Read(reader, request?.Trains, request?.From, request?.To, request?.Sensors) is not { } wanted)
        {
            return reader.Refusal!;
        }

        var (made, field, wrong) = await desk.MakeAsync(context.User.ToUser(), wanted, CallerTrace.Of(context), context.RequestAborted);
        return made is null ? Problem.Of(field!, wrong!) : Results.Created($"/api/extracts/{made.Extract.Id}", Json(context, made));
    }

    private static async Task<IResult> SizeAsync(HttpContext context, ExtractDesk desk, ExtractGate gate, string? trains = null, string? from = null, string? to = null, string? sensors = null)
    {
        if (await gate.RefuseAsync(context) is { } refusal)
        {
            return refusal;
        }

        var reader = new QueryReader();
        return ExtractForm.Read(reader, ExtractForm.Names(trains), from, to, ExtractForm.Names(sensors)) is { } wanted
            ? Results.Ok(await desk.SizeAsync(context.User.ToUser(), wanted, context.RequestAborted))
            : reader.Refusal!;
    }

    private static async Task<IResult> GetAsync(string id, HttpContext context, ExtractGate gate, TimeProvider time)
    {
        var (extract, refusal) = await gate.OpenAsync(context, id);
        return extract is null ? refusal! : Results.Ok(ExtractJson.Of(extract, time.GetUtcNow()));
    }

    private static async Task<IResult> WithdrawAsync(string id, HttpContext context, ExtractDesk desk, ExtractGate gate) =>
        await gate.RefuseAsync(context) ?? Done(await desk.WithdrawAsync(context.User.ToUser(), id, CallerTrace.Of(context), context.RequestAborted));

    private static async Task<IResult> RenewTokenAsync(string id, HttpContext context, ExtractDesk desk, ExtractGate gate)
    {
        if (await gate.RefuseAsync(context) is { } refusal)
        {
            return refusal;
        }

        return await desk.RenewTokenAsync(context.User.ToUser(), id, CallerTrace.Of(context), context.RequestAborted) is { } made ? Results.Ok(Json(context, made)) : Done(false);
    }

    private static async Task<IResult> RevokeTokenAsync(string id, HttpContext context, ExtractDesk desk, ExtractGate gate) =>
        await gate.RefuseAsync(context) ?? Done(await desk.RevokeTokenAsync(context.User.ToUser(), id, CallerTrace.Of(context), context.RequestAborted));

    private static async Task<IResult> ManifestAsync(string id, HttpContext context, ExtractDesk desk, ExtractGate gate, IExtractStore store, string? format = null)
    {
        var (extract, refusal) = await gate.OpenAsync(context, id);
        if (extract is null)
        {
            return refusal!;
        }

        if (format is not (null or "json" or "csv"))
        {
            return Problem.Of("format", "Must be json or csv.");
        }

        var user = context.User.ToUser();
        await desk.NoteReadingAsync(user, extract, CallerTrace.Of(context), context.RequestAborted);
        var writer = new ManifestWriter(store, extract, user.Scope, Address(context, id));
        await (format == "csv" ? writer.WriteCsvAsync(context.Response, context.RequestAborted) : writer.WriteJsonAsync(context.Response, context.RequestAborted));
        return Results.Empty;
    }

    private static MadeExtractJson Json(HttpContext context, MadeExtract made) =>
        new(made.Extract.Id, made.Extract.Count, made.Extract.Bytes, made.Token, made.Extract.EndsAt, $"{Address(context, made.Extract.Id)}/manifest");

    private static string Address(HttpContext context, string id) => $"{ExtractGate.Portal(context)}/api/extracts/{id}";

    private static IResult Done(bool done) => done ? Results.NoContent() : Problem.Of(StatusCodes.Status404NotFound, "There is no such extract.", "id");
}
