using System.Text.Json;
using System.Text.Json.Serialization;
using OpsPortal.Alerts;
using OpsPortal.Api;
using OpsPortal.Core.Feed;
using OpsPortal.Detection;
using OpsPortal.Fleet;

namespace OpsPortal.Feed;

/// <summary>The message <c>snapshot</c>; see README.md of this room.</summary>
internal sealed record SnapshotJson(
    int Version, long Number, DateTimeOffset At, StoreHealth Store, IReadOnlyList<TrainJson> Trains, IReadOnlyList<AlertJson> Alerts, IReadOnlyList<AnomalyJson> Anomalies);

/// <summary>The message <c>changes</c>; see README.md of this room.</summary>
internal sealed record ChangesJson(
    int Version,
    long Number,
    DateTimeOffset At,
    StoreHealth Store,
    IReadOnlyList<TrainJson> Trains,
    IReadOnlyList<MoveJson> Moves,
    IReadOnlyList<AlertJson> Alerts,
    IReadOnlyList<AnomalyJson> Anomalies);

/// <summary>Writes the feed's frames in the wire format, version 1.</summary>
internal static class FrameJson
{
    /// <summary>Grows when a reader of the old format would misread the new.</summary>
    public const int Version = 1;

    public static SnapshotJson Snapshot(FeedFrame frame) =>
        new(Version, frame.Number, frame.At, frame.Store, Trains(frame.Trains, frame), Alerts(frame), Anomalies(frame));

    public static ChangesJson Changes(FeedFrame frame)
    {
        var introduced = frame.Introduced.ToHashSet(ReferenceEqualityComparer.Instance);
        return new(
            Version,
            frame.Number,
            frame.At,
            frame.Store,
            Trains(frame.Introduced, frame),
            [.. frame.Trains.Where(view => !introduced.Contains(view)).Select(view => new MoveJson(view))],
            Alerts(frame),
            Anomalies(frame));
    }

    private static IReadOnlyList<TrainJson> Trains(IReadOnlyList<TrainView> views, FeedFrame frame) => [.. views.Select(view => TrainJson.Of(view, frame.Store.AsOf))];

    private static IReadOnlyList<AlertJson> Alerts(FeedFrame frame) => [.. frame.Alerts.Select(AlertJson.Of)];

    private static IReadOnlyList<AnomalyJson> Anomalies(FeedFrame frame) => [.. frame.Anomalies.Select(AnomalyJson.Of)];
}

/// <summary>What can change of a known train, as a short row: most of the feed's bytes are these.</summary>
[JsonConverter(typeof(MoveConverter))]
internal readonly record struct MoveJson(TrainView View);

/// <summary>Writes <c>[id, latitude, longitude, headingDeg, speedKmh, km, connectivity, worstAlert, measuredAtMs, receivedAtMs]</c>.</summary>
internal sealed class MoveConverter : JsonConverter<MoveJson>
{
    public override MoveJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Moves are only ever written.");

    public override void Write(Utf8JsonWriter writer, MoveJson value, JsonSerializerOptions options)
    {
        var (state, position) = (value.View.State, value.View.State.Position);
        writer.WriteStartArray();
        writer.WriteStringValue(state.Train.Identity.Id);
        Number(writer, position?.Latitude, 6);
        Number(writer, position?.Longitude, 6);
        Number(writer, position?.HeadingDeg, 1);
        Number(writer, position?.SpeedKmh, 1);
        Number(writer, position?.Km, 3);
        writer.WriteStringValue(WireJson.Word(value.View.Connectivity));
        writer.WriteStringValue(value.View.WorstAlert is { } severity ? WireJson.Word(severity) : null);
        Number(writer, state.MeasuredAt?.ToUnixTimeMilliseconds(), 0);
        Number(writer, state.ReceivedAt?.ToUnixTimeMilliseconds(), 0);
        writer.WriteEndArray();
    }

    private static void Number(Utf8JsonWriter writer, double? value, int decimals)
    {
        if (value is { } number && double.IsFinite(number))
        {
            writer.WriteNumberValue(Math.Round(number, decimals));
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
