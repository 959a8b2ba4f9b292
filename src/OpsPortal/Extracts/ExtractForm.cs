using System.Globalization;
using OpsPortal.Api;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Extracts;

/// <summary>Reads what is asked for, and says by field what is wrong with it.</summary>
internal static class ExtractForm
{
    /// <summary>Most trains of one extract.</summary>
    public const int MostTrains = 2_000;

    private const int MostSensors = 500;
    private const int LongestSensor = 200;

    /// <summary>The request; null when the reader has refused something.</summary>
    public static ExtractRequest? Read(QueryReader reader, IReadOnlyList<string>? trains, string? from, string? to, IReadOnlyList<string>? sensors)
    {
        CheckTrains(reader, trains);
        if (sensors is { Count: > 0 } && (sensors.Count > MostSensors || sensors.Any(sensor => sensor is not { Length: > 0 and <= LongestSensor } || sensor.Any(char.IsControl))))
        {
            reader.Refuse("sensors", string.Create(CultureInfo.InvariantCulture, $"Must be at most {MostSensors} names of 1 to {LongestSensor} characters, such as axleBoxTemperature.car3.axle2.right; leave it out for all."));
        }

        var range = reader.Range(from, to);
        RequireTime(reader, "from", from);
        RequireTime(reader, "to", to);
        return reader.Refusal is null
            ? new ExtractRequest([.. trains!.Distinct(StringComparer.Ordinal)], range.From!.Value, range.To!.Value, sensors is { Count: > 0 } ? [.. sensors.Distinct(StringComparer.Ordinal)] : null)
            : null;
    }

    /// <summary>Names as people type them: separated by commas, blanks or lines.</summary>
    public static IReadOnlyList<string> Names(string? text) => (text ?? "").Split([',', ';', ' ', '\t', '\r', '\n'], StringSplitOptions.RemoveEmptyEntries);

    private static void CheckTrains(QueryReader reader, IReadOnlyList<string>? trains)
    {
        if (trains is not { Count: > 0 and <= MostTrains })
        {
            reader.Refuse("trains", string.Create(CultureInfo.InvariantCulture, $"Must name 1 to {MostTrains} trains by their ids, such as 390-042."));
        }
        else if (trains.Count(train => !TelemetryParser.IsTrainId(train)) is > 0 and var wrong)
        {
            reader.Refuse("trains", string.Create(CultureInfo.InvariantCulture, $"{wrong} of them cannot be a train's id: 1 to 128 characters of a-z A-Z 0-9 : _ -."));
        }
    }

    private static void RequireTime(QueryReader reader, string field, string? text)
    {
        if (text is null)
        {
            reader.Refuse(field, "Must be given, as an ISO 8601 time with a zone, such as 2026-11-21T20:58:01Z.");
        }
    }
}
