using OpsPortal.Core.Alerts;

namespace OpsPortal.Alerts;

/// <summary>Which alerts the page shows; all of it stands in the address.</summary>
/// <param name="State">Null: all open ones.</param>
/// <param name="Severity">Null: any.</param>
/// <param name="TrainId">Null: any.</param>
/// <param name="Problem">What of the address was not understood, in words; null when all was.</param>
public sealed record AlertFilter(AlertState? State, Severity? Severity, string? TrainId, string? Problem)
{
    /// <summary>States that can be asked for; the alert desk's come with it.</summary>
    public static IReadOnlyList<AlertState> States { get; } = [AlertState.Unacknowledged, AlertState.Acknowledged, AlertState.ReturnedUnacknowledged, AlertState.Cleared];

    /// <summary>Severities, worst first.</summary>
    public static IReadOnlyList<Severity> Severities { get; } = [Core.Alerts.Severity.Critical, Core.Alerts.Severity.Warning, Core.Alerts.Severity.Watch];

    /// <summary>Reads the filter from the address; what is not understood is said, not guessed.</summary>
    public static AlertFilter Read(string? state, string? severity, string? train)
    {
        var (readState, badState) = Read(state, States);
        var (readSeverity, badSeverity) = Read(severity, Severities);
        var problem = badState ? $"There is no state “{state}”; all open alerts are shown." : badSeverity ? $"There is no severity “{severity}”; any is shown." : null;
        return new(readState, readSeverity, string.IsNullOrWhiteSpace(train) ? null : train.Trim(), problem);
    }

    /// <summary>Whether the alert is to be shown.</summary>
    public bool Shows(Alert alert) =>
        (State is null ? alert.IsOpen : alert.State == State)
        && (Severity is null || alert.Episode.Severity == Severity)
        && (TrainId is null || alert.Train.Id == TrainId);

    /// <summary>The address that shows this filter.</summary>
    public string Address
    {
        get
        {
            var parts = new[] { Part("state", State), Part("severity", Severity), TrainId is null ? null : $"train={Uri.EscapeDataString(TrainId)}" };
            var query = string.Join('&', parts.Where(part => part is not null));
            return query.Length == 0 ? "/alerts" : $"/alerts?{query}";
        }
    }

    private static string? Part<T>(string name, T? value)
        where T : struct, Enum => value is { } word ? $"{name}={Word(word)}" : null;

    private static string Word<T>(T value)
        where T : struct, Enum => char.ToLowerInvariant(value.ToString()[0]) + value.ToString()[1..];

    private static (T? Value, bool IsBad) Read<T>(string? text, IReadOnlyList<T> known)
        where T : struct, Enum
    {
        if (string.IsNullOrEmpty(text))
        {
            return (null, false);
        }

        var match = known.Where(value => Word(value) == text).Select(value => (T?)value).FirstOrDefault();
        return (match, match is null);
    }
}
