using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Door;
using OpsPortal.SignIn;

namespace OpsPortal.Extracts;

/// <summary>What must hold before anything of an extract is shown: the role now, that it is the user's, that it was not withdrawn.</summary>
internal sealed class ExtractGate(ExtractDesk desk, Refusals refusals, TimeProvider time)
{
    public const string MayNot = "Your role may not make or fetch extracts of raw files: data scientists, engineers and administrators may.";

    /// <summary>The extract, or the answer that refuses it.</summary>
    public async Task<(Extract? Extract, IResult? Refusal)> OpenAsync(HttpContext context, string id)
    {
        if (await RefuseAsync(context) is { } refused)
        {
            return (null, refused);
        }

        return await desk.GetAsync(context.User.ToUser(), id, context.RequestAborted) switch
        {
            null => (null, Problem.Of(StatusCodes.Status404NotFound, "There is no such extract.", "id")),
            { WithdrawnBy: { } by } => (null, Problem.Of(StatusCodes.Status410Gone, $"The extract was withdrawn by {by}. Make a new one at /extracts.", "id")),
            var extract when !extract.HoldsAt(time.GetUtcNow()) => (null, Problem.Of(StatusCodes.Status410Gone, "The extract has ended. Make a new one at /extracts.", "id")),
            var extract => (extract, null),
        };
    }

    /// <summary>The answer to who may not; null for who may.</summary>
    public async Task<IResult?> RefuseAsync(HttpContext context) =>
        context.User.ToUser().May(Verb.MakeExtracts) ? null : await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, MayNot);

    /// <summary>Where the caller found the portal: the door has checked that it is one of its names.</summary>
    public static string Portal(HttpContext context) => $"{context.Request.Scheme}://{context.Request.Host}{context.Request.PathBase}";
}
