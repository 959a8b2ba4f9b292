using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Health;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Adapters.Aws.Iot;

/// <summary>
/// Device shadows in AWS IoT Core. An update whose outcome nobody knows is resolved by reading the shadow: it is done when the shadow says
/// what was asked for. It is sent again only with the version that was read, so that of the two at most one counts.
/// </summary>
internal sealed class IotDeviceShadows(IotRest rest, ShadowEars ears, AwsChance chance, ILogger<IotDeviceShadows> logger) : IDeviceShadows
{
    private const int MaxTries = 4;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public async Task<DeviceShadow?> GetAsync(string trainId, string name, CancellationToken cancellationToken)
    {
        ShadowRules.RefuseBadName(trainId, name);
        var ticket = ears.TakeTicket();
        var shadow = await rest.GetAsync(trainId, name, cancellationToken);
        ears.Tell(trainId, name, ticket, shadow);
        return shadow;
    }

    public async Task<DeviceShadow> UpdateAsync(string trainId, string name, ShadowChange change, CancellationToken cancellationToken)
    {
        var before = await GetAsync(trainId, name, cancellationToken);
        RefuseUnfit(before, change);
        var sent = change with { ClientToken = change.ClientToken ?? Guid.NewGuid().ToString("N") };
        var doubtful = false;
        for (var attempt = 1; ; attempt++)
        {
            var outcome = await rest.UpdateAsync(trainId, name, sent, cancellationToken);
            if (outcome is ShadowOutcome.Taken { Answer: var answer })
            {
                return await TakenAsync(trainId, name, before, change, answer, cancellationToken);
            }

            doubtful |= outcome is ShadowOutcome.Unknown;
            before = await ResolveAsync(trainId, name, outcome, cancellationToken);
            if (doubtful && before is not null && IsInEffect(before, change))
            {
                return before;
            }

            RefuseAnotherTry(change, before, outcome, attempt);
            RefuseUnfit(before, change with { Version = null });
            sent = sent with { Version = doubtful ? before?.Version ?? change.Version : change.Version };
            await Task.Delay(Pause * attempt * (0.5 + chance.Next()), chance.Time, cancellationToken);
        }
    }

    public async Task DeleteAsync(string trainId, string name, CancellationToken cancellationToken)
    {
        ShadowRules.RefuseBadName(trainId, name);
        await rest.DeleteAsync(trainId, name, cancellationToken);
        ears.Tell(trainId, name, ears.TakeTicket(), null);
    }

    public async Task<IReadOnlyList<string>> FindNamesAsync(string trainId, CancellationToken cancellationToken)
    {
        var names = new SortedSet<string>(StringComparer.Ordinal);
        string? next = null;
        do
        {
            var page = await rest.FindNamesAsync(trainId, next, cancellationToken);
            names.UnionWith(page.Names);
            // A service that gives the same place again would be asked for ever.
            next = page.Next == next ? null : page.Next;
        }
        while (next is not null);

        return [.. names];
    }

    // What can be refused is refused before it is sent, with this product's own words on what to prune.
    private void RefuseUnfit(DeviceShadow? present, ShadowChange change) => Applied(present, change, chance.Time.GetUtcNow());

    private static DeviceShadow Applied(DeviceShadow? present, ShadowChange change, DateTimeOffset at) =>
        ShadowRules.Apply(present, present?.Version ?? change.Version ?? 0, change, at);

    /// <summary>Whether making the change would change nothing any more.</summary>
    private static bool IsInEffect(DeviceShadow shadow, ShadowChange change)
    {
        var again = Applied(shadow, change with { Version = null }, shadow.At);
        return JsonNode.DeepEquals(again.Desired, shadow.Desired) && JsonNode.DeepEquals(again.Reported, shadow.Reported);
    }

    // The answer tells of the change only. When nobody wrote in between, the whole is known; otherwise it is read.
    private async Task<DeviceShadow> TakenAsync(string trainId, string name, DeviceShadow? before, ShadowChange change, Accepted answer, CancellationToken cancellationToken)
    {
        var written = Applied(before, change with { Version = null }, answer.At) with { Version = answer.Version };
        if (answer.Version == before?.Version + 1)
        {
            ears.Tell(trainId, name, ears.TakeTicket(), written);
            return written;
        }

        var read = await GetAsync(trainId, name, cancellationToken);
        return read is not null && read.Version >= answer.Version ? read : written;
    }

    private async Task<DeviceShadow?> ResolveAsync(string trainId, string name, ShadowOutcome outcome, CancellationToken cancellationToken)
    {
        if (outcome is ShadowOutcome.Unknown unknown)
        {
            Log.OutcomeUnknown(logger, trainId, name, unknown.Problem);
        }

        try
        {
            return await GetAsync(trainId, name, cancellationToken);
        }
        catch (StoreUnavailableException e) when (outcome is ShadowOutcome.Unknown)
        {
            throw new StoreUnavailableException(e.Store, $"whether the update of {trainId} was done is not known yet: {e.Problem}", e);
        }
    }

    private static void RefuseAnotherTry(ShadowChange change, DeviceShadow? now, ShadowOutcome outcome, int attempt)
    {
        // The caller decided on a document that is no more: only the caller can decide again.
        if (change.Version is { } named && (outcome is ShadowOutcome.Conflict || now?.Version != named))
        {
            throw new ShadowConflictException(now?.Version ?? 0);
        }

        if (attempt >= MaxTries)
        {
            throw outcome is ShadowOutcome.Unknown unknown
                ? new StoreUnavailableException("device shadow", $"the update was not done: {unknown.Problem}", unknown.Cause)
                : new ShadowConflictException(now?.Version ?? 0);
        }
    }
}
