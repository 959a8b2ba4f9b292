using OpsPortal.Alerts;
using OpsPortal.Api;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.SignIn;

namespace OpsPortal.Fleet;

/// <summary>A train with its sensors and open alerts.</summary>
internal sealed record TrainDetailJson : TrainJson
{
    public TrainDetailJson(TrainJson train, Train registered, IReadOnlyList<SensorJson> sensors, IReadOnlyList<AlertJson> openAlerts)
        : base(train) =>
        (Cars, StaleAfterSeconds, Sensors, OpenAlerts) = (registered.Cars, ConnectivityRule.StaleAfter(registered).TotalSeconds, sensors, openAlerts);

    /// <summary>How many cars it has; null when nobody said.</summary>
    public int? Cars { get; }

    /// <summary>The train, or one of its sensors, is stale after this long without a value.</summary>
    public double StaleAfterSeconds { get; }

    public IReadOnlyList<SensorJson> Sensors { get; }

    public IReadOnlyList<AlertJson> OpenAlerts { get; }
}

/// <summary>A sensor's newest value, and when the train measured it.</summary>
internal sealed record SensorJson(string Id, string Kind, string Subsystem, string Words, string Unit, int Decimals, double? Value, DateTimeOffset MeasuredAt);

/// <summary>Answers from the live feed: what the map shows and what scripts read is the same, and the last known stays readable when the store is down.</summary>
internal static class FleetEndpoints
{
    public static void MapFleet(this IEndpointRouteBuilder api)
    {
        api.MapGet("/fleet", List).WithTags("Fleet").WithSummary("All trains inside your scope, by id.").Produces<ListAnswer<TrainJson>>();
        api.MapGet("/trains/{id}", Get).WithTags("Fleet").WithSummary("One train with sensors and open alerts.").Produces<TrainDetailJson>().ProducesProblem(StatusCodes.Status404NotFound);
    }

    private static IResult List(HttpContext context, LiveFeed feed, string? limit = null, string? after = null)
    {
        var query = new QueryReader();
        var (count, place) = (query.Limit(limit), query.PlaceById("fleet", after));
        if (query.Refusal is { } refusal)
        {
            return refusal;
        }

        if (NothingKnown(context, feed) is { } unknown)
        {
            return unknown;
        }

        var now = feed.Current(context.User.ToUser().Scope);
        var found = now.Trains.Where(view => place is null || string.CompareOrdinal(view.State.Train.Identity.Id, place) > 0).Take(count + 1).ToList();
        return Results.Ok(ListAnswer<TrainJson>.Of(found, count, now.Store.AsOf, view => TrainJson.Of(view, now.Store.AsOf), view => QueryReader.Cursor("fleet", view.State.Train.Identity.Id)));
    }

    /// <summary>What is said when there is no such train: while no store has answered since the start, that nobody knows.</summary>
    internal static IResult Missing(HttpContext context, LiveFeed feed) => NothingKnown(context, feed) ?? Problem.Of(StatusCodes.Status404NotFound, "There is no such train.", "id");

    private static IResult? NothingKnown(HttpContext context, LiveFeed feed)
    {
        if (feed.Store is not { AsOf: null } store)
        {
            return null;
        }

        context.Response.Headers.RetryAfter = "5";
        return Problem.Of(StatusCodes.Status503ServiceUnavailable, store.Problem ?? LiveFeed.NotAnsweredYet);
    }

    private static IResult Get(string id, HttpContext context, LiveFeed feed)
    {
        var scope = context.User.ToUser().Scope;
        if (feed.Find(scope, id) is not { } view)
        {
            return Missing(context, feed);
        }

        var now = feed.Current(scope);
        return Results.Ok(new TrainDetailJson(
            TrainJson.Of(view, now.Store.AsOf),
            view.State.Train,
            Sensors(view.State),
            [.. now.Alerts.Where(alert => alert.Train.Id == id).Select(AlertJson.Of)]));
    }

    private static IReadOnlyList<SensorJson> Sensors(TrainState state) =>
        [.. state.Readings.OrderBy(reading => reading.Key, StringComparer.Ordinal).Select(reading =>
        {
            var sensor = state.Train.Describe(reading.Key);
            return new SensorJson(sensor.Id, sensor.Kind, sensor.Subsystem, sensor.Words, sensor.Unit, sensor.Decimals, WireJson.Finite(reading.Value.Value), reading.Value.MeasuredAt);
        })];
}
