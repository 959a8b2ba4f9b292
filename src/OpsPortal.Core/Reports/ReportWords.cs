using System.Globalization;

namespace OpsPortal.Core.Reports;

/// <summary>What the steps of a period are called.</summary>
internal static class StepWords
{
    public static string Of(ReportQuestion question) => question.StepKind.ToString().ToLowerInvariant();

    public static string Table(ReportQuestion question) => $"by{question.StepKind}";

    public static string Row(ReportQuestion question) => question.StepKind.ToString();
}

/// <summary>Sentences that several reports say.</summary>
internal static class ReportWords
{
    public static string NoTrains(ReportFacts facts) => facts.Trains.Count == 0
        ? "No trains are known here yet."
        : "No train of this line, class or name is inside what you may see.";

    public static string At(DateTimeOffset at, TimeZoneInfo zone)
    {
        var local = TimeZoneInfo.ConvertTime(at, zone);
        var offset = local.Offset == TimeSpan.Zero ? "UTC" : $"UTC{(local.Offset < TimeSpan.Zero ? "-" : "+")}{local.Offset:h\\:mm}";
        return string.Create(CultureInfo.InvariantCulture, $"{local:d MMM yyyy HH:mm} {offset}");
    }

    /// <summary>What is said about alerts that are not all known.</summary>
    public static IEnumerable<string> OfAlerts(ReportQuestion question, ReportFacts facts)
    {
        if (facts.AlertsAreCut)
        {
            yield return "There were more alerts than are counted for a report: the oldest are left out. Choose a shorter period, a line or a class.";
        }

        if (facts.KnownFrom is null)
        {
            yield return "Nothing is known here yet: there is nothing to count.";
        }
        else if (facts.KnownFrom > question.From)
        {
            yield return $"Alerts are known since {At(facts.KnownFrom.Value, question.Zone)}: earlier ones are in no figure.";
        }

        if (!facts.Trains.Any(train => (question.Line is null || question.Line == train.Line) && (question.Class is null || question.Class == train.Class) && (question.TrainId is null || question.TrainId == train.Id))
            && facts.Alerts.Count == 0)
        {
            yield return NoTrains(facts);
        }
    }

    /// <summary>Whether the period before is known as a whole, so that it can be compared with.</summary>
    public static bool KnowsBefore(ReportQuestion question, ReportFacts facts) => !facts.AlertsAreCut && facts.KnownFrom <= question.BeforeFrom;
}
