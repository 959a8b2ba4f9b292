using OpsPortal.Api;
using OpsPortal.Audit;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Health;
using OpsPortal.Door;
using OpsPortal.SignIn;

namespace OpsPortal.Alerts;

/// <summary>"Seen, mine", and why.</summary>
internal sealed record AcknowledgeRequest(string? Note);

/// <summary>The same for several alerts at once.</summary>
internal sealed record AcknowledgeManyRequest(IReadOnlyList<string?>? Ids, string? Note);

/// <summary>What became of each.</summary>
internal sealed record AcknowledgeManyAnswer(IReadOnlyList<AcknowledgeAnswer> Results);

/// <summary>What became of one.</summary>
/// <param name="Why">In words; null when acknowledged.</param>
internal sealed record AcknowledgeAnswer(string Id, AcknowledgeOutcome Outcome, string? Why);

internal static class AcknowledgeEndpoints
{
    /// <summary>Most alerts acknowledged in one request.</summary>
    public const int Most = 500;

    private const int LongestId = 200;
    private const string NotAllowed = "Your role may not acknowledge alerts; ask an operator.";

    public static void MapAcknowledge(this IEndpointRouteBuilder api)
    {
        api.MapPost("/alerts/{id}/acknowledge", OneAsync).WithTags("Alerts").WithSummary("Acknowledges one alert.").Produces<AlertJson>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status409Conflict);
        api.MapPost("/alerts/acknowledge", ManyAsync).WithTags("Alerts").WithSummary("Acknowledges several alerts; says for each what became of it.").Produces<AcknowledgeManyAnswer>().ProducesValidationProblem();
    }

    private static async Task<IResult> OneAsync(string id, AcknowledgeRequest? request, HttpContext context, AlertBook book, Refusals refusals)
    {
        if (!context.User.ToUser().May(Verb.Acknowledge))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, NotAllowed);
        }

        var result = await TryAsync(id, request?.Note, context, book);
        return result switch
        {
            (_, { } bad) => bad,
            ({ Outcome: AcknowledgeOutcome.Acknowledged, Present: { } alert }, _) => Results.Ok(AlertJson.Of(alert)),
            ({ Outcome: AcknowledgeOutcome.NotFound }, _) => AlertEndpoints.NoSuchAlert,
            ({ Outcome: AcknowledgeOutcome.AlreadyAcknowledged, Present: { } alert } refused, _) => Problem.Of(StatusCodes.Status409Conflict, refused.Why!, "id", AlertJson.Of(alert)),
            _ => Problem.Of(StatusCodes.Status403Forbidden, result.Result!.Why ?? "Refused."),
        };
    }

    private static async Task<IResult> ManyAsync(AcknowledgeManyRequest? request, HttpContext context, AlertBook book, Refusals refusals)
    {
        if (!context.User.ToUser().May(Verb.Acknowledge))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, NotAllowed);
        }

        if (request?.Ids is not { Count: > 0 and <= Most } ids || ids.Any(id => id is not { Length: > 0 and <= LongestId }))
        {
            return Problem.Of("ids", $"Must hold 1 to {Most} ids of alerts.");
        }

        var answers = new List<AcknowledgeAnswer>();
        string? stopped = null;
        foreach (var id in ids)
        {
            if (stopped is not null)
            {
                answers.Add(new AcknowledgeAnswer(id!, AcknowledgeOutcome.Refused, stopped));
                continue;
            }

            try
            {
                var (result, bad) = await TryAsync(id!, request.Note, context, book);
                if (bad is not null)
                {
                    return bad;
                }

                answers.Add(new AcknowledgeAnswer(id!, result!.Outcome, result.Why));
            }
            catch (StoreUnavailableException problem) when (answers.Exists(answer => answer.Outcome == AcknowledgeOutcome.Acknowledged))
            {
                // What was done before stays said; had nothing been done, the whole request would be refused.
                var isOfAudit = problem.Store == AuditWriting.Store;
                answers.Add(new AcknowledgeAnswer(id!, AcknowledgeOutcome.Refused, isOfAudit ? AuditWriting.Refusal : "The store did not answer. If it was taken, the alert shows it; otherwise acknowledge again."));
                stopped = isOfAudit ? AuditWriting.Refusal : "Not tried, for the store did not answer to the one before. Acknowledge it again.";
            }
        }

        return Results.Ok(new AcknowledgeManyAnswer(answers));
    }

    // A bad note is bad before anything is done, for one alert as for many.
    private static async Task<(AcknowledgeResult? Result, IResult? Bad)> TryAsync(string id, string? note, HttpContext context, AlertBook book)
    {
        try
        {
            var from = context.Connection.RemoteIpAddress?.ToString();
            return (await book.AcknowledgeAsync(context.User.ToUser(), id, note?.Trim() ?? "", from, context.RequestAborted), null);
        }
        catch (ArgumentException e) when (e.ParamName == "note")
        {
            return (null, Problem.Of("note", e.Message.Replace(" (Parameter 'note')", "", StringComparison.Ordinal)));
        }
    }
}
