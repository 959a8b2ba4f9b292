using System.Collections.Concurrent;
using System.Text.Json;
using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Dirt;

/// <summary>
/// Spoils messages between measuring and the outbox: what is kept there is what is sent, so a kill neither adds dirt nor takes any away.
/// Which message gets which kind is a pure function of seed, train and sequence. What was injected is counted when it goes into the outbox to be sent.
/// </summary>
internal sealed class DirtSpreader(DirtOptions options, int seed) : IInjectedDirt
{
    private const int LateSeconds = 90;

    private readonly IReadOnlyList<DirtKind> _kinds = DirtKind.Of(options);
    private readonly ConcurrentDictionary<string, long> _injected = new(DirtKind.Of(options).Select(kind => KeyValuePair.Create(kind.Name, 0L)), StringComparer.Ordinal);
    private readonly List<DelayedMessage> _delayed = [];
    private long _lastId;

    public IReadOnlyDictionary<string, long> Injected => new SortedDictionary<string, long>(_injected, StringComparer.Ordinal);

    /// <summary>Takes over what an earlier run held back.</summary>
    public void Begin(IReadOnlyList<DelayedMessage> delayed)
    {
        _delayed.Clear();
        _delayed.AddRange(delayed);
        _lastId = delayed.Select(message => message.Id).DefaultIfEmpty().Max();
    }

    /// <summary>Spoils what the batch holds.</summary>
    /// <param name="second">The trains' second.</param>
    public void Spread(OutboxBatch batch, long second)
    {
        if (_kinds.Count == 0 && _delayed.Count == 0)
        {
            return;
        }

        foreach (var record in batch.TakeRecords())
        {
            if (record.Kind == SourceRecordKind.Telemetry)
            {
                Send(record.Body, batch, second);
            }
            else
            {
                batch.Add(record.Kind, record.Body.Span);
            }
        }

        Release(batch, message => message.DueSecond <= second);
    }

    private void Send(ReadOnlyMemory<byte> body, OutboxBatch batch, long second)
    {
        var (trainId, sequence) = ReadHead(body);
        if (_delayed.Any(message => message.TrainId == trainId && message.IsOvertaken))
        {
            // What overtakes is clean, so that the one overtaken is out of order and nothing else.
            batch.Add(SourceRecordKind.Telemetry, body.Span);
            Release(batch, message => message.TrainId == trainId && message.IsOvertaken);
            return;
        }

        foreach (var kind in _kinds)
        {
            var block = kind.Block == 0 ? 0 : sequence / kind.Block;
            var key = Chance.Key((ulong)seed, $"{kind.Name} {trainId}");
            if (Chance.Uniform(key, (ulong)block) * 1000 < kind.Rate && Spoil(kind, new Draw(trainId, sequence, (ulong)(Chance.Uniform(key, (ulong)block + 1) * int.MaxValue)), body, batch, second))
            {
                return;
            }
        }

        batch.Add(SourceRecordKind.Telemetry, body.Span);
    }

    private bool Spoil(DirtKind kind, Draw draw, ReadOnlyMemory<byte> body, OutboxBatch batch, long second)
    {
        var spoilt = kind.Spoil?.Invoke(body, draw.Chance);
        switch (kind.Name)
        {
            case DirtKind.Late:
                // All of a block come at once.
                Delay(new DelayedMessage(++_lastId, second + LateSeconds + kind.Block - 1 - (draw.Sequence % kind.Block), draw.TrainId, false, body.ToArray()), batch);
                return true;
            case DirtKind.Reordered:
                Delay(new DelayedMessage(++_lastId, second + LateSeconds, draw.TrainId, true, body.ToArray()), batch);
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
        _delayed.Add(message);
        batch.Delay(message);
    }

    private void Release(OutboxBatch batch, Func<DelayedMessage, bool> isDue)
    {
        foreach (var message in _delayed.Where(isDue).ToList())
        {
            _delayed.Remove(message);
            batch.Add(SourceRecordKind.Telemetry, message.Body);
            batch.Undelay(message.Id);
            Count(message.IsOvertaken ? DirtKind.Reordered : DirtKind.Late);
        }
    }

    private void Count(string kind) => _injected.AddOrUpdate(kind, 1, static (_, count) => count + 1);

    private static (string TrainId, long Sequence) ReadHead(ReadOnlyMemory<byte> body)
    {
        // The trains write these two first.
        var json = new Utf8JsonReader(body.Span);
        var (trainId, sequence) = ("", -1L);
        while ((trainId.Length == 0 || sequence < 0) && json.Read())
        {
            if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("trainId"u8))
            {
                json.Read();
                trainId = json.GetString()!;
            }
            else if (json.TokenType == JsonTokenType.PropertyName && json.ValueTextEquals("sequence"u8))
            {
                json.Read();
                sequence = json.GetInt64();
            }
        }

        return (trainId, sequence);
    }

    private readonly record struct Draw(string TrainId, long Sequence, ulong Chance);
}
