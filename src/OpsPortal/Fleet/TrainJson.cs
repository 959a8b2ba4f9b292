using OpsPortal.Core.Alerts;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Fleet;

/// <summary>A train as browsers and scripts see it.</summary>
/// <param name="AsOf">When we last heard from it; before that, when the store said that nothing was heard.</param>
/// <param name="OriginalMeasuredAt">For a replayed recording: the recording's own time.</param>
internal record TrainJson(
    string Id,
    string Name,
    string Class,
    string Depot,
    string Line,
    Connectivity Connectivity,
    PositionJson? Position,
    bool PositionKnown,
    Severity? WorstAlert,
    DateTimeOffset? MeasuredAt,
    DateTimeOffset? ReceivedAt,
    DateTimeOffset? OfflineSince,
    DateTimeOffset? OriginalMeasuredAt,
    DateTimeOffset? AsOf)
{
    public static TrainJson Of(TrainView view, DateTimeOffset? storeAsOf)
    {
        var (state, train) = (view.State, view.State.Train);
        return new TrainJson(
            train.Identity.Id,
            train.Name,
            train.Identity.Class,
            train.Identity.Depot,
            train.Identity.Line,
            view.Connectivity,
            PositionJson.Of(state.Position),
            train.PositionKnown,
            view.WorstAlert,
            state.MeasuredAt,
            state.ReceivedAt,
            state.DisconnectedSince,
            state.OriginalMeasuredAt,
            state.ReceivedAt ?? storeAsOf);
    }
}

/// <summary>Where a train was at one instant of its own clock.</summary>
/// <param name="Suspect">No train can have come there from its last position in the time between.</param>
internal sealed record PositionJson(double Latitude, double Longitude, double? HeadingDeg, double? SpeedKmh, double? Km, string? Line, DateTimeOffset MeasuredAt, bool Suspect)
{
    public static PositionJson? Of(TrainPosition? position) =>
        position is null ? null : new(position.Latitude, position.Longitude, position.HeadingDeg, position.SpeedKmh, position.Km, position.Line, position.MeasuredAt, position.Suspect);
}
