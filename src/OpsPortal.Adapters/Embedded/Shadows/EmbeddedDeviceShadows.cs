using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;
using OpsPortal.Adapters.Embedded.Feed;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Adapters.Embedded.Shadows;

/// <summary>Device shadows on one file: plays AWS IoT Core's shadow service. Changes of this process are heard at once, other processes' within the poll interval.</summary>
internal sealed class EmbeddedDeviceShadows(EmbeddedFiles files, TimeProvider time, ILogger<EmbeddedDeviceShadows> logger) : IDeviceShadows, IShadowDeltas, IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private bool _disposed;
    private readonly SqliteFile _file = files.Shadows;
    private readonly ShadowListeners _listeners = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _starting = new();
    private Task? _following;

    // Changes up to here are heard, or were made before anybody listened; -1 while that is not known.
    private long _heard = -1;

    public async Task<DeviceShadow?> GetAsync(string trainId, string name, CancellationToken cancellationToken)
    {
        ShadowRules.RefuseBadName(trainId, name);
        // A train listens, then gets: what changes after this reading must be heard, so the place to hear from is fixed before.
        if (Volatile.Read(ref _following) is not null)
        {
            await StartHearingAsync(cancellationToken);
        }

        return (await _file.ReadAsync(session => ShadowRow.Find(session, trainId, name), cancellationToken))?.ToShadow();
    }

    public async Task<DeviceShadow> UpdateAsync(string trainId, string name, ShadowChange change, CancellationToken cancellationToken)
    {
        ShadowRules.RefuseBadName(trainId, name);
        var (shadow, row) = await _file.WriteAsync(session => Update(session, trainId, name, change), cancellationToken);
        _listeners.Publish(row);
        return shadow;
    }

    public Task DeleteAsync(string trainId, string name, CancellationToken cancellationToken)
    {
        ShadowRules.RefuseBadName(trainId, name);
        return _file.WriteAsync(
            session =>
            {
                if (ShadowRow.Find(session, trainId, name) is { Deleted: false } row)
                {
                    (row with { Desired = "{}", Reported = "{}", Metadata = "{}", At = time.GetUtcNow(), Deleted = true, Change = ChangeNumbers.Take(session, 1) }).Keep(session);
                }
            },
            cancellationToken);
    }

    public Task<IReadOnlyList<string>> FindNamesAsync(string trainId, CancellationToken cancellationToken) =>
        _file.ReadAsync<IReadOnlyList<string>>(
            session => session.Read("SELECT name FROM shadows WHERE train = $train AND NOT deleted ORDER BY name", static row => row.GetString(0), ("$train", trainId)),
            cancellationToken);

    public async IAsyncEnumerable<DeviceShadow> WatchAsync(string trainId, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ShadowRules.RefuseBadName(trainId, name);
        using var listener = _listeners.Add(trainId, name);
        StartFollowing();
        var version = 0L;
        await foreach (var row in listener.Rows.ReadAllAsync(cancellationToken))
        {
            // A change of this process comes twice: at once, and again when the file is read.
            if (row.Version > version && row.ToShadow() is { } shadow)
            {
                version = row.Version;
                if (shadow.Delta.Count > 0)
                {
                    yield return shadow;
                }
            }
        }
    }

    /// <summary>May be called more than once: the container disposes it under each port it stands behind.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true))
        {
            return;
        }

        _stop.Cancel();
        _listeners.Close();
        _stop.Dispose();
    }

    private (DeviceShadow Shadow, ShadowRow Row) Update(SqliteSession session, string trainId, string name, ShadowChange change)
    {
        var present = ShadowRow.Find(session, trainId, name);
        var shadow = ShadowRules.Apply(present?.ToShadow(), present?.Version ?? 0, change, time.GetUtcNow());
        var row = new ShadowRow(
            trainId,
            name,
            shadow.Desired.ToJsonString(),
            shadow.Reported.ToJsonString(),
            shadow.Metadata.ToJsonString(),
            shadow.Version,
            shadow.At,
            false,
            ChangeNumbers.Take(session, 1));
        row.Keep(session);
        return (shadow, row);
    }

    private void StartFollowing()
    {
        lock (_starting)
        {
            _following ??= FollowAsync(_stop.Token);
        }
    }

    private async Task StartHearingAsync(CancellationToken cancellationToken)
    {
        if (Interlocked.Read(ref _heard) < 0)
        {
            var newest = await _file.ReadAsync(ChangeNumbers.Newest, cancellationToken);
            Interlocked.CompareExchange(ref _heard, newest, -1);
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var change = _file.Changes.Next;
                await StartHearingAsync(cancellationToken);
                await HearAsync(cancellationToken);
                await change.WaitAsync(cancellationToken);
            }
            catch (Exception) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                Log.CannotFollow(logger, e);
                await Task.Delay(Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task HearAsync(CancellationToken cancellationToken)
    {
        var rows = await _file.ReadAsync(
            session => session.Read($"SELECT {ShadowRow.Columns} FROM shadows WHERE change > $heard ORDER BY change", ShadowRow.From, ("$heard", Interlocked.Read(ref _heard))),
            cancellationToken);
        foreach (var row in rows)
        {
            _listeners.Publish(row);
            Interlocked.Exchange(ref _heard, row.Change);
        }
    }
}
