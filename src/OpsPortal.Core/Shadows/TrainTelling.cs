using System.Text.Json.Nodes;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Core.Shadows;

/// <summary>Brings one train's shadow to what its alerts ask for, and the alerts to what the train has reported.</summary>
public sealed class TrainTelling(IDeviceShadows shadows, IAlertStore alerts, ITrainStore trains, AlertBook book, TellingRecord record)
{
    private const int MaxAlerts = 1_000;

    // A conflict means that somebody else wrote in between: read again and merge. More than this is left to the next round.
    private const int MaxTries = 3;

    /// <summary>One round for one train.</summary>
    /// <returns>True when nothing is left to do until something changes.</returns>
    /// <exception cref="Exception">The shadow service or a store failed; the problem is noted on the alerts concerned.</exception>
    public async Task<bool> TellAsync(string trainId, CancellationToken cancellationToken)
    {
        var own = await FindAlertsAsync(trainId, cancellationToken);
        // What the train is told on account of an acknowledgement is audited, and sent, under the same id.
        using var act = Correlations.Continue("desire", own.Where(alert => alert.Delivery is { ReportedAt: null }).MaxBy(alert => alert.Acknowledgement?.At)?.Acknowledgement?.Correlation);
        DeviceShadow? shadow;
        try
        {
            shadow = await WriteDesiredAsync(trainId, own, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            await NoteProblemAsync(own, e.Message, cancellationToken);
            throw;
        }

        var undelivered = own.Where(alert => alert.Delivery is { ReportedAt: null }).ToList();
        var state = undelivered.Count == 0 ? null : await trains.GetAsync(Scope.WholeFleet, trainId, cancellationToken);
        var left = false;
        foreach (var alert in undelivered)
        {
            var kept = await book.AdvanceDeliveryAsync(alert.Id, delivery => Advance(delivery, alert.Id, shadow, state), cancellationToken);
            left |= kept?.Delivery is { ReportedAt: null };
        }

        // After a report there may be something to prune: the changed alert itself brings the train up again.
        return !left;
    }

    private async Task<IReadOnlyList<Alert>> FindAlertsAsync(string trainId, CancellationToken cancellationToken)
    {
        var open = await alerts.FindAsync(Scope.WholeFleet, new AlertQuery(AlertStates.Open, null, trainId, null, null, null, MaxAlerts), cancellationToken);
        var undelivered = await alerts.FindUndeliveredAsync(trainId, MaxAlerts, cancellationToken);
        return [.. open.Concat(undelivered).DistinctBy(alert => alert.Id)];
    }

    private async Task<DeviceShadow?> WriteDesiredAsync(string trainId, IReadOnlyList<Alert> own, CancellationToken cancellationToken)
    {
        var wanted = OperationsShadow.Desired(own);
        for (var attempt = 1; ; attempt++)
        {
            var shadow = await shadows.GetAsync(trainId, OperationsShadow.Name, cancellationToken);
            if (OperationsShadow.Difference(shadow?.Desired ?? [], wanted) is not { } change)
            {
                return shadow;
            }

            try
            {
                return await UpdateAsync(trainId, change, shadow, cancellationToken);
            }
            catch (ShadowConflictException) when (attempt < MaxTries)
            {
                // The train reported in between, or another portal wrote.
            }
        }
    }

    // What cannot be audited is not sent; what came of it is audited afterwards.
    private async Task<DeviceShadow> UpdateAsync(string trainId, JsonObject change, DeviceShadow? shadow, CancellationToken cancellationToken)
    {
        await record.AuditAsync(trainId, "requested", change.ToJsonString(), cancellationToken);
        try
        {
            var written = await shadows.UpdateAsync(trainId, OperationsShadow.Name, new ShadowChange(change, null, shadow?.Version), cancellationToken);
            await record.AuditAsync(trainId, "ok", $"version {written.Version}", cancellationToken);
            return written;
        }
        catch (ShadowConflictException)
        {
            await record.AuditAsync(trainId, "conflict", "the shadow had changed; it is read again", cancellationToken);
            throw;
        }
    }

    private Delivery Advance(Delivery delivery, string alertId, DeviceShadow? shadow, TrainState? state)
    {
        var now = record.Time.GetUtcNow();
        if (shadow is null || !OperationsShadow.IsDesired(shadow, alertId))
        {
            return delivery;
        }

        if (delivery.DesiredAt is null)
        {
            delivery = delivery with { DesiredAt = now, DesiredVersion = shadow.Version, Attempts = delivery.Attempts + 1, Problem = null };
        }

        var (reported, trainTime) = OperationsShadow.Reported(shadow, alertId);
        if (delivery.OnlineAt is null && (reported || (state is not null && ConnectivityRule.At(state, now) == Connectivity.Online)))
        {
            delivery = delivery with { OnlineAt = now };
        }

        return reported ? delivery with { ReportedAt = now, TrainTime = trainTime, Problem = null } : delivery;
    }

    private async Task NoteProblemAsync(IReadOnlyList<Alert> own, string problem, CancellationToken cancellationToken)
    {
        foreach (var alert in own.Where(alert => alert.Delivery is { ReportedAt: null } delivery && delivery.Problem != problem))
        {
            await book.AdvanceDeliveryAsync(alert.Id, delivery => delivery with { Problem = problem, Attempts = delivery.Attempts + 1 }, cancellationToken);
        }
    }
}

/// <summary>Writes down what trains are told.</summary>
public sealed class TellingRecord(IAuditLog audit, TimeProvider time)
{
    public TimeProvider Time { get; } = time;

    /// <summary>Audits a change of desired.</summary>
    public Task AuditAsync(string trainId, string outcome, string detail, CancellationToken cancellationToken) =>
        audit.AppendAsync(new AuditEntry(Time.GetUtcNow(), "delivery", "desire", trainId, null, outcome, detail, Correlations.Present), cancellationToken);
}
