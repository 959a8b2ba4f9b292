using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Health;

namespace OpsPortal.Core.Alerts;

/// <summary>How an acknowledgement of one alert ended.</summary>
public enum AcknowledgeOutcome
{
    Acknowledged,
    AlreadyAcknowledged,
    NotFound,
    Refused,
}

/// <summary>The answer to one acknowledgement.</summary>
/// <param name="Why">In words, null when acknowledged.</param>
/// <param name="Present">The alert as it is now; null when there is none to see.</param>
public sealed record AcknowledgeResult(string Id, AcknowledgeOutcome Outcome, string? Why, Alert? Present);

/// <summary>
/// The alert book: the only place that changes alerts. The detector's side and the operators' side are kept apart in the
/// document, so that replaying messages after a kill never undoes what an operator did, and the other way round.
/// </summary>
public sealed class AlertBook(IAlertStore store, IAuditLog audit, TimeProvider time, ILogger<AlertBook> logger)
{
    /// <summary>Longest note, in characters.</summary>
    public const int MaxNote = 2_000;

    // Two writers meet on one alert at most a few times in a row; a book that loses more often than this is being fought over.
    private const int MaxTries = 20;

    /// <summary>Takes what the detector found about an episode. Taking the same or an older change again does nothing.</summary>
    public async Task TakeAsync(AlertChange change, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var kept = await store.GetAsync(Scope.WholeFleet, change.AlertId, cancellationToken);
            if (kept is not null && kept.Episode.Number >= change.Episode.Number)
            {
                return;
            }

            try
            {
                await store.PutAsync(Merge(kept, change), kept?.Revision ?? 0, cancellationToken);
                return;
            }
            catch (AlertConflictException) when (attempt < MaxTries)
            {
                // An operator was quicker: read again and merge with what they did.
            }
        }
    }

    /// <summary>Says "seen, mine" in the user's name. The request is audited first (what cannot be audited is not done), its outcome afterwards.</summary>
    /// <remarks>What is done is not called undone: should the outcome of an acknowledgement find no place in the audit, the request is there.</remarks>
    /// <exception cref="ArgumentException">The note is missing, too long, or holds what is not text; names what to do.</exception>
    /// <exception cref="StoreUnavailableException">Nothing was done; of the store of alerts, it may have been.</exception>
    public async Task<AcknowledgeResult> AcknowledgeAsync(User user, string alertId, string note, string? from, CancellationToken cancellationToken)
    {
        RefuseBadNote(note);
        using var act = Correlations.Ensure("acknowledge");
        await AuditAsync(user, alertId, note, from, "requested", cancellationToken);
        for (var attempt = 1; ; attempt++)
        {
            var alert = await store.GetAsync(user.Scope, alertId, cancellationToken);
            if (Refusal(user, alertId, alert) is { } refusal)
            {
                await AuditAsync(user, alertId, note, from, refusal.Outcome.ToString(), cancellationToken);
                return refusal;
            }

            try
            {
                var kept = await store.PutAsync(Acknowledged(alert!, user, note), alert!.Revision, cancellationToken);
                await AuditDoneAsync(user, alertId, note, from, cancellationToken);
                return new AcknowledgeResult(alertId, AcknowledgeOutcome.Acknowledged, null, kept);
            }
            catch (AlertConflictException) when (attempt < MaxTries)
            {
                // The detector or another operator was quicker: look again whether there is still something to acknowledge.
            }
        }
    }

    /// <summary>Moves an acknowledgement on along its way to the train. A delivery that is there already, or gone, is left alone.</summary>
    /// <returns>The alert as kept; null when there is none.</returns>
    public async Task<Alert?> AdvanceDeliveryAsync(string alertId, Func<Delivery, Delivery> advance, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var alert = await store.GetAsync(Scope.WholeFleet, alertId, cancellationToken);
            if (alert?.Delivery is not { } delivery || delivery.ReportedAt is not null || advance(delivery) is not { } advanced || advanced == delivery)
            {
                return alert;
            }

            try
            {
                return await store.PutAsync(alert with { Delivery = advanced, History = [.. alert.History, .. Steps(delivery, advanced)] }, alert.Revision, cancellationToken);
            }
            catch (AlertConflictException) when (attempt < MaxTries)
            {
                // Read again: the detector may have grown the alert in between.
            }
        }
    }

    private static IEnumerable<AlertAct> Steps(Delivery before, Delivery after)
    {
        if (before.DesiredAt is null && after.DesiredAt is { } desired)
        {
            yield return new AlertAct(desired, "delivery", "desired", $"version {after.DesiredVersion}");
        }

        if (before.OnlineAt is null && after.OnlineAt is { } online)
        {
            yield return new AlertAct(online, "delivery", "online", null);
        }

        if (after.ReportedAt is { } reported)
        {
            yield return new AlertAct(reported, "train", "reported", after.TrainTime is { } at ? $"by its own clock {at:yyyy-MM-dd HH:mm:ss} UTC" : null);
        }
    }

    private Alert Acknowledged(Alert alert, User user, string note)
    {
        var now = time.GetUtcNow();
        return alert with
        {
            Acknowledgement = new Acknowledgement(user.Name, now, note) { Correlation = Correlations.Present },
            Delivery = new Delivery(now, null, null, null, null, null, 0, null),
            History = [.. alert.History, new AlertAct(now, user.Name, "acknowledge", note)],
        };
    }

    private static AcknowledgeResult? Refusal(User user, string alertId, Alert? alert) => alert switch
    {
        _ when !user.May(Verb.Acknowledge) => new(alertId, AcknowledgeOutcome.Refused, "Your role may not acknowledge alerts; ask an operator.", null),
        null => new(alertId, AcknowledgeOutcome.NotFound, "There is no such alert.", null),
        { Acknowledgement: { } by } => new(alertId, AcknowledgeOutcome.AlreadyAcknowledged, Closed(alert) + $"{by.By} acknowledged it at {by.At:yyyy-MM-dd HH:mm:ss} UTC.", alert),
        _ => null,
    };

    private static string Closed(Alert alert) =>
        alert.Episode.ClearedAt is { } cleared ? string.Create(CultureInfo.InvariantCulture, $"It is already closed, cleared at {cleared:yyyy-MM-dd HH:mm:ss} UTC. ") : "";

    private static Alert Merge(Alert? kept, AlertChange change)
    {
        var act = (kept, change.Episode) switch
        {
            (null, _) => "raise",
            ({ Episode.ClearedAt: null }, { ClearedAt: not null }) => "clear",
            _ when change.Episode.Severity > kept!.Episode.Severity => "escalate",
            _ => null,
        };
        var history = kept?.History ?? [];
        if (act is not null)
        {
            history = [.. history, new AlertAct(change.Episode.ReceivedAt, "detector", act, change.Episode.Explanation)];
        }

        return kept is null
            ? new Alert(change.AlertId, change.Train, change.Subsystem, SafetyClasses.Of(change.Subsystem), change.Episode, null, null, history, 0)
            : kept with { Episode = change.Episode, History = history };
    }

    private Task AuditAsync(User user, string alertId, string note, string? from, string outcome, CancellationToken cancellationToken) =>
        audit.AppendAsync(new AuditEntry(time.GetUtcNow(), user.Name, "acknowledge", alertId, from, outcome, note, Correlations.Present), cancellationToken);

    // It stands in the alert by now and goes to the train, whether or not the caller still waits.
    private async Task AuditDoneAsync(User user, string alertId, string note, string? from, CancellationToken cancellationToken)
    {
        try
        {
            await AuditAsync(user, alertId, note, from, nameof(AcknowledgeOutcome.Acknowledged), cancellationToken);
        }
        catch (StoreUnavailableException e)
        {
            logger.OutcomeNotAudited(e, alertId);
        }
    }

    private static void RefuseBadNote(string note)
    {
        if (string.IsNullOrWhiteSpace(note))
        {
            throw new ArgumentException("Say in a note why you acknowledge.", nameof(note));
        }

        if (note.Length > MaxNote)
        {
            throw new ArgumentException($"The note has {note.Length} characters; at most {MaxNote} are kept. Shorten it.", nameof(note));
        }

        if (note.EnumerateRunes().Any(IsNoText))
        {
            throw new ArgumentException("The note holds characters that cannot be seen (controls, marks that turn the direction of text, halves of a character). Type it as plain text; line breaks are fine.", nameof(note));
        }
    }

    // An unpaired surrogate is read as U+FFFD; the joiners are part of words and pictures.
    private static bool IsNoText(Rune rune) => rune.Value is not ('\n' or '\r' or '\t' or 0x200C or 0x200D)
        && (rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format);
}
