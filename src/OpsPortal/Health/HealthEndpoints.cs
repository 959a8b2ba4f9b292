using System.Text;
using Microsoft.AspNetCore.Mvc;
using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Health;
using OpsPortal.Core.Telemetry;
using OpsPortal.SignIn;

namespace OpsPortal.Health;

/// <summary>How one service is.</summary>
/// <param name="Status"><c>ok</c>, <c>problem</c>, or <c>unknown</c> while it has not done its work once.</param>
internal sealed record ServiceJson(string Service, string Status, DateTimeOffset? AsOf, string? Problem);

/// <summary>What the pipeline has done and how far behind it is.</summary>
/// <param name="Counts">Since the process started; null where the detector runs elsewhere, and for users who do not see the whole fleet: counts are of all of it.</param>
/// <param name="LagRecords">Records received and not yet kept.</param>
/// <param name="Recordings">Recordings being played here: rows read = kept + set aside. Of trains inside your scope.</param>
/// <param name="Dirt">Messages spoilt on purpose here, by kind (<c>Trains:Dirt</c>): to be held against the counts.</param>
/// <param name="Source">The source as every process sees it: also where the detector runs elsewhere; null for users who do not see the whole fleet.</param>
internal sealed record PipelineJson(PipelineSnapshot? Counts, long? LagRecords, SourceJson? Source, IReadOnlyList<RecordingReport> Recordings, IReadOnlyDictionary<string, long> Dirt, SetAsideJson SetAside, DateTimeOffset AsOf);

/// <summary>How far the source's consumers have committed.</summary>
internal sealed record SourceJson(long NewestOffset, IReadOnlyList<ConsumerJson> Consumers);

/// <summary>One consumer of the source: <c>detector</c> or <c>raw</c>.</summary>
/// <param name="CommittedOffset">Everything up to here is kept; read again from here after a kill.</param>
internal sealed record ConsumerJson(string Consumer, long CommittedOffset, long UncommittedRecords);

/// <summary>Messages that could not be used.</summary>
internal sealed record SetAsideJson(long Total, IReadOnlyDictionary<string, long> ByReason, ListAnswer<LetterJson> Newest);

/// <summary>One of them.</summary>
/// <param name="Body">Its beginning, as text.</param>
internal sealed record LetterJson(long Offset, DateTimeOffset ReceivedAt, string Reason, string Detail, string Body, int Bytes);

internal static class HealthEndpoints
{
    private const int LongestBody = 500;
    private static readonly string[] Consumers = [DetectionPipeline.Consumer, "raw"];

    public static void MapHealth(this IEndpointRouteBuilder api)
    {
        api.MapGet("/health/services", Services).WithTags("Health").WithSummary("How each service is.").Produces<ListAnswer<ServiceJson>>();
        api.MapGet("/health/pipeline", PipelineAsync).WithTags("Health").WithSummary("Counts, messages set aside with reasons, lag.").Produces<PipelineJson>();
    }

    /// <summary>For machines that watch machines: a status and nothing else, without sign-in.</summary>
    public static void MapProbes(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/healthz/live", () => Results.Text("ok")).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/healthz/ready", ([FromServices] LiveFeed? feed) => Ready(feed)).AllowAnonymous().ExcludeFromDescription();
    }

    // A portal whose store cannot be reached serves its pages, which say so: taken out of service it could not even do that.
    private static IResult Ready(LiveFeed? feed) => feed?.Store switch
    {
        null or { AsOf: not null, Problem: null } => Results.Text("ok"),
        { AsOf: null, Problem: LiveFeed.NotAnsweredYet } => Results.Text("starting", statusCode: StatusCodes.Status503ServiceUnavailable),
        _ => Results.Text("degraded"),
    };

    private static ListAnswer<ServiceJson> Services(IEnumerable<IServiceHealth> services, TimeProvider time) =>
        new([.. services.Select(service => Describe(service.Get())).OrderBy(service => service.Service, StringComparer.Ordinal)], null, time.GetUtcNow(), null);

    private static async Task<IResult> PipelineAsync([FromServices] PipelineFigures? figures, [FromServices] IRecordings? recordings, [FromServices] IInjectedDirt? dirt, ITelemetrySource source, IDeadLetters letters, LiveFeed feed, TimeProvider time, HttpContext context, string? limit = null)
    {
        var query = new QueryReader();
        var count = query.Limit(limit);
        if (query.Refusal is { } refusal)
        {
            return refusal;
        }

        var asOf = time.GetUtcNow();
        var scope = context.User.ToUser().Scope;
        if (!scope.IsWholeFleet)
        {
            return Results.Ok(Narrowed(figures, recordings, feed, scope, asOf));
        }

        var byReason = await letters.CountByReasonAsync(context.RequestAborted);
        var newest = await letters.FindAsync(count, context.RequestAborted);
        var total = byReason.Values.Sum();
        var limited = newest.Count < total ? $"The newest {newest.Count} of {total} are listed; ask with limit up to 1000 for more." : null;
        var now = figures?.Now is { LastBatchAt: not null } or { Problem: not null } ? figures.Now : null;
        var described = await DescribeAsync(source, context.RequestAborted);
        // Where the detector is another process, its lag is what it has not committed.
        var lag = now is null ? described.Consumers.First(consumer => consumer.Consumer == DetectionPipeline.Consumer).UncommittedRecords : Math.Max(0, now.NewestOffset - now.SourceOffset);
        return Results.Ok(new PipelineJson(
            now,
            lag,
            described,
            recordings?.Reports ?? [],
            dirt?.Injected ?? new Dictionary<string, long>(),
            new SetAsideJson(total, byReason, new ListAnswer<LetterJson>([.. newest.Select(Describe)], null, asOf, limited)),
            asOf));
    }

    // A message that could not be used cannot be said to be of a train: those who see a part of the fleet see none, and no sum over all.
    private static PipelineJson Narrowed(PipelineFigures? figures, IRecordings? recordings, LiveFeed feed, Scope scope, DateTimeOffset asOf) => new(
        null,
        figures?.Now is { LastBatchAt: not null } now ? Math.Max(0, now.NewestOffset - now.SourceOffset) : null,
        null,
        [.. (recordings?.Reports ?? []).Where(report => report.TrainId is { } train && feed.Find(scope, train) is not null)],
        new Dictionary<string, long>(),
        new SetAsideJson(0, new Dictionary<string, long>(), new ListAnswer<LetterJson>([], null, asOf, "Counts and messages set aside are of the whole fleet; your scope is a part of it.")),
        asOf);

    private static async Task<SourceJson> DescribeAsync(ITelemetrySource source, CancellationToken cancellationToken)
    {
        var newest = await source.GetNewestOffsetAsync(cancellationToken);
        var consumers = new List<ConsumerJson>();
        foreach (var consumer in Consumers)
        {
            var committed = await source.GetCommittedAsync(consumer, cancellationToken);
            consumers.Add(new ConsumerJson(consumer, committed, Math.Max(0, newest - committed)));
        }

        return new SourceJson(newest, consumers);
    }

    private static ServiceJson Describe(ServiceHealth health) =>
        new(health.Service, health.Problem is not null ? "problem" : health.AsOf is null ? "unknown" : "ok", health.AsOf, health.Problem);

    private static LetterJson Describe(DeadLetter letter) =>
        new(letter.Offset, letter.ReceivedAt, letter.Reason, letter.Detail, Encoding.UTF8.GetString(letter.Body.Span[..Math.Min(LongestBody, letter.Body.Length)]), letter.Body.Length);
}
