using OpsPortal.Core.Alerts;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Core.Detection;

/// <summary>One alert in the making: what the detector knows of it so far.</summary>
internal sealed class Episode
{
    private const double StandingKmh = 2;

    private DateTimeOffset _raisedAt;
    private DateTimeOffset _lastAnomalyAt;
    private DateTimeOffset _toldAt;
    private TimeSpan _quiet;
    private long _number;
    private int _count;
    private int _countTold;
    private Severity _severity = Severity.Watch;
    private double _peakGrade;
    private double _peakScore;
    private IReadOnlyList<SensorShare> _shares = [];
    private bool _late = true;
    private bool _mustTell;
    private bool _seenStanding;

    /// <summary>Quiet so far: train time covered by messages without an anomaly of this subsystem.</summary>
    public TimeSpan Quiet => _quiet;

    public void Grow(Anomaly anomaly)
    {
        _seenStanding |= IsStanding(anomaly.Position);
        _raisedAt = _count == 0 ? anomaly.MeasuredAt : _raisedAt;
        _lastAnomalyAt = anomaly.MeasuredAt;
        _count++;
        _quiet = TimeSpan.Zero;
        _peakGrade = Math.Max(_peakGrade, anomaly.Grade);
        if (_count == 1 || anomaly.Score > _peakScore)
        {
            (_peakScore, _shares) = (anomaly.Score, anomaly.Shares);
        }

        var severity = SeverityNow();
        _mustTell |= severity > _severity || (_late && !anomaly.Late);
        _severity = severity;
        _late &= anomaly.Late;
    }

    /// <summary>Takes in that a message had no anomaly of this subsystem. A train that stands proves nothing about what was only seen at speed: a flat wheel is silent then.</summary>
    public void StayQuiet(TimeSpan covered, TrainPosition? position) => _quiet += IsStanding(position) && !_seenStanding ? TimeSpan.Zero : covered;

    /// <summary>The change to tell now, or null when there is none or it can wait.</summary>
    public AlertChange? Tell(Train train, string subsystem, DateTimeOffset measuredAt, DateTimeOffset receivedAt, DetectorOptions options)
    {
        var clears = _quiet >= options.ClearAfter;
        var grown = _count > _countTold && (measuredAt - _toldAt >= options.GrowthEvery || measuredAt < _toldAt);
        if (_number > 0 && !clears && !_mustTell && !grown)
        {
            return null;
        }

        (_countTold, _toldAt, _mustTell) = (_count, measuredAt, false);
        var state = new AlertEpisode(
            ++_number, _raisedAt, _lastAnomalyAt, clears ? measuredAt : null, _count, _severity, _peakGrade, _peakScore, _shares, Explanation.Of(train, _shares), _late, receivedAt);
        return new AlertChange(DerivedId.OfAlert(train.Identity.Id, subsystem, _raisedAt), train.Identity, subsystem, state);
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_raisedAt.UtcTicks);
        writer.Write(_lastAnomalyAt.UtcTicks);
        writer.Write(_toldAt.UtcTicks);
        writer.Write(_quiet.Ticks);
        writer.Write(_number);
        writer.Write(_count);
        writer.Write(_countTold);
        writer.Write((int)_severity);
        writer.Write(_peakGrade);
        writer.Write(_peakScore);
        writer.Write(_late);
        writer.Write(_mustTell);
        writer.Write(_seenStanding);
        SharesForm.Write(writer, _shares);
    }

    public static Episode Read(BinaryReader reader) => new()
    {
        _raisedAt = reader.ReadTime(),
        _lastAnomalyAt = reader.ReadTime(),
        _toldAt = reader.ReadTime(),
        _quiet = TimeSpan.FromTicks(reader.ReadInt64()),
        _number = reader.ReadInt64(),
        _count = reader.ReadCount(int.MaxValue),
        _countTold = reader.ReadCount(int.MaxValue),
        _severity = (Severity)reader.ReadCount((int)Severity.Critical),
        _peakGrade = reader.ReadFinite(),
        _peakScore = reader.ReadFinite(),
        _late = reader.ReadBoolean(),
        _mustTell = reader.ReadBoolean(),
        _seenStanding = reader.ReadBoolean(),
        _shares = SharesForm.Read(reader),
    };

    private static bool IsStanding(TrainPosition? position) => position?.SpeedKmh < StandingKmh;

    // Severity only ever rises within one episode: an operator who saw "critical" must not find "watch" later.
    private Severity SeverityNow() => this switch
    {
        { _severity: Severity.Critical } or { _peakGrade: >= 0.9, _count: >= 30 } => Severity.Critical,
        { _severity: Severity.Warning } or { _peakGrade: >= 0.5, _count: >= 10 } or { _count: >= 60 } => Severity.Warning,
        _ => Severity.Watch,
    };
}
