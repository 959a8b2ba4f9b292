using System.Collections.Frozen;

namespace OpsPortal.Core.Telemetry;

/// <summary>What a sensor id means.</summary>
/// <param name="Id"><c>kind.car.place</c>, with <c>.left</c> or <c>.right</c> where it matters.</param>
/// <param name="Kind">First part of the id.</param>
/// <param name="Subsystem">Part of the train that alerts are grouped by.</param>
/// <param name="Unit">Unit as shown; empty for digital signals.</param>
/// <param name="Words">As people say it: "axle box 3-2 right".</param>
/// <param name="Decimals">How many decimals are worth showing.</param>
/// <param name="Lowest">Physically lowest value an instrument of this kind gives.</param>
/// <param name="Highest">Physically highest.</param>
public sealed record SensorDescription(string Id, string Kind, string Subsystem, string Unit, string Words, int Decimals, double Lowest, double Highest);

/// <summary>The kinds of sensors the product knows. Another kind is taken in all the same: its own name, no unit.</summary>
public static class SensorCatalogue
{
    private sealed record KindDescription(string Kind, string Subsystem, string Unit, string Words, int Decimals, double Lowest, double Highest);

    private static readonly FrozenDictionary<string, KindDescription> Kinds = new KindDescription[]
    {
        new("axleBoxTemperature", "axleBox", "°C", "axle box", 1, -40, 200),
        new("bogieVibration", "bogie", "g RMS", "bogie vibration", 2, 0, 20),
        new("brakePipePressure", "brakes", "bar", "brake pipe", 2, 0, 10),
        new("brakeCylinderPressure", "brakes", "bar", "brake cylinder", 2, 0, 10),
        new("tractionCurrent", "traction", "A", "traction current", 0, -2000, 2000),
        new("tractionMotorTemperature", "traction", "°C", "traction motor", 1, -40, 250),
        new("lineVoltage", "traction", "kV", "line voltage", 2, 0, 35),
        new("mainReservoirPressure", "airSupply", "bar", "main reservoir", 2, 0, 14),
        new("compressorCurrent", "airSupply", "A", "compressor current", 1, 0, 100),
        new("oilTemperature", "airSupply", "°C", "compressor oil", 1, -40, 200),
        new("doorCycleTime", "doors", "s", "door cycle", 2, 0, 60),
        new("hvacCurrent", "hvac", "A", "HVAC current", 1, 0, 200),
        new("saloonTemperature", "hvac", "°C", "saloon", 1, -40, 80),
        new("pantographForce", "pantograph", "N", "pantograph force", 0, 0, 400),
    }.ToFrozenDictionary(kind => kind.Kind, StringComparer.Ordinal);

    /// <summary>All kinds known by name.</summary>
    public static IEnumerable<string> KnownKinds => Kinds.Keys;

    /// <summary>Describes a sensor by its id; never fails.</summary>
    public static SensorDescription Describe(string id)
    {
        var parts = id.Split('.');
        var place = Place(parts.AsSpan(1));
        return Kinds.TryGetValue(parts[0], out var kind)
            ? new SensorDescription(id, kind.Kind, kind.Subsystem, kind.Unit, Join(kind.Words, place), kind.Decimals, kind.Lowest, kind.Highest)
            : new SensorDescription(id, parts[0], parts[0], "", Join(parts[0], place), 2, double.MinValue, double.MaxValue);
    }

    /// <summary>Subsystem in words: "axle box", "air supply".</summary>
    public static string SubsystemWords(string subsystem) => subsystem switch
    {
        "axleBox" => "axle box",
        "airSupply" => "air supply",
        "hvac" => "HVAC",
        _ => subsystem,
    };

    private static string Join(string words, string place) => place.Length == 0 ? words : $"{words} {place}";

    // car3.axle2.right → "3-2 right"; car3.bogie1 → "3-1"; car2 → "2"; anything else stays as it is.
    private static string Place(ReadOnlySpan<string> parts)
    {
        var words = new List<string>();
        var numbers = new List<string>();
        foreach (var part in parts)
        {
            var digits = part.AsSpan().TrimStart("abcdefghijklmnopqrstuvwxyz");
            if (digits.Length > 0 && digits.Length < part.Length && int.TryParse(digits, out _))
            {
                numbers.Add(digits.ToString());
            }
            else
            {
                words.Add(part);
            }
        }

        return string.Join(' ', new[] { string.Join('-', numbers), string.Join(' ', words) }.Where(text => text.Length > 0));
    }
}
