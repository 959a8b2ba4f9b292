using System.Globalization;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Alerts;

/// <summary>Several states at once.</summary>
public enum AlertGroup
{
    /// <summary>Whatever the state, cleared ones too.</summary>
    Any,

    /// <summary>Those that nobody has acknowledged.</summary>
    NotAcknowledged,
}

/// <summary>Which alerts the page shows; all of it stands in the address.</summary>
/// <param name="State">Null: those of <see cref="Group"/>, or else all open ones.</param>
/// <param name="Severity">Null: any.</param>
/// <param name="TrainId">Null: any.</param>
/// <param name="Problem">What of the address was not understood, in words; null when all was.</param>
public sealed record AlertFilter(AlertState? State, Severity? Severity, string? TrainId, string? Problem)
{
    private const int LongestText = 100;

    /// <summary>States that can be asked for; the alert desk's come with it.</summary>
    public static IReadOnlyList<AlertState> States { get; } = [AlertState.Unacknowledged, AlertState.Acknowledged, AlertState.ReturnedUnacknowledged, AlertState.Cleared];

    /// <summary>Groups of states that can be asked for.</summary>
    public static IReadOnlyList<AlertGroup> Groups { get; } = [AlertGroup.Any, AlertGroup.NotAcknowledged];

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

    /// <summary>Several states at once; only where there is no single one. Null: all open ones.</summary>
    public AlertGroup? Group { get; init; }

    /// <summary>Line of the train; null: any.</summary>
    public string? Line { get; init; }

    /// <summary>Class of the train; null: any.</summary>
    public string? Class { get; init; }

    /// <summary>Raised then or later; null: whenever.</summary>
    public DateTimeOffset? RaisedFrom { get; init; }

    /// <summary>Raised before; null: whenever.</summary>
    public DateTimeOffset? RaisedTo { get; init; }

    /// <summary>Raised within, one of <see cref="Spans"/>; null: whenever.</summary>
    public string? Since { get; init; }

    /// <summary>Reads the filter from the address; what is not understood is said, not guessed.</summary>
    public static AlertFilter Read(
        string? state, string? severity, string? train, string? text = null, string? subsystem = null, string? since = null, string? line = null, string? trainClass = null, string? from = null, string? to = null)
    {
        var (group, isNoGroup) = Read(state, Groups);
        var (readState, badState) = isNoGroup ? Read(state, States) : (null, false);
        var (readSeverity, badSeverity) = Read(severity, Severities);
        var badSince = !string.IsNullOrEmpty(since) && Spans.All(span => span.Word != since);
        var problem = badState ? $"There is no state “{state}”; all open alerts are shown."
            : badSeverity ? $"There is no severity “{severity}”; any is shown."
            : badSince ? $"There is no span of time “{since}”; any is shown."
            : IsBadTime(from) || IsBadTime(to) ? "From and to must be times with a zone, such as 2026-11-21T20:58:01Z; any time is shown." : null;
        return new(readState, readSeverity, Given(train), problem) 
        {
            Text = Given(text), Subsystem = Given(subsystem), Since = badSince ? null : Given(since), Group = group, Line = Given(line), Class = Given(trainClass), RaisedFrom = Time(from), RaisedTo = Time(to),
        };
    }

    /// <summary>Whether nothing is left out but what is not open.</summary>
    public bool IsEverything => this with { Problem = null } == new AlertFilter(null, null, null, null);

    /// <summary>Whether the alert is to be shown.</summary>
    public bool Shows(Alert alert, DateTimeOffset now, string trainName) =>
        ShowsState(alert)
        && (Severity is null || alert.Episode.Severity == Severity)
        && (TrainId is null || alert.Train.Id == TrainId)
        && (Subsystem is null || alert.Subsystem == Subsystem)
        && (Line is null || alert.Train.Line == Line)
        && (Class is null || alert.Train.Class == Class)
        && (From(now) is not { } from || alert.Episode.RaisedAt >= from)
        && (RaisedTo is null || alert.Episode.RaisedAt < RaisedTo)
        && (Text is null || Holds(alert, trainName));

    /// <summary>Since when, or null for whenever.</summary>
    public DateTimeOffset? From(DateTimeOffset now) => Since is null ? RaisedFrom : now - Spans.First(span => span.Word == Since).Span;

    /// <summary>Whether alerts are asked for that the feed does not speak of.</summary>
    public bool AsksPast => State == AlertState.Cleared || (State is null && Group == AlertGroup.Any);

    /// <summary>The states that are asked for in words.</summary>
    public string Words => State is { } state ? AlertWords.Of(state) : Group switch { AlertGroup.Any => "in any state", AlertGroup.NotAcknowledged => "acknowledged by nobody", _ => "open" };

    /// <summary>The address that shows this filter.</summary>
    public string Address
    {
        get
        {
            var parts = new[]
            {
                Part("state", Word(State) ?? Word(Group)), Part("severity", Word(Severity)), Part("train", TrainId), Part("q", Text), Part("subsystem", Subsystem), Part("since", Since),
                Part("line", Line), Part("class", Class), Part("from", Time(RaisedFrom)), Part("to", Time(RaisedTo)),
            };
            var query = string.Join('&', parts.Where(part => part is not null));
            return query.Length == 0 ? "/alerts" : $"/alerts?{query}";
        }
    }

    /// <summary>As it stands in the address, or null.</summary>
    public static string? Word<T>(T? value)
        where T : struct, Enum => value is { } given ? char.ToLowerInvariant(given.ToString()[0]) + given.ToString()[1..] : null;

    /// <summary>As it stands in the address, or null.</summary>
    public static string? Time(DateTimeOffset? at) => at?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    private bool ShowsState(Alert alert) => State is not null ? alert.State == State : Group switch
    {
        AlertGroup.Any => true,
        AlertGroup.NotAcknowledged => alert.Acknowledgement is null,
        _ => alert.IsOpen,
    };

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParseExact(text, ["yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK", "yyyy-MM-dd'T'HH:mm:ssK"], CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at.ToUniversalTime() : null;

    private static bool IsBadTime(string? text) => !string.IsNullOrEmpty(text) && Time(text) is null;

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
