using Microsoft.Extensions.Logging;
using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>
/// Plays one recording: its rows at their own intervals, shifted to an anchor, with the original time kept. Its trains come online with
/// their first row and go when the recording says so, when they have been silent for too long, and at its end. It plays once. Where the
/// file cannot be read on, it ends early and the report says why; nothing else stops.
/// </summary>
internal sealed class RecordingPlayer : IDisposable
{
    private readonly RecordingReader _reader;
    private readonly RecordedMessageWriter _writer;
    private readonly RecordingSurvey _survey;
    private readonly ILogger _logger;

    // Who is online, and the recording's own time of its last row.
    private readonly Dictionary<string, DateTimeOffset> _online = new(StringComparer.Ordinal);
    private DateTimeOffset _anchor;
    private DateTimeOffset _at;

    // The row played last: its own time, and when it was played.
    private (DateTimeOffset MeasuredAt, TimeSpan Offset) _played;
    private bool _waiting;
    private volatile RecordingReport _report;

    public RecordingPlayer(RecordingFile file, RecordingSurvey survey, TimeSpan from, ILogger logger)
    {
        (Key, _survey, _logger) = (RecordingKey.Of(file), survey, logger);
        _reader = new RecordingReader(file, from);
        _writer = new RecordedMessageWriter(_reader, file.Descriptor);
        _waiting = _reader.Next();
        _at = _reader.MeasuredAt;
        _played = (_at, TimeSpan.Zero);
        // Nothing has been played yet, so nothing is reported yet; where there is nothing to play, all of it has been set aside.
        _report = _waiting ? new RecordingReport(file.Name, file.OneTrain, 0, 0, 0, new Dictionary<string, long>(), 0, 0, null, false, null) : _reader.Report;
    }

    /// <summary>What this recording's progress is kept under.</summary>
    public RecordingKey Key { get; }

    /// <summary>Every train that the recording will bring.</summary>
    public IReadOnlyList<Train> Trains => _survey.Trains;

    /// <summary>Rows of which at least a part was played or set aside.</summary>
    public RecordingReport Report => _report;

    public RecordingProgress Progress => new(Key.ToString(), _anchor.ToUnixTimeMilliseconds(), _report.RowsRead);

    /// <summary>Begins with the first row at <paramref name="origin"/>, or goes on where it was; a gap longer than <paramref name="patience"/> stays a gap.</summary>
    /// <param name="played">How far recordings were played in earlier runs.</param>
    /// <param name="change">Told who is online, or is no longer.</param>
    public void Begin(DateTimeOffset origin, IReadOnlyList<RecordingProgress> played, TimeSpan patience, Action<string, bool> change)
    {
        _anchor = origin;
        _writer.SequencesBefore = Key.SequencesBefore(played);
        if (Key.In(played) is not { RowsRead: > 0 } progress)
        {
            return;
        }

        _anchor = DateTimeOffset.FromUnixTimeMilliseconds(progress.AnchorMs);
        while (_waiting && _reader.RowsRead <= progress.RowsRead)
        {
            EndSilent(_reader.MeasuredAt, _reader.Layout.SilentAfter, static (_, _) => { });
            Follow(static (_, _) => { });
            Advance();
        }

        SayWhereItIs();
        foreach (var trainId in _online.Keys)
        {
            change(trainId, true);
        }

        if (_waiting && _reader.Offset < origin - patience - _anchor)
        {
            _anchor = origin - _reader.Offset;
        }
    }

    /// <summary>Writes the rows that are due, at most <paramref name="most"/>.</summary>
    /// <param name="change">Told who comes online and who goes, in order with the rows.</param>
    public void Play(DateTimeOffset upTo, int most, OutboxBatch batch, Action<string, bool> change)
    {
        var played = 0;
        for (; _waiting && played < most && _reader.Offset <= upTo - _anchor; played++)
        {
            EndSilent(_reader.MeasuredAt, _reader.Layout.SilentAfter, change);
            if (Follow(change))
            {
                _writer.Write(batch.Begin(), _anchor + _reader.Offset);
                batch.End(SourceRecordKind.Telemetry);
            }

            Advance();
        }

        if (played < most)
        {
            // After the last row nothing more will be heard: an expected interval is enough.
            EndSilent(Now(upTo - _anchor), _waiting ? _reader.Layout.SilentAfter : _reader.Layout.ExpectedInterval, change);
        }
    }

    public void Dispose()
    {
        _reader.Dispose();
        _writer.Dispose();
    }

    private void SayWhereItIs()
    {
        if (_waiting)
        {
            Log.RecordingGoesOn(_logger, _report.File, _reader.RowsRead);
        }
        else
        {
            Log.RecordingIsOver(_logger, _report.File, _report.RowsRead);
        }
    }

    // The recording's own time. Its last row may be of the last of all days.
    private DateTimeOffset Now(TimeSpan offset) =>
        offset - _played.Offset is var since && since < DateTimeOffset.MaxValue - _played.MeasuredAt ? _played.MeasuredAt + since : DateTimeOffset.MaxValue;

    // Takes the row's word on its train; true when the row is a message.
    private bool Follow(Action<string, bool> change)
    {
        var trainId = _reader.Run.Train.Identity.Id;
        if (_reader.Ends)
        {
            if (_online.Remove(trainId))
            {
                change(trainId, false);
            }

            return false;
        }

        if (!_online.ContainsKey(trainId))
        {
            change(trainId, true);
        }

        _online[trainId] = _reader.MeasuredAt;
        return true;
    }

    private void EndSilent(DateTimeOffset at, TimeSpan patience, Action<string, bool> change)
    {
        if (at == _at)
        {
            return;
        }

        _at = at;
        foreach (var trainId in _online.Where(train => at - train.Value > patience).Select(train => train.Key).ToList())
        {
            _online.Remove(trainId);
            change(trainId, false);
        }
    }

    // The reader stands on the row that waits; the report counts up to the row before, and at the end everything.
    private void Advance()
    {
        var played = _reader.Report;
        _played = (_reader.MeasuredAt, _reader.Offset);
        try
        {
            _waiting = _reader.Next();
            _report = _waiting ? played : _reader.Report;
        }
        catch (Exception e) when (RecordingFile.IsUnreadable(e))
        {
            _waiting = false;
            // What the system says names paths of this machine: that is for the log.
            _report = _reader.Report with { Finished = true, Problem = e is InvalidDataException ? e.Message : "the file cannot be read any further" };
            Log.RecordingBreaksOff(_logger, e, _report.File, _report.RowsRead, e.Message);
        }
    }
}
