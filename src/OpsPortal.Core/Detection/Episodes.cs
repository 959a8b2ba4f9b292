using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Core.Detection;

/// <summary>
/// Groups a train's anomalies into episodes, one at a time per subsystem. An episode opens when anomalies come often enough and
/// clears after quiet that messages have shown: a train that says nothing clears nothing.
/// </summary>
internal sealed class Episodes(DetectorOptions options)
{
    private sealed record Evidence(long Message, Anomaly Anomaly);

    private readonly SortedDictionary<string, Episode> _open = new(StringComparer.Ordinal);
    private readonly List<Evidence> _evidence = [];
    private long _messages;

    public bool IsOpen(string subsystem) => _open.ContainsKey(subsystem);

    /// <summary>
    /// One message gives one anomaly. Of findings in several subsystems the one without an open episode comes first, else the one whose
    /// episode was quiet for longest: so none hides another, and none seems to be over.
    /// </summary>
    public Finding? Choose(IReadOnlyList<Finding> findings) => findings
        .Where(finding => finding.Shares.Count > 0)
        .OrderByDescending(finding => _open.TryGetValue(finding.Subsystem, out var episode) ? episode.Quiet : TimeSpan.MaxValue)
        .ThenByDescending(finding => finding.Grade)
        .FirstOrDefault();

    /// <summary>Takes in what one message brought.</summary>
    /// <param name="covered">Train time that the message stands for: since the one before, but no more than a few intervals.</param>
    public IReadOnlyList<AlertChange> Take(Train train, Anomaly? anomaly, TelemetryMessage message, DateTimeOffset receivedAt, TimeSpan covered)
    {
        _messages++;
        _evidence.RemoveAll(evidence => evidence.Message <= _messages - options.WithinMessages);
        if (anomaly is not null)
        {
            Add(anomaly);
        }

        if (_open.Count == 0)
        {
            return [];
        }

        var changes = new List<AlertChange>();
        foreach (var (subsystem, episode) in _open)
        {
            if (anomaly?.Subsystem != subsystem)
            {
                episode.StayQuiet(covered, message.Position);
            }

            if (episode.Tell(train, subsystem, message.MeasuredAt, receivedAt, options) is { } change)
            {
                changes.Add(change);
            }
        }

        foreach (var cleared in changes.Where(change => change.Episode.ClearedAt is not null))
        {
            _open.Remove(cleared.Subsystem);
        }

        return changes;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_messages);
        writer.Write(_open.Count);
        foreach (var (subsystem, episode) in _open)
        {
            writer.Write(subsystem);
            episode.Write(writer);
        }

        writer.Write(_evidence.Count);
        foreach (var (message, anomaly) in _evidence)
        {
            writer.Write(message);
            writer.Write(anomaly.Subsystem);
            writer.Write(anomaly.MeasuredAt.UtcTicks);
            writer.Write(anomaly.Grade);
            writer.Write(anomaly.Score);
            writer.Write(anomaly.Late);
            writer.Write(anomaly.Position?.SpeedKmh ?? double.NaN);
            SharesForm.Write(writer, anomaly.Shares);
        }
    }

    public static Episodes Read(BinaryReader reader, DetectorOptions options, TrainIdentity train)
    {
        var episodes = new Episodes(options) { _messages = reader.ReadInt64() };
        for (var left = reader.ReadCount(1_000); left > 0; left--)
        {
            episodes._open[reader.ReadString()] = Episode.Read(reader);
        }

        for (var left = reader.ReadCount(1_000); left > 0; left--)
        {
            episodes._evidence.Add(new Evidence(reader.ReadInt64(), ReadAnomaly(reader, train)));
        }

        return episodes;
    }

    private void Add(Anomaly anomaly)
    {
        if (_open.TryGetValue(anomaly.Subsystem, out var open))
        {
            open.Grow(anomaly);
            return;
        }

        _evidence.Add(new Evidence(_messages, anomaly));
        var together = _evidence.FindAll(evidence => evidence.Anomaly.Subsystem == anomaly.Subsystem);
        if (together.Count >= options.AnomaliesToRaise && together.Sum(evidence => evidence.Anomaly.Grade) >= options.GradesToRaise)
        {
            var episode = new Episode();
            together.ForEach(evidence => episode.Grow(evidence.Anomaly));
            _open[anomaly.Subsystem] = episode;
            _evidence.RemoveAll(together.Contains);
        }
    }

    // Only what an episode asks of its evidence was written.
    private static Anomaly ReadAnomaly(BinaryReader reader, TrainIdentity train)
    {
        var subsystem = reader.ReadString();
        var measuredAt = reader.ReadTime();
        var (grade, score, late) = (reader.ReadFinite(), reader.ReadFinite(), reader.ReadBoolean());
        var speed = reader.ReadDouble();
        var position = double.IsNaN(speed) ? null : new TrainPosition(0, 0, speed, null, null, null, measuredAt);
        return new Anomaly("", train, subsystem, measuredAt, default, null, late, grade, score, SharesForm.Read(reader), position, 0);
    }
}
