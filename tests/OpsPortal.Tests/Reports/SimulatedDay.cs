using System.Globalization;
using System.Text;
using OpsPortal.Adapters.Simulated.Network;
using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Reports;

/// <summary>A day of the simulated fleet as records of the source, without waiting for it: a train out of reach for a while sends what it kept afterwards, one is silent, some have hot boxes.</summary>
internal static class SimulatedDay
{
    /// <summary>Between two messages of a train.</summary>
    public const int Step = 60;

    private const int Day = 86_400;

    public static IReadOnlyList<Train> Trains { get; } = [.. FleetMaker.Make(NetworkFile.ReadEmbedded(), 3, 5).Select(train => train.Registered)];

    /// <summary>The records in the order in which they arrive.</summary>
    public static IEnumerable<SourceRecord> Records(DateTimeOffset start)
    {
        var first = start.ToUnixTimeSeconds();
        var messages = FleetMaker.Make(NetworkFile.ReadEmbedded(), 3, 5).SelectMany((train, i) => Messages(train, i, first)).OrderBy(message => message.ReceivedAt).ThenBy(message => message.Sequence);
        return messages.Select((message, i) => new SourceRecord(i + 1, SourceRecordKind.Telemetry, message.ReceivedAt, Encoding.UTF8.GetBytes(message.Body)));
    }

    private static IEnumerable<(DateTimeOffset ReceivedAt, long Sequence, string Body)> Messages(SimulatedTrain train, int number, long first)
    {
        var values = new double[train.Sensors.Length];
        var names = train.Sensors.ToArray().Select(sensor => sensor.Id).ToArray();
        for (var second = 0; second < Day; second++)
        {
            train.Read(train.MotionAt(first + second), first + second, values);
            if (second % Step != 0 || (number == 1 && second is >= 50_000 and < 53_000))
            {
                continue;
            }

            // Out of reach for ten minutes in the middle of the afternoon.
            var held = number == 2 && second is >= 54_000 and < 54_600;
            var measured = DateTimeOffset.FromUnixTimeSeconds(first + second);
            yield return (held ? DateTimeOffset.FromUnixTimeSeconds(first + 54_601) : measured.AddMilliseconds(300), second + 1, Body(train, second + 1, measured, names, values, IsHot(number, second)));
        }
    }

    // In each half of the day, and on the last train for good.
    private static bool IsHot(int number, int second) => number switch { 0 => second % 21_600 is >= 18_000 and < 19_200, 2 => second is (>= 30_000 and < 31_200) or >= 80_000, _ => false };

    private static string Body(SimulatedTrain train, long sequence, DateTimeOffset measured, string[] names, double[] values, bool isHot)
    {
        var readings = names.Select((name, i) => string.Create(CultureInfo.InvariantCulture, $"\"{name}\":{values[i] + (isHot && name.StartsWith("axleBox", StringComparison.Ordinal) ? 60 : 0):0.###}"))
            .Where((_, i) => double.IsFinite(values[i]));
        return string.Create(CultureInfo.InvariantCulture, $$"""{"trainId":"{{train.Id}}","sequence":{{sequence}},"measuredAt":"{{measured:yyyy-MM-ddTHH:mm:ss.fff}}Z","readings":{""") + string.Join(',', readings) + "}}";
    }
}
