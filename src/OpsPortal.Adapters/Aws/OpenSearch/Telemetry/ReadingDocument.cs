using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Aws.OpenSearch.Telemetry;

/// <summary>A window of readings as kept.</summary>
/// <param name="Sensors">Minimum, sum, maximum and count by sensor; see <see cref="KeyOf"/>.</param>
internal sealed record ReadingDocument(
    string? Train,
    string? Depot,
    string? Line,
    string? Class,
    DateTimeOffset? Start,
    long StartTicks,
    long? Sequence,
    int? Messages,
    DateTimeOffset? ReceivedAt,
    bool Late,
    DateTimeOffset? KeptAt,
    IReadOnlyDictionary<string, double[]>? Sensors)
{
    public static ReadingDocument Of(ReadingWindow window, DateTimeOffset keptAt) => new(
        window.Train.Id,
        window.Train.Depot,
        window.Train.Line,
        window.Train.Class,
        window.Start,
        window.Start.UtcTicks,
        window.FirstSequence,
        window.Messages,
        window.LastReceivedAt,
        window.Late,
        keptAt,
        window.Sensors.ToDictionary(sensor => KeyOf(sensor.Key), sensor => new[] { sensor.Value.Min, sensor.Value.Sum, sensor.Value.Max, sensor.Value.Count }, StringComparer.Ordinal));

    /// <summary>The sensor's name without dots, which part fields, and stars, which stand for any: so that one sensor alone can be asked for.</summary>
    public static string KeyOf(string sensor) =>
        sensor.Replace("%", "%25", StringComparison.Ordinal).Replace(".", "%2E", StringComparison.Ordinal).Replace("*", "%2A", StringComparison.Ordinal);

    /// <summary>One sensor's figures; null when there are none.</summary>
    public ReadingFigures? Find(string sensor) =>
        Sensors is not null && Sensors.TryGetValue(KeyOf(sensor), out var figures) && figures is [var min, var sum, var max, var count] ? new ReadingFigures(min, sum, max, (int)count) : null;
}
