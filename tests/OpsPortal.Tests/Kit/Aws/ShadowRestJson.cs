using System.Text.Json;
using System.Text.Json.Nodes;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Tests.Kit.Aws;

/// <summary>Shadow documents as AWS IoT describes them, from the service's side.</summary>
internal static class ShadowRestJson
{
    /// <summary>The whole document. Sections that are empty are left out.</summary>
    public static string Write(DeviceShadow shadow)
    {
        var state = new JsonObject();
        Add(state, "desired", shadow.Desired);
        Add(state, "reported", shadow.Reported);
        Add(state, "delta", shadow.Delta);
        return new JsonObject { ["state"] = state, ["metadata"] = shadow.Metadata.DeepClone(), ["version"] = shadow.Version, ["timestamp"] = shadow.At.ToUnixTimeSeconds() }.ToJsonString();
    }

    /// <summary>The answer to an update: what was asked for, not the whole.</summary>
    public static string WriteAccepted(DeviceShadow shadow, JsonObject state, string? clientToken)
    {
        var answer = new JsonObject { ["state"] = state.DeepClone(), ["metadata"] = shadow.Metadata.DeepClone(), ["version"] = shadow.Version, ["timestamp"] = shadow.At.ToUnixTimeSeconds() };
        if (clientToken is not null)
        {
            answer["clientToken"] = clientToken;
        }

        return answer.ToJsonString();
    }

    /// <summary>The change that a request asks for, and its state as sent.</summary>
    /// <exception cref="ShadowRefusedException">It is not what AWS takes.</exception>
    public static (ShadowChange Change, JsonObject State) Read(string text)
    {
        try
        {
            var document = JsonNode.Parse(text)!.AsObject();
            var state = document["state"]?.AsObject() ?? throw new ShadowRefusedException("Missing required node: state");
            var change = new ShadowChange(
                state["desired"] as JsonObject,
                state["reported"] as JsonObject,
                (long?)document["version"],
                (string?)document["clientToken"],
                state.ContainsKey("desired") && state["desired"] is null,
                state.ContainsKey("reported") && state["reported"] is null);
            return (change, state);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new ShadowRefusedException("Invalid JSON");
        }
    }

    private static void Add(JsonObject state, string name, JsonObject section)
    {
        if (section.Count > 0)
        {
            state[name] = section.DeepClone();
        }
    }
}
