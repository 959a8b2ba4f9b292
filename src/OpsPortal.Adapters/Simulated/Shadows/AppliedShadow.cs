using System.Globalization;
using System.Text.Json.Nodes;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Adapters.Simulated.Shadows;

/// <summary>
/// What a train makes of its shadow <c>operations</c>: it takes each desired entry it has not taken yet and says so by reporting the
/// same; for an acknowledgement also its own time of taking it. What is no longer desired it forgets.
/// </summary>
internal static class AppliedShadow
{
    private const string Acknowledgements = "acknowledgements";
    private const string Received = "received";

    /// <summary>What there is to report, or null when the train and the shadow agree.</summary>
    public static JsonObject? Report(DeviceShadow shadow, DateTimeOffset trainTime)
    {
        var report = new JsonObject();
        foreach (var (section, wanted) in shadow.Desired)
        {
            Take(report, section, wanted, shadow.Reported[section]);
        }

        foreach (var (section, told) in shadow.Reported)
        {
            Forget(report, section, told, shadow.Desired[section == Received ? Acknowledgements : section]);
        }

        Stamp(report, trainTime);
        return report.Count == 0 ? null : report;
    }

    private static void Take(JsonObject report, string section, JsonNode? wanted, JsonNode? told)
    {
        if (wanted is not JsonObject entries)
        {
            if (!JsonNode.DeepEquals(wanted, told))
            {
                report[section] = wanted?.DeepClone();
            }

            return;
        }

        foreach (var (key, entry) in entries)
        {
            if (!JsonNode.DeepEquals(entry, (told as JsonObject)?[key]))
            {
                Section(report, section)[key] = entry?.DeepClone();
            }
        }
    }

    private static void Forget(JsonObject report, string section, JsonNode? told, JsonNode? wanted)
    {
        if (told is not JsonObject entries)
        {
            if (wanted is null)
            {
                report[section] = null;
            }

            return;
        }

        foreach (var (key, _) in entries)
        {
            if ((wanted as JsonObject)?.ContainsKey(key) != true)
            {
                Section(report, section)[key] = null;
            }
        }
    }

    private static void Stamp(JsonObject report, DateTimeOffset trainTime)
    {
        var at = trainTime.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        foreach (var (alertId, _) in (report[Acknowledgements] as JsonObject ?? []).Where(entry => entry.Value is not null).ToList())
        {
            Section(report, Received)[alertId] = at;
        }
    }

    private static JsonObject Section(JsonObject report, string section)
    {
        if (report[section] is JsonObject present)
        {
            return present;
        }

        var made = new JsonObject();
        report[section] = made;
        return made;
    }
}
