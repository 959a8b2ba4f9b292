using System.Text.Json;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Core.Detection;

/// <summary>What the pipeline remembers of all trains, and the pure step from records to findings.</summary>
internal sealed class DetectorMemory(DetectorOptions detector, PipelineOptions pipeline)
{
    // Sensors of one train: a train that invents new ids without end must not fill the memory.
    private const int MaxSensors = 500;

    // Clocks and networks are never quite even; a train further ahead than this has a fast clock.
    private static readonly TimeSpan EvenWithin = TimeSpan.FromSeconds(5);

    private readonly Dictionary<string, TrainMemory> _trains = new(StringComparer.Ordinal);
    private Dictionary<string, Train> _registered = new(StringComparer.Ordinal);

    /// <summary>Offset of the last record that went in.</summary>
    public long SourceOffset { get; private set; }

    /// <summary>Restores from a snapshot.</summary>
    /// <returns>Trains whose state could not be read (another version, spoilt): they begin anew, nothing else is lost.</returns>
    public IReadOnlyList<string> Restore(DetectorSnapshot snapshot)
    {
        SourceOffset = snapshot.SourceOffset;
        var unreadable = new List<string>();
        foreach (var (id, bytes) in snapshot.Trains)
        {
            try
            {
                _trains[id] = TrainMemory.Read(bytes, detector);
            }
            catch (Exception e) when (e is InvalidDataException or EndOfStreamException or JsonException or ArgumentException)
            {
                unreadable.Add(id);
            }
        }

        return unreadable;
    }

    /// <summary>Takes the registry as it is now; trains already followed get their new registration.</summary>
    public void Register(IReadOnlyList<Train> trains)
    {
        _registered = trains.ToDictionary(train => train.Identity.Id, StringComparer.Ordinal);
        foreach (var (id, memory) in _trains)
        {
            if (_registered.TryGetValue(id, out var train))
            {
                memory.Register(train, detector);
            }
        }
    }

    /// <summary>Takes a batch in, in order.</summary>
    public BatchFindings Take(IReadOnlyList<SourceRecord> batch)
    {
        var findings = new BatchFindings();
        foreach (var record in batch)
        {
            if (record.Kind == SourceRecordKind.Presence)
            {
                TakePresence(record, findings);
            }
            else
            {
                TakeTelemetry(record, findings);
            }
        }

        foreach (var memory in findings.Changed.Values)
        {
            if (memory.PeekWindow() is { } window)
            {
                findings.Windows.Add(window);
            }
        }

        SourceOffset = findings.LastOffset = batch[^1].Offset;
        findings.Counts = findings.Counts with { Received = batch.Count };
        return findings;
    }

    private void TakePresence(SourceRecord record, BatchFindings findings)
    {
        var (presence, detail) = PresenceParser.Parse(record.Body);
        if (presence is null)
        {
            SetAside(record, SetAsideReasons.BadPresence, detail!, findings);
            return;
        }

        if (Find(presence.TrainId, record, findings) is { } memory)
        {
            memory.Apply(presence, record);
            findings.Changed[presence.TrainId] = memory;
            findings.Counts = findings.Counts with { Presence = findings.Counts.Presence + 1 };
        }
    }

    private void TakeTelemetry(SourceRecord record, BatchFindings findings)
    {
        var parsed = TelemetryParser.Parse(record.Body, record.ReceivedAt);
        if (parsed.Message is not { } message)
        {
            SetAside(record, parsed.Reason!, parsed.Detail!, findings);
            return;
        }

        if (Find(message.TrainId, record, findings) is not { } memory)
        {
            return;
        }

        if (memory.State.Readings.Count + message.Readings.Count > MaxSensors && message.Readings.Keys.Count(id => !memory.State.Readings.ContainsKey(id)) + memory.State.Readings.Count > MaxSensors)
        {
            SetAside(record, SetAsideReasons.BadReadings, $"the train would have more than {MaxSensors} sensors", findings);
            return;
        }

        var seen = memory.See(message, record.Body.Span);
        if (seen != SequenceSeen.New)
        {
            SetAside(record, seen == SequenceSeen.Duplicate ? SetAsideReasons.Duplicate : SetAsideReasons.ConflictingDuplicate, $"sequence {message.Sequence} of {message.TrainId} had been there", findings);
            findings.Counts = findings.Counts with { Duplicates = findings.Counts.Duplicates + 1 };
            return;
        }

        Keep(memory, message, parsed, record, findings);
    }

    private void Keep(TrainMemory memory, TelemetryMessage message, ParsedTelemetry parsed, SourceRecord record, BatchFindings findings)
    {
        var late = record.ReceivedAt - message.MeasuredAt > pipeline.LateAfter;
        var doubt = memory.Doubt(message, pipeline.FastestKmh);
        message = doubt switch
        {
            PositionDoubt.Swapped => message with { Position = null },
            PositionDoubt.Jump => message with { Position = message.Position! with { Suspect = true } },
            _ => message,
        };
        var result = memory.Detect(message, record, late);
        if (memory.Pack(message, record, late) is { } closed)
        {
            findings.Windows.Add(closed);
        }

        var badPosition = parsed.BadPosition || doubt == PositionDoubt.Swapped;
        var outOfOrder = memory.Apply(message, record, badPosition);
        if (result.Anomaly is { } anomaly)
        {
            findings.Anomalies.Add(anomaly);
        }

        findings.Changes.AddRange(result.Changes);
        findings.Changed[message.TrainId] = memory;
        var counts = findings.Counts;
        findings.Counts = counts with
        {
            Kept = counts.Kept + 1,
            Late = counts.Late + (late ? 1 : 0),
            OutOfOrder = counts.OutOfOrder + (outOfOrder ? 1 : 0),
            BadPositions = counts.BadPositions + (badPosition ? 1 : 0),
            Jumps = counts.Jumps + (doubt == PositionDoubt.Jump ? 1 : 0),
            BadReadings = counts.BadReadings + parsed.BadReadings,
            UnknownFields = counts.UnknownFields + parsed.UnknownFields,
            Ahead = counts.Ahead + (message.MeasuredAt - record.ReceivedAt > EvenWithin ? 1 : 0),
            OutOfRange = counts.OutOfRange + memory.CountOutOfRange(message),
            Unregistered = counts.Unregistered + (_registered.ContainsKey(message.TrainId) ? 0 : 1),
        };
    }

    private TrainMemory? Find(string trainId, SourceRecord record, BatchFindings findings)
    {
        if (_trains.TryGetValue(trainId, out var memory))
        {
            return memory;
        }

        if (_trains.Count >= pipeline.MaxTrains)
        {
            SetAside(record, SetAsideReasons.TooManyTrains, $"{pipeline.MaxTrains} trains are followed already (Pipeline:MaxTrains)", findings);
            return null;
        }

        return _trains[trainId] = new TrainMemory(_registered.GetValueOrDefault(trainId) ?? Unknown(trainId), detector);
    }

    /// <summary>A train nobody registered: taken in all the same, visible to those who may see the whole fleet.</summary>
    private static Train Unknown(string trainId) =>
        new(new TrainIdentity(trainId, "unknown", "unknown", "unknown"), trainId, TimeSpan.FromSeconds(1), PositionKnown: true);

    private static void SetAside(SourceRecord record, string reason, string detail, BatchFindings findings) =>
        findings.SetAside.Add(new DeadLetter(record.Offset, record.ReceivedAt, reason, detail, record.Body));
}
