using Microsoft.Net.Http.Headers;
using OpsPortal.Api;
using OpsPortal.Core.Extracts;
using OpsPortal.Door;
using OpsPortal.SignIn;
using OpsPortal.Tokens;

namespace OpsPortal.Extracts.Merged;

internal static class MergedEndpoints
{
    private const string Tag = "Extracts";
    private const string NotThere = "There is no such merged download: one is kept for a while, and only for whoever asked for it, while they may see the same as then. Ask for it anew.";

    public static void MapMerged(this IEndpointRouteBuilder api)
    {
        api.MapGet("/extracts/merged", FindAsync).WithTags(Tag).WithSummary("Your merged downloads, newest first.").Produces<ListAnswer<MergedJson>>().ProducesProblem(StatusCodes.Status403Forbidden);
        api.MapPost("/extracts/{id}/merged", AskAsync).WithTags(Tag).WithSummary("Makes one gzip file of the extract's trains, time and sensors in the background: NDJSON, a message a line, or CSV, a reading a line. In the order of the manifest.")
            .Produces<MergedJson>(StatusCodes.Status202Accepted).ProducesValidationProblem().ProducesProblem(StatusCodes.Status410Gone).ProducesProblem(StatusCodes.Status429TooManyRequests);
        api.MapGet("/extracts/{id}/merged/{job}", GetAsync).WithTags(Tag).WithSummary("How far a merged download of yours is.").Produces<MergedJson>().ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status410Gone);
        api.MapDelete("/extracts/{id}/merged/{job}", CancelAsync).WithTags(Tag).WithSummary("Cancels a merged download and removes what is written of it; forgets one that has ended.").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
        api.MapPost("/extracts/{id}/merged/{job}/resume", ResumeAsync).WithTags(Tag).WithSummary("Goes on with one that failed, where it was.").Produces<MergedJson>(StatusCodes.Status202Accepted).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapGet("/extracts/{id}/merged/{job}/file", FileAsync).WithTags(Tag).WithSummary("Its bytes, with ranges; Repr-Digest and ETag say their SHA-256.")
            .Produces<byte[]>(StatusCodes.Status200OK, Attachment.RawFileType).ProducesProblem(StatusCodes.Status403Forbidden).ProducesProblem(StatusCodes.Status409Conflict).ProducesProblem(StatusCodes.Status410Gone);
    }

    private static async Task<IResult> FindAsync(HttpContext context, MergedDesk desk, ExtractGate gate, TimeProvider time) =>
        await gate.RefuseAsync(context)
        ?? Results.Ok(new ListAnswer<MergedJson>([.. desk.FindAll(context.User.ToUser()).Select(job => MergedJson.Of(job, desk.Options))], null, time.GetUtcNow(), null));

    private static async Task<IResult> AskAsync(string id, AskMergedRequest? request, HttpContext context, MergedDesk desk, ExtractGate gate)
    {
        var (extract, refusal) = await gate.OpenAsync(context, id);
        if (extract is null)
        {
            return refusal!;
        }

        MergedFormat? format = request?.Format switch { "ndjson" => MergedFormat.Ndjson, "csv" => MergedFormat.Csv, _ => null };
        if (format is null)
        {
            return Problem.Of("format", "Must be ndjson (a message a line, as received) or csv (a reading a line).");
        }

        var (job, tooMany) = await desk.AskAsync(context.User.ToUser(), extract, format.Value, CallerTrace.Of(context), context.RequestAborted);
        return job is null ? Problem.Of(StatusCodes.Status429TooManyRequests, tooMany!) : Accepted(job, desk);
    }

    private static async Task<IResult> GetAsync(string id, string job, HttpContext context, MergedDesk desk, ExtractGate gate)
    {
        var (found, refusal) = await OpenAsync(context, desk, gate, id, job);
        return found is null ? refusal! : Results.Ok(MergedJson.Of(found, desk.Options));
    }

    // Also of an extract that holds no more: what is written must be removable.
    private static async Task<IResult> CancelAsync(string id, string job, HttpContext context, MergedDesk desk, ExtractGate gate)
    {
        if (await gate.RefuseAsync(context) is { } refusal)
        {
            return refusal;
        }

        var user = context.User.ToUser();
        if (desk.Find(user, id, job) is not { } found)
        {
            return Problem.Of(StatusCodes.Status404NotFound, NotThere, "job");
        }

        await desk.CancelAsync(found, user, CallerTrace.Of(context), context.RequestAborted);
        return Results.NoContent();
    }

    private static async Task<IResult> ResumeAsync(string id, string job, HttpContext context, MergedDesk desk, ExtractGate gate)
    {
        var (found, refusal) = await OpenAsync(context, desk, gate, id, job);
        if (found is null)
        {
            return refusal!;
        }

        return await desk.ResumeAsync(found, context.User.ToUser(), CallerTrace.Of(context), context.RequestAborted)
            ? Accepted(found, desk)
            : Problem.Of(StatusCodes.Status409Conflict, "It has not failed: there is nothing to go on with.", "job", WireJson.Word(found.Progress.State));
    }

    private static async Task<IResult> FileAsync(string id, string job, HttpContext context, MergedDesk desk, ExtractGate gate, MergedHandout handout, Refusals refusals)
    {
        var (found, refusal) = await OpenAsync(context, desk, gate, id, job);
        if (found is null)
        {
            return refusal!;
        }

        if (found.Progress is not { State: MergedState.Succeeded, Sha256: { } hash })
        {
            return Problem.Of(StatusCodes.Status409Conflict, found.HasEnded ? "It came to no whole file; there is nothing to download." : "It is not ready yet.", "job", WireJson.Word(found.Progress.State));
        }

        var user = context.User.ToUser();
        if (await handout.WhyNotAsync(found, user, context.RequestAborted) is { } why)
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, why);
        }

        if (await handout.TryOpenAsync(found, user, context.Request.Headers.Range.ToString() is { Length: > 0 } range ? range : null, CallerTrace.Of(context), context.RequestAborted) is not { } bytes)
        {
            return Problem.Of(StatusCodes.Status404NotFound, "Its file is not on the portal's disk any more. Ask for it anew.", "job");
        }

        context.Response.Headers.ContentDisposition = Attachment.Of(MergedJson.NameOf(found));
        context.Response.Headers.CacheControl = "no-store";
        context.Response.Headers["Repr-Digest"] = $"sha-256=:{Convert.ToBase64String(Convert.FromHexString(hash))}:";
        return Results.Stream(bytes, Attachment.RawFileType, entityTag: new EntityTagHeaderValue($"\"{hash}\""), enableRangeProcessing: true);
    }

    private static async Task<(MergedJob? Job, IResult? Refusal)> OpenAsync(HttpContext context, MergedDesk desk, ExtractGate gate, string id, string job)
    {
        var (extract, refusal) = await gate.OpenAsync(context, id);
        if (extract is null)
        {
            return (null, refusal);
        }

        return desk.Find(context.User.ToUser(), id, job) is { } found ? (found, null) : (null, Problem.Of(StatusCodes.Status404NotFound, NotThere, "job"));
    }

    private static IResult Accepted(MergedJob job, MergedDesk desk) => Results.Accepted($"/api/extracts/{job.Ask.ExtractId}/merged/{job.Ask.Id}", MergedJson.Of(job, desk.Options));
}
