using OpsPortal.Core.Detection;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Detection;

/// <summary>A detector and what came out of it so far.</summary>
internal sealed class Watch(TrainDetector detector)
{
    public Watch(DetectorOptions? options = null)
        : this(new TrainDetector(PractiseTrain.Registered, options ?? new DetectorOptions()))
    {
    }

    public TrainDetector Detector { get; set; } = detector;

    public List<Anomaly> Anomalies { get; } = [];

    public List<AlertChange> Changes { get; } = [];

    public IEnumerable<AlertChange> Raised => Changes.Where(change => change.Episode.Number == 1);

    public DetectionResult See(TelemetryMessage message, bool late = false)
    {
        var result = Detector.Detect(message, message.MeasuredAt.AddSeconds(late ? 300 : 1), message.Sequence, late);
        if (result.Anomaly is { } anomaly)
        {
            Anomalies.Add(anomaly);
        }

        Changes.AddRange(result.Changes);
        return result;
    }

    public void See(PractiseTrain train, int messages, bool late = false)
    {
        for (var i = 0; i < messages; i++)
        {
            See(train.Next(), late);
        }
    }
}
