using System.Globalization;
using System.Text.Json.Nodes;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Adapters.Simulated.Shadows;

/// <summary>
/// What a train makes of its shadow <c>operations</c>: it takes each desired acknowledgement it has not taken yet, and says so by
/// reporting the same, with its own time under <c>received</c>. What is no longer desired it forgets.
/// </summary>
internal static class AppliedShadow
{
    private const string Acknowledgements = "acknowledgements";
    private const string Received = "received";

    /// <summary>What there is to report, or null when the train and the shadow agree.</summary>
    public static JsonObject? Report(DeviceShadow shadow, DateTimeOffset trainTime)
    {
        var desired = shadow.Desired[Acknowledgements] as JsonObject;
        var reported = shadow.Reported[Acknowledgements] as JsonObject;
        var (taken, times) = (new JsonObject(), new JsonObject());
        foreach (var (alertId, wanted) in desired ?? [])
        {
            if (wanted is not null && !JsonNode.DeepEquals(wanted, reported?[alertId]))
            {
                taken[alertId] = wanted.DeepClone();
                times[alertId] = trainTime.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
            }
        }

        Forget(reported, desired, taken);
        Forget(shadow.Reported[Received] as JsonObject, desired, times);
        return (taken.Count, times.Count) == (0, 0) ? null : new JsonObject { [Acknowledgements] = taken, [Received] = times };
    }

    private static void Forget(JsonObject? reported, JsonObject? desired, JsonObject report)
    {
        foreach (var (alertId, _) in reported ?? [])
        {
            if (desired?.ContainsKey(alertId) != true)
            {
                report[alertId] = null;
            }
        }
    }
}
