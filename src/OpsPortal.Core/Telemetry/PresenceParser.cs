using System.Text.Json;

namespace OpsPortal.Core.Telemetry;

/// <summary>The gateway's word on a train's connection.</summary>
public sealed record Presence(string TrainId, bool Connected);

/// <summary>Reads presence records: the fields of AWS IoT's lifecycle events that matter here.</summary>
public static class PresenceParser
{
    /// <summary>The presence, or null and why not.</summary>
    public static (Presence? Presence, string? Detail) Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            using var document = JsonDocument.Parse(body, new JsonDocumentOptions { MaxDepth = 16 });
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return (null, "not a JSON object");
            }

            var id = Text(root, "clientId");
            return (TelemetryParser.IsTrainId(id), Text(root, "eventType")) switch
            {
                (false, _) => (null, "clientId must be a train id"),
                (true, "connected") => (new Presence(id!, true), null),
                (true, "disconnected") => (new Presence(id!, false), null),
                _ => (null, "eventType must be connected or disconnected"),
            };
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return (null, "not JSON");
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
