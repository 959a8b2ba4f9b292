using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Adapters.Aws.Iot;

/// <summary>Shadow documents as AWS IoT writes and reads them.</summary>
internal static class ShadowJson
{
    // Of the year 5138; as milliseconds it is of 1973.
    private const long MostSeconds = 100_000_000_000;

    // The year 9999.
    private const long MostMilliseconds = 253_402_300_799_999;

    // Sizes count real UTF-8, so it is sent as such.
    private static readonly JsonSerializerOptions Compact = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The document of an answer to GET.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static DeviceShadow Read(string text)
    {
        var document = Parse(text);
        var state = document["state"] as JsonObject ?? [];
        var (desired, reported) = (Section(state, "desired"), Section(state, "reported"));
        // The service's own word on the difference goes first; it leaves the section out when there is none, and an object with nothing in it is none.
        var delta = state["delta"] is JsonObject told ? WithoutEmpty(told) : ShadowRules.Delta(desired, reported);
        return new DeviceShadow(desired, reported, delta, Section(document, "metadata"), Number(document, "version"), At(document));
    }

    /// <summary>Whether the service's difference is what the rules say it must be.</summary>
    public static bool HasExpectedDelta(DeviceShadow shadow) => JsonNode.DeepEquals(shadow.Delta, ShadowRules.Delta(shadow.Desired, shadow.Reported));

    /// <summary>An answer to an update: it tells of the change only, not of the whole shadow.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static Accepted ReadAccepted(string text)
    {
        var document = Parse(text);
        return new Accepted(Number(document, "version"), At(document), (string?)document["clientToken"]);
    }

    /// <summary>One page of names, and where the next begins.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    public static (IReadOnlyList<string> Names, string? Next) ReadNames(string text)
    {
        var document = Parse(text);
        return ([.. (document["results"] as JsonArray ?? []).Select(name => (string)name!)], (string?)document["nextToken"] is { Length: > 0 } next ? next : null);
    }

    /// <summary>What is wrong, from the body of a refusal.</summary>
    public static string Message(string text)
    {
        try
        {
            return (string?)Parse(text)["message"] ?? text;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return text.Length <= 200 ? text : text[..200];
        }
    }

    /// <summary>The body of an update.</summary>
    public static string Write(ShadowChange change)
    {
        var state = new JsonObject();
        Write(state, "desired", change.Desired, change.ClearDesired);
        Write(state, "reported", change.Reported, change.ClearReported);
        var document = new JsonObject { ["state"] = state };
        if (change.Version is { } version)
        {
            document["version"] = version;
        }

        if (change.ClientToken is { } token)
        {
            document["clientToken"] = token;
        }

        return document.ToJsonString(Compact);
    }

    private static void Write(JsonObject state, string name, JsonObject? section, bool clear)
    {
        if (clear)
        {
            state[name] = null;
        }
        else if (section is not null)
        {
            state[name] = section.DeepClone();
        }
    }

    private static JsonObject WithoutEmpty(JsonObject section)
    {
        var kept = new JsonObject();
        foreach (var (key, value) in section)
        {
            var node = value is JsonObject inside ? WithoutEmpty(inside) : value?.DeepClone();
            if (node is not JsonObject { Count: 0 })
            {
                kept[key] = node;
            }
        }

        return kept;
    }

    private static JsonObject Parse(string text) => JsonNode.Parse(text) as JsonObject ?? throw new JsonException("The answer is no JSON object.");

    private static JsonObject Section(JsonObject parent, string name) => parent[name] is JsonObject section ? (JsonObject)section.DeepClone() : [];

    private static long Number(JsonObject document, string name) => Whole(document, name) ?? throw new JsonException($"The answer has no {name}.");

    // AWS says whole seconds; others say parts of them too, or milliseconds.
    private static DateTimeOffset At(JsonObject document)
    {
        var said = Whole(document, "timestamp") ?? 0;
        return said switch
        {
            >= 0 and <= MostSeconds => DateTimeOffset.FromUnixTimeSeconds(said),
            > MostSeconds and <= MostMilliseconds => DateTimeOffset.FromUnixTimeMilliseconds(said),
            _ => throw new JsonException($"{said} is no timestamp."),
        };
    }

    private static long? Whole(JsonObject document, string name) => (double?)document[name] is { } number ? (long)number : null;
}

/// <summary>What the service says of an update it has taken.</summary>
internal sealed record Accepted(long Version, DateTimeOffset At, string? ClientToken);
