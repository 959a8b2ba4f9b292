using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Core.Detection;

/// <summary>
/// Watches one train. What it finds is a function of the options, the seed, and the messages in the order given: a detector written and
/// read back in mid-stream finds the same anomalies, ids and changes as one that went on. Not safe for use by two threads at once.
/// </summary>
/// <remarks>
/// The first messages (<see cref="DetectorOptions.WarmUpMessages"/>) only teach: which sensors there are, their scales, what is usual.
/// A sensor that turns up later, often enough, starts the learning anew with it. A message measured no later than one already seen is
/// neither looked at nor learnt; when only such come for a while, the train's clock was set back, and it is followed.
/// </remarks>
public sealed partial class TrainDetector
{
    private const int ClockSetBackAfter = 30;

    // A message stands for the time since the one before, but not for a gap.
    private const int MostIntervalsCovered = 3;

    private readonly DetectorOptions _options;
    private readonly List<Instant> _warmUp = [];
    private readonly SortedDictionary<string, int> _newSensors = new(StringComparer.Ordinal);
    private Episodes _episodes;
    private TrainModel? _model;
    private DateTimeOffset _newest = DateTimeOffset.MinValue;
    private int _behindInRow;

    public TrainDetector(Train train, DetectorOptions options)
    {
        Train = train;
        _options = options;
        _episodes = new Episodes(options);
    }

    /// <summary>The train as registered when this detector was made.</summary>
    public Train Train { get; }

    /// <summary>True once there is enough learnt to find anything.</summary>
    public bool IsWarm => _model is not null;

    /// <summary>Sensors watched; empty before it is warm.</summary>
    public IReadOnlyList<string> Sensors => _model?.Sensors ?? [];

    /// <summary>Messages left out because they were measured no later than one seen before.</summary>
    public long OutOfOrder { get; private set; }

    /// <summary>Takes the train's next message, in the order received.</summary>
    /// <param name="receivedAt">Our time of arrival.</param>
    /// <param name="sourceOffset">The message's place in the source.</param>
    /// <param name="late">Whether it arrived later than the late limit: carried into what is found, of no bearing on whether.</param>
    public DetectionResult Detect(TelemetryMessage message, DateTimeOffset receivedAt, long sourceOffset, bool late)
    {
        if (!InOrder(message.MeasuredAt))
        {
            return DetectionResult.Nothing;
        }

        var covered = Covered(message.MeasuredAt);
        _newest = message.MeasuredAt;
        var instant = Instant.Of(message);
        LearnNewSensors(instant);
        if (_model is null)
        {
            WarmUp(instant);
            return new DetectionResult(null, _episodes.Take(Train, null, message, receivedAt, TimeSpan.Zero));
        }

        var finding = _episodes.Choose(_model.Look(instant, _episodes.IsOpen));
        var anomaly = finding is null ? null : Found(finding, message, receivedAt, sourceOffset, late);
        return new DetectionResult(anomaly, _episodes.Take(Train, anomaly, message, receivedAt, covered));
    }

    private bool InOrder(DateTimeOffset measuredAt)
    {
        if (measuredAt > _newest)
        {
            _behindInRow = 0;
            return true;
        }

        OutOfOrder++;
        if (++_behindInRow < ClockSetBackAfter)
        {
            return false;
        }

        _behindInRow = 0;
        _newest = measuredAt;
        _model?.ForgetPast();
        return true;
    }

    private TimeSpan Covered(DateTimeOffset measuredAt)
    {
        var most = MostIntervalsCovered * (Train.ExpectedInterval > TimeSpan.Zero ? Train.ExpectedInterval : TimeSpan.FromSeconds(1));
        var since = _newest == DateTimeOffset.MinValue ? TimeSpan.Zero : measuredAt - _newest;
        return since < most ? since : most;
    }

    private void WarmUp(Instant instant)
    {
        if (instant.Readings.Length == 0)
        {
            return;
        }

        _warmUp.Add(instant);
        if (_warmUp.Count < _options.WarmUpMessages)
        {
            return;
        }

        var sensors = _warmUp.SelectMany(seen => seen.Readings).GroupBy(reading => reading.Key, StringComparer.Ordinal)
            .OrderByDescending(seen => seen.Count()).ThenBy(seen => seen.Key, StringComparer.Ordinal)
            .Take(_options.MaxSensors).Select(seen => seen.Key).Order(StringComparer.Ordinal).ToArray();
        _model = TrainModel.Learn(Train, _options, sensors, _warmUp);
        _warmUp.Clear();
    }

    private void LearnNewSensors(Instant instant)
    {
        if (_model is null || _model.Sensors.Count >= _options.MaxSensors)
        {
            return;
        }

        foreach (var (sensor, _) in instant.Readings)
        {
            if (_model.Knows(sensor) || (!_newSensors.ContainsKey(sensor) && _newSensors.Count >= _options.MaxSensors))
            {
                continue;
            }

            _newSensors[sensor] = _newSensors.GetValueOrDefault(sensor) + 1;
            if (_newSensors[sensor] >= _options.NewSensorAfterMessages)
            {
                _newSensors.Clear();
                _model = null;
                return;
            }
        }
    }

    private Anomaly Found(Finding finding, TelemetryMessage message, DateTimeOffset receivedAt, long sourceOffset, bool late)
    {
        var id = DerivedId.OfAnomaly(Train.Identity.Id, finding.Subsystem, message.MeasuredAt);
        return new Anomaly(
            id, Train.Identity, finding.Subsystem, message.MeasuredAt, receivedAt, null, late, finding.Grade, finding.Score, finding.Shares, message.Position, sourceOffset);
    }
}
