using System.Collections.Concurrent;
using System.Text.Json;
using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Dirt;

/// <summary>
/// Spoils messages between measuring and the outbox: what is kept there is what is sent, so a kill neither adds dirt nor takes any away.
/// Which message gets which kind is a pure function of seed, train and sequence. What was injected is counted when it is in the outbox.
/// </summary>
internal sealed class DirtSpreader(DirtOptions options, int seed) : IInjectedDirt
{
    private const int LateSeconds = 90;

    private readonly IReadOnlyList<DirtKind> _kinds = DirtKind.Of(options);
    private readonly ConcurrentDictionary<string, long> _injected = new(DirtKind.Of(options).Select(kind => KeyValuePair.Create(kind.Name, 0L)), StringComparer.Ordinal);
    // By train, oldest first: a train whose messages wait is in it, no other.
    private readonly Dictionary<string, List<DelayedMessage>> _delayed = new(StringComparer.Ordinal);
    // Spread by now, not yet in the outbox.
    private readonly Dictionary<string, int> _spread = new(StringComparer.Ordinal);
    private long _lastId;

    public IReadOnlyDictionary<string, long> Injected => new SortedDictionary<string, long>(_injected, StringComparer.Ordinal);

    /// <summary>Takes over what an earlier run held back.</summary>
    public void Begin(IReadOnlyList<DelayedMessage> delayed)
    {
        _delayed.Clear();
        _spread.Clear();
        foreach (var message in delayed)
        {
            Remember(message);
        }

        _lastId = delayed.Select(message => message.Id).DefaultIfEmpty().Max();
    }

    /// <summary>Spoils what the batch holds.</summary>
    public void Spread(OutboxBatch batch)
    {
        if (_kinds.Count == 0 && _delayed.Count == 0)
        {
            return;
        }

        foreach (var record in batch.TakeRecords())
        {
            if (record.Kind == SourceRecordKind.Telemetry)
            {
                Send(record.Body, batch);
            }
            else
            {
                batch.Add(record.Kind, record.Body.Span);
            }
        }
    }

    /// <summary>The batch that was spoilt is in the outbox.</summary>
    public void Kept()
    {
        foreach (var (kind, count) in _spread)
        {
            _injected.AddOrUpdate(kind, count, (_, before) => before + count);
        }

        _spread.Clear();
    }

    private void Send(ReadOnlyMemory<byte> body, OutboxBatch batch)
    {
        var (trainId, sequence, second) = ReadHead(body);
        if (_delayed.TryGetValue(trainId, out var waiting) && waiting.Exists(message => message.DueSecond <= second))
        {
            // What overtakes is clean, so that the one overtaken is out of order and nothing else.
            batch.Add(SourceRecordKind.Telemetry, body.Span);
            Release(trainId, waiting, second, batch);
            return;
        }

        foreach (var kind in _kinds)
        {
            var block = kind.Block == 0 ? 0 : sequence / kind.Block;
            var key = Chance.Key((ulong)seed, $"{kind.Name} {trainId}");
            if (Chance.Uniform(key, (ulong)block) * 1000 < kind.Rate && Spoil(kind, new Draw(trainId, sequence, second, (ulong)(Chance.Uniform(key, (ulong)block + 1) * int.MaxValue)), body, batch))
            {
                return;
            }
        }

        batch.Add(SourceRecordKind.Telemetry, body.Span);
    }

    private bool Spoil(DirtKind kind, Draw draw, ReadOnlyMemory<byte> body, OutboxBatch batch)
    {
        var spoilt = kind.Spoil?.Invoke(body, draw.Chance);
        switch (kind.Name)
        {
            case DirtKind.Late:
                // All of a block come at once.
                Delay(new DelayedMessage(++_lastId, draw.Second + LateSeconds + kind.Block - 1 - (draw.Sequence % kind.Block), draw.TrainId, false, body.ToArray()), batch);
                return true;
            case DirtKind.Reordered:
                Delay(new DelayedMessage(++_lastId, draw.Second, draw.TrainId, true, body.ToArray()), batch);
                return true;
            case DirtKind.Duplicates:
                batch.Add(SourceRecordKind.Telemetry, body.Span);
                break;
            case DirtKind.Stranger:
                batch.Add(SourceRecordKind.Telemetry, body.Span);
                break;
            default:
                if (spoilt is null)
                {
                    return false;
                }

                break;
        }

        batch.Add(SourceRecordKind.Telemetry, spoilt ?? body.Span);
        Count(kind.Name);
        return true;
    }

    private void Delay(DelayedMessage message, OutboxBatch batch)
    {
        Remember(message);
        batch.Delay(message);
    }

    private void Remember(DelayedMessage message)
    {
        if (!_delayed.TryGetValue(message.TrainId, out var waiting))
        {
            _delayed[message.TrainId] = waiting = [];
        }

        waiting.Add(message);
    }

    private void Release(string trainId, List<DelayedMessage> waiting, long second, OutboxBatch batch)
    {
        foreach (var message in waiting.Where(message => message.DueSecond <= second))
        {
            batch.Add(SourceRecordKind.Telemetry, message.Body);
            batch.Undelay(message.Id);
            Count(message.IsOvertaken ? DirtKind.Reordered : DirtKind.Late);
        }

        if (waiting.RemoveAll(message => message.DueSecond <= second) > 0 && waiting.Count == 0)
        {
            _delayed.Remove(trainId);
        }
    }

    private void Count(string kind) => _spread[kind] = _spread.GetValueOrDefault(kind) + 1;

    // The trains write these three first, in this order.
    private static (string TrainId, long Sequence, long Second) ReadHead(ReadOnlyMemory<byte> body)
    {
        var json = new Utf8JsonReader(body.Span);
        return (Next(ref json, "trainId"u8).GetString()!, Next(ref json, "sequence"u8).GetInt64(), Next(ref json, "measuredAt"u8).GetDateTimeOffset().ToUnixTimeSeconds());
    }

    private static ref Utf8JsonReader Next(ref Utf8JsonReader json, ReadOnlySpan<byte> name)
    {
        while (json.TokenType != JsonTokenType.PropertyName || !json.ValueTextEquals(name))
        {
            if (!json.Read())
            {
                throw new InvalidOperationException("A train wrote a message without its head.");
            }
        }

        json.Read();
        return ref json;
    }

    private readonly record struct Draw(string TrainId, long Sequence, long Second, ulong Chance);
}
