using System.Buffers;
using System.Globalization;
using System.Text;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>One second of the whole fleet: every train measures; who can be reached sends, who cannot keeps, who comes out of a tunnel sends what it kept first.</summary>
internal sealed class FleetMeasurer(SimulatedFleet fleet, Outbox outbox, TimeProvider time) : IDisposable
{
    private readonly TelemetryWriter _writer = new();
    private readonly ArrayBufferWriter<byte> _scratch = new(4 * 1024);
    private readonly bool?[] _connected = new bool?[fleet.Trains.Count];
    private readonly HashSet<string> _holding = [.. outbox.HoldingTrains()];

    /// <summary>Measures one second into the batch.</summary>
    public void Measure(long second, long sequence, OutboxBatch batch)
    {
        Span<byte> measuredAt = stackalloc byte[24];
        DateTimeOffset.FromUnixTimeSeconds(second).TryFormat(measuredAt, out _, "yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);
        var trains = fleet.Trains;
        for (var i = 0; i < trains.Count; i++)
        {
            var train = trains[i];
            var motion = train.MotionAt(second);
            var reachable = train.IsReachable(motion.Km);
            if (_connected[i] != reachable)
            {
                _connected[i] = reachable;
                Change(train.Id, reachable, batch);
            }

            Write(train, motion, second, sequence, measuredAt, reachable, batch);
        }
    }

    /// <summary>Sends what trains kept that are no longer in the fleet.</summary>
    public void ReleaseOrphans(OutboxBatch batch)
    {
        foreach (var trainId in _holding.Where(id => fleet.Find(id) is null).ToList())
        {
            Release(trainId, batch);
            _holding.Remove(trainId);
        }
    }

    /// <summary>The gateway's word that a train came or went, by our clock.</summary>
    public void Change(string trainId, bool connected, OutboxBatch batch)
    {
        batch.Connection(trainId, connected);
        var presence = string.Create(CultureInfo.InvariantCulture, $$"""{"clientId":"{{trainId}}","timestamp":{{time.GetUtcNow().ToUnixTimeMilliseconds()}},"eventType":"{{(connected ? "connected" : "disconnected")}}"}""");
        batch.Add(SourceRecordKind.Presence, Encoding.UTF8.GetBytes(presence));
        if (connected && _holding.Remove(trainId))
        {
            Release(trainId, batch);
        }
    }

    public void Dispose() => _writer.Dispose();

    // What a batch has released lies on disk until the batch is kept: through a second tunnel in the same turn it must not be sent again.
    private void Release(string trainId, OutboxBatch batch) =>
        batch.Release(trainId, batch.Released.Contains(trainId) ? [] : outbox.Held(trainId));

    private void Write(SimulatedTrain train, in Motion motion, long second, long sequence, ReadOnlySpan<byte> measuredAt, bool reachable, OutboxBatch batch)
    {
        if (reachable)
        {
            _writer.Write(batch.Begin(), train, motion, second, sequence, measuredAt);
            batch.End(SourceRecordKind.Telemetry);
            return;
        }

        _scratch.ResetWrittenCount();
        _writer.Write(_scratch, train, motion, second, sequence, measuredAt);
        batch.Hold(train.Id, _scratch.WrittenSpan.ToArray());
        _holding.Add(train.Id);
    }
}
