using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace OpsPortal.Core.Shadows;

/// <summary>AWS IoT Core's rules for device shadows, without any store.</summary>
public static partial class ShadowRules
{
    /// <summary>Desired and reported together, as compact JSON; metadata does not count.</summary>
    public const int MaxBytes = 8 * 1024;

    /// <summary>Levels of objects and arrays that are accepted (AWS's quota page says 8, its error page 6).</summary>
    public const int MaxDepth = 8;

    /// <summary>Levels that this product's own writers use at most, to be on the safe side of both pages.</summary>
    public const int MaxWrittenDepth = 5;

    /// <summary>Longest client token.</summary>
    public const int MaxClientTokenBytes = 64;

    private const string Desired = "desired";
    private const string Reported = "reported";

    // Sizes are of real UTF-8, not of escapes.
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The shadow after the change. Nothing that was given is touched.</summary>
    /// <param name="present">The shadow as it is, or null when it was never written or was deleted.</param>
    /// <param name="lastVersion">The last version it ever had: counting goes on also after a deletion.</param>
    /// <param name="at">Now.</param>
    /// <exception cref="ShadowRefusedException">Malformed, too deep or too large.</exception>
    /// <exception cref="ShadowConflictException">The change names another version.</exception>
    public static DeviceShadow Apply(DeviceShadow? present, long lastVersion, ShadowChange change, DateTimeOffset at)
    {
        RefuseMalformed(change);
        if (change.Version is { } version && version != lastVersion)
        {
            throw new ShadowConflictException(lastVersion);
        }

        var metadata = present?.Metadata.DeepClone().AsObject() ?? [];
        var desired = ApplySection(present?.Desired, change.Desired, change.ClearDesired, metadata, Desired, at);
        var reported = ApplySection(present?.Reported, change.Reported, change.ClearReported, metadata, Reported, at);
        RefuseTooLarge(desired, reported);
        return new DeviceShadow(desired, reported, Delta(desired, reported), metadata, lastVersion + 1, at);
    }

    /// <summary>What of desired differs from reported, leaf by leaf; arrays are compared whole; what only reported has is no difference.</summary>
    public static JsonObject Delta(JsonObject desired, JsonObject reported)
    {
        var delta = new JsonObject();
        foreach (var (key, wanted) in desired)
        {
            var had = reported[key];
            if (wanted is JsonObject section)
            {
                var inside = Delta(section, had as JsonObject ?? []);
                if (inside.Count > 0)
                {
                    delta[key] = inside;
                }
            }
            else if (!JsonNode.DeepEquals(wanted, had))
            {
                delta[key] = wanted?.DeepClone();
            }
        }

        return delta;
    }

    /// <summary>Size in bytes as it counts against <see cref="MaxBytes"/>.</summary>
    public static int Size(JsonObject desired, JsonObject reported) =>
        Encoding.UTF8.GetByteCount(desired.ToJsonString(Compact)) + Encoding.UTF8.GetByteCount(reported.ToJsonString(Compact));

    /// <summary>Levels of objects and arrays: 1 for an object of plain values.</summary>
    public static int Depth(JsonNode? node) => node switch
    {
        JsonObject section => 1 + section.Select(pair => Depth(pair.Value)).DefaultIfEmpty(0).Max(),
        JsonArray array => 1 + array.Select(Depth).DefaultIfEmpty(0).Max(),
        _ => 0,
    };

    /// <summary>Refuses names that AWS IoT would not take.</summary>
    /// <exception cref="ShadowRefusedException">Says which name and why.</exception>
    public static void RefuseBadName(string trainId, string name)
    {
        if (!ThingName().IsMatch(trainId))
        {
            throw new ShadowRefusedException("A train id has 1 to 128 characters of a-z A-Z 0-9 : _ -");
        }

        if (!ShadowName().IsMatch(name))
        {
            throw new ShadowRefusedException("A shadow's name has 1 to 64 characters of a-z A-Z 0-9 $ : _ -");
        }
    }

    private static JsonObject ApplySection(JsonObject? present, JsonObject? change, bool clear, JsonObject metadata, string name, DateTimeOffset at)
    {
        var state = clear ? [] : present?.DeepClone().AsObject() ?? [];
        if (clear)
        {
            metadata.Remove(name);
        }

        if (change is not null)
        {
            if (metadata[name] is not JsonObject stamps)
            {
                metadata[name] = stamps = [];
            }

            Merge(state, stamps, change, at.ToUnixTimeSeconds());
        }

        return state;
    }

    private static void Merge(JsonObject state, JsonObject stamps, JsonObject change, long seconds)
    {
        foreach (var (key, value) in change)
        {
            switch (value)
            {
                case null:
                    state.Remove(key);
                    stamps.Remove(key);
                    break;
                case JsonObject section:
                    Merge(Section(state, key), SectionStamps(state, stamps, key), section, seconds);
                    break;
                default:
                    state[key] = value.DeepClone();
                    stamps[key] = Stamp(value, seconds);
                    break;
            }
        }
    }

    // A plain value that becomes an object loses its value, and its stamp with it.
    private static JsonObject Section(JsonObject parent, string key)
    {
        if (parent[key] is not JsonObject section)
        {
            parent[key] = section = [];
        }

        return section;
    }

    private static JsonObject SectionStamps(JsonObject state, JsonObject stamps, string key)
    {
        if (state[key] is JsonObject { Count: 0 } || stamps[key] is not JsonObject section)
        {
            stamps[key] = section = [];
        }

        return section;
    }

    private static JsonNode Stamp(JsonNode? value, long seconds) => value switch
    {
        JsonArray array => new JsonArray([.. array.Select(item => Stamp(item, seconds))]),
        JsonObject section => new JsonObject(section.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)Stamp(pair.Value, seconds)))),
        _ => new JsonObject { ["timestamp"] = seconds },
    };

    private static void RefuseMalformed(ShadowChange change)
    {
        if (change is { Desired: null, Reported: null, ClearDesired: false, ClearReported: false })
        {
            throw new ShadowRefusedException("The change has no state: name desired or reported.");
        }

        if (change.ClientToken is { } token && Encoding.UTF8.GetByteCount(token) > MaxClientTokenBytes)
        {
            throw new ShadowRefusedException($"The client token has {Encoding.UTF8.GetByteCount(token)} bytes; at most {MaxClientTokenBytes} are taken.");
        }

        RefuseTooDeep(change.Desired, Desired);
        RefuseTooDeep(change.Reported, Reported);
    }

    private static void RefuseTooDeep(JsonObject? section, string name)
    {
        if (Depth(section) is var depth and > MaxDepth)
        {
            throw new ShadowRefusedException($"{name} has {depth} levels; at most {MaxDepth} are taken.");
        }
    }

    private static void RefuseTooLarge(JsonObject desired, JsonObject reported)
    {
        if (Size(desired, reported) is var bytes and > MaxBytes)
        {
            throw new ShadowRefusedException($"desired and reported would have {bytes} bytes; at most {MaxBytes} are taken. Prune what is reported already; the largest: {LargestEntries.Name(desired, reported)}.");
        }
    }

    [GeneratedRegex(@"^[a-zA-Z0-9:_-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ThingName();

    [GeneratedRegex(@"^[$a-zA-Z0-9:_-]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex ShadowName();
}
