using OpsPortal.Api;
using OpsPortal.Audit;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;
using OpsPortal.Fleet;
using OpsPortal.SignIn;

namespace OpsPortal.Telemetry;

/// <summary>A sensor's past, for plots and notebooks.</summary>
internal static class ReadingEndpoints
{
    // A window is kept when it closes, 10 s after it began, and then follows what was waiting: younger silence says nothing yet.
    private static readonly TimeSpan Settles = TimeSpan.FromSeconds(30);

    public static void MapReadings(this IEndpointRouteBuilder api) =>
        api.MapGet("/trains/{id}/readings", FindAsync).WithTags("Fleet")
            .WithSummary("One sensor's readings: min, mean and max per bucket. Without from and to, the last 15 minutes; without resolution, as fine as 2,000 points allow.")
            .Produces<ReadingsJson>().ProducesValidationProblem().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> FindAsync(
        string id, HttpContext context, LiveFeed feed, IReadingStore store, IReadingRetention retention, TimeProvider time, RawViews views, string? sensor = null, string? from = null, string? to = null, string? resolution = null)
    {
        var scope = context.User.ToUser().Scope;
        if (feed.Find(scope, id) is not { State: var state })
        {
            return FleetEndpoints.Missing(context, feed);
        }

        var (query, asOf) = (new QueryReader(), time.GetUtcNow());
        var kept = await retention.GetAsync(context.RequestAborted);
        if (query.Text("sensor", sensor) is null)
        {
            query.Refuse("sensor", $"Must name one of the train's sensors: {string.Join(", ", state.Readings.Keys.Order(StringComparer.Ordinal))}.");
        }

        if (ReadingRange.Read(query, from, to, resolution, kept.KeptFor, asOf) is not { } range)
        {
            return query.Refusal!;
        }

        // What the train never sent is not a plot without points but a mistake in the name.
        if (!state.Readings.ContainsKey(sensor!))
        {
            return Problem.Of(StatusCodes.Status404NotFound, "This train has no such sensor; /api/trains/{id} lists those it has.", "sensor");
        }

        await views.NoteAsync(context, id, sensor!, range.From, range.To);
        var points = await store.FindAsync(scope, id, sensor!, range.From, range.To, range.Resolution, context.RequestAborted);
        return Results.Ok(Describe(state.Train, sensor!, range, points, kept, asOf));
    }

    private static ReadingsJson Describe(Train train, string sensor, ReadingRange range, IReadOnlyList<ReadingPoint> points, ReadingRetention kept, DateTimeOffset asOf)
    {
        var described = train.Describe(sensor);
        var settled = range.To < asOf - Settles ? range.To : asOf - Settles;
        var spans = ReadingSpans.Of(points, range.From, settled, range.Resolution, ConnectivityRule.StaleAfter(train));
        return new ReadingsJson(
            train.Identity.Id,
            sensor,
            described.Words,
            described.Unit,
            described.Decimals,
            range.From,
            range.To,
            (long)range.Resolution.TotalSeconds,
            [.. points.Select(point => new PointJson(point))],
            [.. Enumerable.Range(0, points.Count).Where(i => points[i].Late)],
            [.. spans.Select(span => new SpanJson(span.From, span.To, span.Kind))],
            (long)kept.KeptFor.TotalSeconds,
            asOf,
            WhyLimited(range, kept, asOf));
    }

    private static string? WhyLimited(ReadingRange range, ReadingRetention kept, DateTimeOffset asOf)
    {
        if (range.From < asOf - kept.KeptFor)
        {
            return $"Readings are kept for {kept.KeptFor.TotalHours:0.#} hours; older ones are in the raw files.";
        }

        return kept.Oldest is { } oldest && range.From < oldest ? $"The oldest reading kept is of {oldest.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}." : null;
    }
}
