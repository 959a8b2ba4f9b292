using System.Text.Json;
using System.Text.Json.Serialization;
using OpsPortal.Api;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Telemetry;

/// <summary>One sensor's points over a range, oldest first.</summary>
/// <param name="Points">Each <c>[time, min, mean, max]</c>, in the unit; time is the start of the bucket.</param>
/// <param name="Late">Places in <paramref name="Points"/> of those with data that arrived late.</param>
/// <param name="Spans">When the train could not be reached (<c>arrivedLate</c>) or nothing was kept (<c>noData</c>).</param>
/// <param name="ResolutionSeconds">Length of a bucket; buckets begin at multiples of it.</param>
/// <param name="KeptForSeconds">How long readings are kept.</param>
/// <param name="AsOf">When the store was read. The newest window comes up to half a minute after it was measured.</param>
/// <param name="Limited">Why this is not the whole range, or null when it is.</param>
internal sealed record ReadingsJson(
    string TrainId,
    string Sensor,
    string Words,
    string Unit,
    int Decimals,
    DateTimeOffset From,
    DateTimeOffset To,
    long ResolutionSeconds,
    IReadOnlyList<PointJson> Points,
    IReadOnlyList<int> Late,
    IReadOnlyList<SpanJson> Spans,
    long KeptForSeconds,
    DateTimeOffset AsOf,
    string? Limited);

/// <summary>A span of the train's time, from inclusive, to exclusive.</summary>
internal sealed record SpanJson(DateTimeOffset From, DateTimeOffset To, SpanKind Kind);

/// <summary>Written as <c>[time, min, mean, max]</c>: a plot holds thousands.</summary>
[JsonConverter(typeof(PointConverter))]
internal readonly record struct PointJson(ReadingPoint Point);

/// <summary>Writes points; nobody sends them here.</summary>
internal sealed class PointConverter : JsonConverter<PointJson>
{
    // More than any instrument gives, less than a double's noise.
    private const int Digits = 6;

    public override PointJson Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => throw new NotSupportedException();

    public override void Write(Utf8JsonWriter writer, PointJson value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStringValue(value.Point.At.UtcDateTime);
        Write(writer, value.Point.Min);
        Write(writer, value.Point.Mean);
        Write(writer, value.Point.Max);
        writer.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter writer, double number)
    {
        if (WireJson.Finite(number) is { } finite)
        {
            writer.WriteNumberValue(Math.Round(finite, Digits));
        }
        else
        {
            writer.WriteNullValue();
        }
    }
}
