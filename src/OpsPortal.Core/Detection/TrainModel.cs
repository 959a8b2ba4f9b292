using OpsPortal.Core.Detection.RandomCutForest;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Core.Detection;

/// <summary>What was learnt of one train with a fixed set of sensors: features, their scales, the forest over them and its threshold.</summary>
internal sealed class TrainModel
{
    // Scales are renewed at the end of the warm-up and whenever the train has been seen twice as long, later at this steady pace.
    private const long LongestBetweenRenewals = 10_000;

    private readonly Train _train;
    private readonly DetectorOptions _options;
    private readonly SensorFeatures _features;
    private readonly FeatureScales _scales;
    private readonly ScoreThreshold _threshold;
    private readonly WaysOfRunning _ways;
    private readonly Forest _forest;
    private readonly double[] _numbers;
    private readonly double[] _scaled;
    private long _messages;
    private long _renewAt;
    private long _skippedLearning;

    private TrainModel(Train train, DetectorOptions options, IReadOnlyList<string> sensors, Forest? forest)
    {
        _train = train;
        _options = options;
        _features = new SensorFeatures(train, sensors, options.ChangeOver);
        _scales = new FeatureScales(_features.All);
        _threshold = new ScoreThreshold(options);
        _ways = new WaysOfRunning(options.KnownAfterMessages);
        _numbers = new double[_features.All.Length];
        _scaled = new double[_features.All.Length];
        _forest = forest ?? new Forest(new ForestOptions(_features.All.Length)
        {
            Trees = options.Trees,
            SampleSize = options.SampleSize,
            TimeDecay = 1.0 / options.MemoryMessages,
            Seed = DerivedId.Seed(options.Seed, train.Identity.Id),
        });
    }

    /// <summary>Learns a train from its first messages.</summary>
    public static TrainModel Learn(Train train, DetectorOptions options, IReadOnlyList<string> sensors, IReadOnlyList<Instant> instants)
    {
        var model = new TrainModel(train, options, sensors, null);

        // Twice through: the scales first, then the forest with good scales.
        foreach (var instant in instants)
        {
            model._features.Take(instant, model._numbers);
            model._scales.Learn(model._numbers, 1, model.ScaleMemory);
        }

        model._scales.Renew();
        model._features.ForgetPast();
        foreach (var instant in instants)
        {
            model._features.Take(instant, model._numbers);
            model._ways.Take(model._features.SpeedKmh, model._features.Acceleration);
            model._scales.Scale(model._numbers, model._scaled);
            model.LearnScaled(model._forest.Score(model._scaled), 1);
        }

        model._messages = instants.Count;
        model._renewAt = 2L * instants.Count;
        return model;
    }

    public bool Knows(string sensor) => _features.Knows(sensor);

    public IReadOnlyList<string> Sensors => _features.Sensors;

    public void ForgetPast() => _features.ForgetPast();

    /// <summary>Looks at a message and learns it.</summary>
    /// <param name="alerting">True while an alert stands: then only a small part of what is seen is learnt.</param>
    public Finding? Look(Instant instant, bool alerting)
    {
        _features.Take(instant, _numbers);
        var known = _ways.Take(_features.SpeedKmh, _features.Acceleration);
        _scales.Scale(_numbers, _scaled);
        var score = _forest.Score(_scaled);
        var grade = known ? _threshold.Grade(score) : 0;
        var finding = grade > 0 ? Blame.Of(_train, _features, _scales, _forest, _scaled, score, grade) : null;
        Learn(score, alerting && grade > 0);
        return finding;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_features.Sensors.Count);
        foreach (var sensor in _features.Sensors)
        {
            writer.Write(sensor);
        }

        _forest.Write(writer);
        _features.Write(writer);
        _scales.Write(writer);
        _threshold.Write(writer);
        _ways.Write(writer);
        writer.Write(_messages);
        writer.Write(_renewAt);
        writer.Write(_skippedLearning);
    }

    public static TrainModel Read(BinaryReader reader, Train train, DetectorOptions options)
    {
        var sensors = new string[reader.ReadCount(options.MaxSensors)];
        for (var i = 0; i < sensors.Length; i++)
        {
            sensors[i] = reader.ReadString();
        }

        var model = new TrainModel(train, options, sensors, Forest.Read(reader));
        if (model._forest.Options.Dimensions != model._features.All.Length)
        {
            throw new InvalidDataException($"The snapshot's forest has {model._forest.Options.Dimensions} dimensions; the train's sensors make {model._features.All.Length}.");
        }

        model._features.Read(reader);
        model._scales.Read(reader);
        model._threshold.Read(reader);
        model._ways.Read(reader);
        (model._messages, model._renewAt, model._skippedLearning) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        return model;
    }

    private double ScaleMemory => Math.Max(_options.WarmUpMessages, _options.ScaleOver / Interval);

    private TimeSpan Interval => _train.ExpectedInterval > TimeSpan.Zero ? _train.ExpectedInterval : TimeSpan.FromSeconds(1);

    private void Learn(double score, bool reluctantly)
    {
        _messages++;
        if (reluctantly && ++_skippedLearning % _options.LearnOneInWhileAlerting != 0)
        {
            return;
        }

        _scales.Learn(_numbers, 1, ScaleMemory);
        LearnScaled(score, 1);
        if (_messages >= _renewAt)
        {
            _renewAt = _messages + Math.Min(_messages, LongestBetweenRenewals);
            var (factor, offset) = _scales.Renew();
            _forest.Rescale(factor, offset);
        }
    }

    private void LearnScaled(double score, double share)
    {
        if (_forest.IsReady)
        {
            _threshold.Learn(score, share);
        }

        _forest.Update(_scaled);
    }
}
