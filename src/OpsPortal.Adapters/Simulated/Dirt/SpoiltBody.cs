using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Dirt;

/// <summary>A message's body with one thing wrong in it; null when the message has nothing that could be wrong in that way.</summary>
internal static class SpoiltBody
{
    private const double UnitFactor = 1000;
    private static readonly TimeSpan Fast = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan Jump = TimeSpan.FromHours(2);

    public static byte[]? ClockOff(ReadOnlyMemory<byte> body, ulong chance) => Shift(body, Fast);

    public static byte[]? ClockJump(ReadOnlyMemory<byte> body, ulong chance) => Shift(body, Jump);

    // Some of the front is left, never all: an object that is cut off is no JSON.
    public static byte[]? Malformed(ReadOnlyMemory<byte> body, ulong chance) => body[..(int)(1 + (chance % (ulong)(body.Length - 1)))].ToArray();

    public static byte[]? UnknownField(ReadOnlyMemory<byte> body, ulong chance) => Change(body, message => message["firmware"] = "7.2.1");

    public static byte[]? NanAsText(ReadOnlyMemory<byte> body, ulong chance) =>
        Readings(body) is { Count: > 0 } readings ? Change(body, message => message["readings"]![Pick(readings, chance)] = "NaN") : null;

    public static byte[]? ZeroPosition(ReadOnlyMemory<byte> body, ulong chance) =>
        Parse(body)["position"] is null ? null : Change(body, message => (message["position"]!["latitude"], message["position"]!["longitude"]) = (0, 0));

    /// <summary>A thousand times the value, of a sensor that cannot give that much.</summary>
    public static byte[]? UnitChange(ReadOnlyMemory<byte> body, ulong chance)
    {
        var able = Readings(body).Where(reading => IsTooMuch(reading.Sensor, reading.Value * UnitFactor)).ToList();
        return able.Count == 0 ? null : Change(body, message => message["readings"]![Pick(able, chance)] = able[(int)(chance % (ulong)able.Count)].Value * UnitFactor);
    }

    /// <summary>The same from a train that nobody registered: one stranger to each train, so that its sequences make sense.</summary>
    public static byte[]? Stranger(ReadOnlyMemory<byte> body, ulong chance) => Change(body, message => message["trainId"] = $"stranger-{message["trainId"]!.GetValue<string>()}");

    private static bool IsTooMuch(string sensor, double value) =>
        SensorCatalogue.Describe(sensor) is var description && (value > description.Highest || value < description.Lowest);

    private static string Pick(List<(string Sensor, double Value)> readings, ulong chance) => readings[(int)(chance % (ulong)readings.Count)].Sensor;

    private static List<(string Sensor, double Value)> Readings(ReadOnlyMemory<byte> body) =>
        Parse(body)["readings"] is JsonObject readings ? [.. readings.Select(reading => (reading.Key, reading.Value!.GetValue<double>()))] : [];

    private static byte[] Shift(ReadOnlyMemory<byte> body, TimeSpan by) => Change(body, message =>
        message["measuredAt"] = (message["measuredAt"]!.GetValue<DateTimeOffset>() + by).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));

    private static byte[] Change(ReadOnlyMemory<byte> body, Action<JsonObject> change)
    {
        var message = Parse(body);
        change(message);
        return Encoding.UTF8.GetBytes(message.ToJsonString());
    }

    private static JsonObject Parse(ReadOnlyMemory<byte> body) => JsonNode.Parse(body.Span)!.AsObject();
}
