using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization;
using OpsPortal.Alerts;
using OpsPortal.Api;
using OpsPortal.Core.Feed;
using OpsPortal.Detection;
using OpsPortal.Fleet;

namespace OpsPortal.Feed;

/// <summary>A frame in the wire format, version 1; see README.md of this room. Its content is written once for all watchers that get the same.</summary>
[JsonConverter(typeof(FrameConverter))]
internal readonly record struct FrameJson(FeedFrame Frame, FrameContent Content)
{
    /// <summary>Grows when a reader of the old format would misread the new.</summary>
    public const int Version = 1;

    private static readonly ConditionalWeakTable<object, FrameContent> Written = [];

    public static FrameJson Of(FeedFrame frame) => new(frame, Written.GetValue(frame.Content, _ => new FrameContent(frame)));
}

/// <summary>The parts of a frame that are the same for all watchers of equal scope and place, as JSON.</summary>
internal sealed class FrameContent
{
    public FrameContent(FeedFrame frame)
    {
        var whole = frame.IsSnapshot ? frame.Trains : frame.Introduced;
        Trains = Write(whole.Select(view => TrainJson.Of(view, frame.Store.AsOf)).ToList());
        Alerts = Write(frame.Alerts.Select(AlertJson.Of).ToList());
        Anomalies = Write(frame.Anomalies.Select(AnomalyJson.Of).ToList());
        if (!frame.IsSnapshot)
        {
            var introduced = whole.ToHashSet(ReferenceEqualityComparer.Instance);
            Moves = Write(frame.Trains.Where(view => !introduced.Contains(view)).Select(view => new MoveJson(view)).ToList());
        }
    }

    public byte[] Trains { get; }

    public byte[]? Moves { get; }

    public byte[] Alerts { get; }

    public byte[] Anomalies { get; }

    private static byte[] Write<T>(List<T> items) => JsonSerializer.SerializeToUtf8Bytes(items, WireJson.Options);
}

/// <summary>Writes number, time and health of this watcher's frame around the shared content.</summary>
internal sealed class FrameConverter : JsonConverter<FrameJson>
{
    public override FrameJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        throw new NotSupportedException("Frames are only ever written.");

    public override void Write(Utf8JsonWriter writer, FrameJson value, JsonSerializerOptions options)
    {
        var (frame, content) = value;
        writer.WriteStartObject();
        writer.WriteNumber("version", FrameJson.Version);
        writer.WriteNumber("number", frame.Number);
        writer.WriteString("at", frame.At.UtcDateTime);
        writer.WritePropertyName("store");
        JsonSerializer.Serialize(writer, frame.Store, options);
        Raw(writer, "trains", content.Trains);
        Raw(writer, "moves", content.Moves);
        Raw(writer, "alerts", content.Alerts);
        Raw(writer, "anomalies", content.Anomalies);
        writer.WriteEndObject();
    }

    private static void Raw(Utf8JsonWriter writer, string name, byte[]? json)
    {
        if (json is not null)
        {
            writer.WritePropertyName(name);
            writer.WriteRawValue(json, skipInputValidation: true);
        }
    }
}
