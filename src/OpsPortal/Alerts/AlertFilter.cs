using OpsPortal.Core.Alerts;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Alerts;

/// <summary>Which alerts the page shows; all of it stands in the address.</summary>
/// <param name="State">Null: all open ones.</param>
/// <param name="Severity">Null: any.</param>
/// <param name="TrainId">Null: any.</param>
/// <param name="Problem">What of the address was not understood, in words; null when all was.</param>
public sealed record AlertFilter(AlertState? State, Severity? Severity, string? TrainId, string? Problem)
{
    private const int LongestText = 100;

    /// <summary>States that can be asked for; the alert desk's come with it.</summary>
    public static IReadOnlyList<AlertState> States { get; } = [AlertState.Unacknowledged, AlertState.Acknowledged, AlertState.ReturnedUnacknowledged, AlertState.Cleared];

    /// <summary>Severities, worst first.</summary>
    public static IReadOnlyList<Severity> Severities { get; } = [Core.Alerts.Severity.Critical, Core.Alerts.Severity.Warning, Core.Alerts.Severity.Watch];

    /// <summary>Spans of time that can be asked for, as they stand in the address, in words, and how long they are.</summary>
    public static IReadOnlyList<(string Word, string Words, TimeSpan Span)> Spans { get; } =
    [
        ("15m", "last 15 minutes", TimeSpan.FromMinutes(15)),
        ("1h", "last hour", TimeSpan.FromHours(1)),
        ("6h", "last 6 hours", TimeSpan.FromHours(6)),
        ("24h", "last 24 hours", TimeSpan.FromHours(24)),
        ("7d", "last 7 days", TimeSpan.FromDays(7)),
    ];

    /// <summary>Subsystems the product knows.</summary>
    public static IReadOnlyList<string> Subsystems { get; } =
        [.. SensorCatalogue.KnownKinds.Select(kind => SensorCatalogue.Describe(kind).Subsystem).Distinct().Order(StringComparer.Ordinal)];

    /// <summary>Words that train, subsystem, explanation, sensor, operator or note must hold; null: any.</summary>
    public string? Text { get; init; }

    /// <summary>Null: any.</summary>
    public string? Subsystem { get; init; }

    /// <summary>Raised within, one of <see cref="Spans"/>; null: whenever.</summary>
    public string? Since { get; init; }

    /// <summary>Reads the filter from the address; what is not understood is said, not guessed.</summary>
    public static AlertFilter Read(string? state, string? severity, string? train, string? text = null, string? subsystem = null, string? since = null)
    {
        var (readState, badState) = Read(state, States);
        var (readSeverity, badSeverity) = Read(severity, Severities);
        var badSince = !string.IsNullOrEmpty(since) && Spans.All(span => span.Word != since);
        var problem = badState ? $"There is no state “{state}”; all open alerts are shown."
            : badSeverity ? $"There is no severity “{severity}”; any is shown."
            : badSince ? $"There is no span of time “{since}”; any is shown." : null;
        return new(readState, readSeverity, Given(train), problem) { Text = Given(text), Subsystem = Given(subsystem), Since = badSince ? null : Given(since) };
    }

    /// <summary>Whether nothing is left out but what is not open.</summary>
    public bool IsEverything => this with { Problem = null } == new AlertFilter(null, null, null, null);

    /// <summary>Whether the alert is to be shown.</summary>
    public bool Shows(Alert alert, DateTimeOffset now, string trainName) =>
        (State is null ? alert.IsOpen : alert.State == State)
        && (Severity is null || alert.Episode.Severity == Severity)
        && (TrainId is null || alert.Train.Id == TrainId)
        && (Subsystem is null || alert.Subsystem == Subsystem)
        && (From(now) is not { } from || alert.Episode.RaisedAt >= from)
        && (Text is null || Holds(alert, trainName));

    /// <summary>Since when, or null for whenever.</summary>
    public DateTimeOffset? From(DateTimeOffset now) => Since is null ? null : now - Spans.First(span => span.Word == Since).Span;

    /// <summary>The address that shows this filter.</summary>
    public string Address
    {
        get
        {
            var parts = new[] { Part("state", Word(State)), Part("severity", Word(Severity)), Part("train", TrainId), Part("q", Text), Part("subsystem", Subsystem), Part("since", Since) };
            var query = string.Join('&', parts.Where(part => part is not null));
            return query.Length == 0 ? "/alerts" : $"/alerts?{query}";
        }
    }

    /// <summary>As it stands in the address, or null.</summary>
    public static string? Word<T>(T? value)
        where T : struct, Enum => value is { } given ? char.ToLowerInvariant(given.ToString()[0]) + given.ToString()[1..] : null;

    private bool Holds(Alert alert, string trainName)
    {
        var texts = new[] { alert.Train.Id, trainName, SensorCatalogue.SubsystemWords(alert.Subsystem), alert.Episode.Explanation, alert.Acknowledgement?.By, alert.Acknowledgement?.Note };
        return texts.Concat(alert.Episode.Shares.Select(share => SensorCatalogue.Describe(share.Sensor).Words)).Any(text => text?.Contains(Text!, StringComparison.OrdinalIgnoreCase) ?? false);
    }

    private static string? Part(string name, string? value) => value is null ? null : $"{name}={Uri.EscapeDataString(value)}";

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim() is { Length: > LongestText } longer ? longer[..LongestText] : text.Trim();

    private static (T? Value, bool IsBad) Read<T>(string? text, IReadOnlyList<T> known)
        where T : struct, Enum
    {
        if (string.IsNullOrEmpty(text))
        {
            return (null, false);
        }

        var match = known.Where(value => Word<T>(value) == text).Select(value => (T?)value).FirstOrDefault();
        return (match, match is null);
    }
}
