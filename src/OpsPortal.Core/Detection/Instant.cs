using OpsPortal.Core.Telemetry;

namespace OpsPortal.Core.Detection;

/// <summary>What the detector looks at of one message.</summary>
internal sealed record Instant(DateTimeOffset MeasuredAt, double? SpeedKmh, KeyValuePair<string, double>[] Readings)
{
    public static Instant Of(TelemetryMessage message) =>
        new(message.MeasuredAt, message.Position?.SpeedKmh, [.. message.Readings.Where(reading => double.IsFinite(reading.Value)).OrderBy(reading => reading.Key, StringComparer.Ordinal)]);

    public void Write(BinaryWriter writer)
    {
        writer.Write(MeasuredAt.UtcTicks);
        writer.Write(SpeedKmh ?? double.NaN);
        writer.Write(Readings.Length);
        foreach (var (sensor, value) in Readings)
        {
            writer.Write(sensor);
            writer.Write(value);
        }
    }

    public static Instant Read(BinaryReader reader)
    {
        var measuredAt = reader.ReadTime();
        var speed = reader.ReadDouble();
        var readings = new List<KeyValuePair<string, double>>();
        for (var left = reader.ReadCount(100_000); left > 0; left--)
        {
            readings.Add(new(reader.ReadString(), reader.ReadDouble()));
        }

        return new Instant(measuredAt, double.IsNaN(speed) ? null : speed, [.. readings]);
    }
}
