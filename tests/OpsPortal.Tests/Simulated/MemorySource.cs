using System.Collections.Concurrent;
using System.Text.Json;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Simulated;

/// <summary>The intake's contract in memory: a number already taken is skipped. Fails and forgets confirmations on demand.</summary>
public sealed class MemorySource : ITelemetryIntake
{
    private readonly Lock _lock = new();
    private readonly List<(SourceRecordKind Kind, byte[] Body)> _records = [];
    private long _last;

    /// <summary>The next appends are refused.</summary>
    public bool Down { get; set; }

    /// <summary>The next append is taken, but its confirmation is lost: as a kill between append and delete looks from outside.</summary>
    public bool LoseNextConfirmation { get; set; }

    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _records.Count;
            }
        }
    }

    /// <summary>The gateway's last word on each train: connected or disconnected.</summary>
    public ConcurrentDictionary<string, string> LastWords { get; } = new(StringComparer.Ordinal);

    public Task AppendAsync(string sender, IReadOnlyList<OutgoingRecord> records, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (Down)
            {
                throw new IOException("The source is down.");
            }

            foreach (var record in records.Where(record => record.Number > _last))
            {
                _records.Add((record.Kind, record.Body.ToArray()));
                _last = record.Number;
                if (record.Kind == SourceRecordKind.Presence)
                {
                    using var presence = JsonDocument.Parse(record.Body);
                    LastWords[presence.RootElement.GetProperty("clientId").GetString()!] = presence.RootElement.GetProperty("eventType").GetString()!;
                }
            }

            if (LoseNextConfirmation)
            {
                LoseNextConfirmation = false;
                throw new IOException("The confirmation was lost.");
            }
        }

        return Task.CompletedTask;
    }

    public Task<long> GetLastNumberAsync(string sender, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            return Task.FromResult(_last);
        }
    }

    /// <summary>Telemetry as the product's parser reads it, in the order received; fails on anything it would set aside.</summary>
    public IReadOnlyList<TelemetryMessage> Messages(DateTimeOffset receivedAt)
    {
        return [.. Parse(receivedAt).Select(parsed =>
        {
            Assert.True(parsed.Message is not null, parsed.Detail);
            Assert.Equal((false, 0, 0), (parsed.BadPosition, parsed.BadReadings, parsed.UnknownFields));
            return parsed.Message!;
        })];
    }

    /// <summary>Telemetry as the product's parser reads it, in the order received, whatever is wrong with it.</summary>
    public IReadOnlyList<ParsedTelemetry> Parse(DateTimeOffset receivedAt)
    {
        lock (_lock)
        {
            return [.. _records.Where(record => record.Kind == SourceRecordKind.Telemetry).Select(record => TelemetryParser.Parse(record.Body, receivedAt))];
        }
    }

    /// <summary>What was received of one train, in order: sequences of its messages, and its comings and goings.</summary>
    public IReadOnlyList<string> Story(string trainId)
    {
        lock (_lock)
        {
            return [.. _records.Select(record => Tell(record.Kind, record.Body, trainId)).OfType<string>()];
        }
    }

    private static string? Tell(SourceRecordKind kind, byte[] body, string trainId)
    {
        using var json = JsonDocument.Parse(body);
        var root = json.RootElement;
        return kind == SourceRecordKind.Presence
            ? root.GetProperty("clientId").GetString() == trainId ? root.GetProperty("eventType").GetString() : null
            : root.GetProperty("trainId").GetString() == trainId ? root.GetProperty("sequence").GetInt64().ToString(System.Globalization.CultureInfo.InvariantCulture) : null;
    }
}
