using System.Globalization;
using System.Text.Json.Nodes;
using OpsPortal.Core.Alerts;

namespace OpsPortal.Core.Shadows;

/// <summary>
/// The named shadow <c>operations</c>: what trains are told, and how they answer.
/// <code>
/// desired.acknowledgements.{alertId} = { "by", "at", "v": 1 }     who acknowledged, when (ours)
/// desired.alerts.{alertId}           = { "severity", "subsystem", "raisedAt" }   while the condition stands
/// reported                           mirrors desired, key by key, as the train took it
/// reported.received.{alertId}        = the train's own time of taking the acknowledgement
/// </code>
/// Notes stay in the audit: the document may have 8 KB, and a note is not the train's business.
/// </summary>
public static class OperationsShadow
{
    public const string Name = "operations";

    /// <summary>Entries of each section at once, undelivered ones first; the others follow as these are confirmed. Keeps the document, mirrored by the train, under 8 KB.</summary>
    public const int MaxEntries = 12;

    private const string Acknowledgements = "acknowledgements";
    private const string Alerts = "alerts";

    /// <summary>What a train with these alerts should be told.</summary>
    public static JsonObject Desired(IEnumerable<Alert> alerts)
    {
        var acknowledgements = new JsonObject();
        var standing = new JsonObject();
        // Undelivered first: what the train has not yet got must not be pruned in favour of what it has.
        foreach (var alert in alerts.OrderBy(alert => alert.Delivery?.ReportedAt is not null).ThenByDescending(alert => alert.Episode.RaisedAt).ThenBy(alert => alert.Id, StringComparer.Ordinal))
        {
            if (alert.Acknowledgement is { } by && (alert.Episode.ClearedAt is null || alert.Delivery?.ReportedAt is null) && acknowledgements.Count < MaxEntries)
            {
                acknowledgements[alert.Id] = new JsonObject { ["by"] = Shorten(by.By), ["at"] = Time(by.At), ["v"] = 1 };
            }

            if (alert.Episode.ClearedAt is null && standing.Count < MaxEntries)
            {
                standing[alert.Id] = new JsonObject { ["severity"] = alert.Episode.Severity.ToString().ToLowerInvariant(), ["subsystem"] = Shorten(alert.Subsystem), ["raisedAt"] = Time(alert.Episode.RaisedAt) };
            }
        }

        return new JsonObject { [Acknowledgements] = acknowledgements, [Alerts] = standing };
    }

    /// <summary>The change that makes <paramref name="present"/> into <paramref name="wanted"/> within the two sections this product writes; null when nothing differs.</summary>
    public static JsonObject? Difference(JsonObject present, JsonObject wanted)
    {
        var change = new JsonObject();
        foreach (var section in new[] { Acknowledgements, Alerts })
        {
            var has = present[section] as JsonObject ?? [];
            var wants = wanted[section] as JsonObject ?? [];
            var difference = new JsonObject();
            foreach (var (key, value) in wants)
            {
                if (!JsonNode.DeepEquals(has[key], value))
                {
                    difference[key] = value?.DeepClone();
                }
            }

            foreach (var (key, _) in has)
            {
                if (!wants.ContainsKey(key))
                {
                    difference[key] = null;
                }
            }

            if (difference.Count > 0)
            {
                change[section] = difference;
            }
        }

        return change.Count == 0 ? null : change;
    }

    /// <summary>Whether desired carries the acknowledgement of this alert.</summary>
    public static bool IsDesired(DeviceShadow shadow, string alertId) => Entry(shadow.Desired, Acknowledgements, alertId) is not null;

    /// <summary>The train's own time of taking the acknowledgement, if the train has reported exactly what is desired.</summary>
    public static (bool Reported, DateTimeOffset? TrainTime) Reported(DeviceShadow shadow, string alertId)
    {
        var desired = Entry(shadow.Desired, Acknowledgements, alertId);
        if (desired is null || !JsonNode.DeepEquals(desired, Entry(shadow.Reported, Acknowledgements, alertId)))
        {
            return (false, null);
        }

        var time = Entry(shadow.Reported, "received", alertId) is JsonValue value && value.TryGetValue<string>(out var text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : (DateTimeOffset?)null;
        return (true, time);
    }

    // A train reports what it likes: a section that is a number, a text or a list holds no entry.
    private static JsonNode? Entry(JsonObject document, string section, string alertId) => (document[section] as JsonObject)?[alertId];

    private static string Time(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private static string Shorten(string text) => text.Length <= 40 ? text : text[..40];
}
