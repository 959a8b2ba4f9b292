using OpsPortal.Core.Fleet;

namespace OpsPortal.Core.Detection;

/// <summary>What was learnt of one train with a fixed set of sensors: its features, how it runs, and a forest per subsystem.</summary>
internal sealed class TrainModel
{
    // Scales are renewed at the end of the warm-up and whenever the train has been seen twice as long, later at this steady pace.
    private const long LongestBetweenRenewals = 10_000;

    private readonly Train _train;
    private readonly double _scaleMemory;
    private readonly SensorFeatures _features;
    private readonly WaysOfRunning _ways;
    private readonly SubsystemForest[] _forests;
    private readonly double[] _numbers;
    private long _messages;
    private long _renewAt;

    private TrainModel(Train train, DetectorOptions options, IReadOnlyList<string> sensors)
    {
        _train = train;
        var interval = train.ExpectedInterval > TimeSpan.Zero ? train.ExpectedInterval : TimeSpan.FromSeconds(1);
        _scaleMemory = Math.Max(options.WarmUpMessages, options.ScaleOver / interval);
        _features = new SensorFeatures(train, sensors, options.ChangeOver);
        _ways = new WaysOfRunning(options.KnownAfterMessages);
        _forests = [.. Divide(train, options, _features)];
        _numbers = new double[_features.All.Length];
    }

    /// <summary>Sensor ids, sorted.</summary>
    public IReadOnlyList<string> Sensors => _features.Sensors;

    /// <summary>Learns a train from its first messages.</summary>
    public static TrainModel Learn(Train train, DetectorOptions options, IReadOnlyList<string> sensors, IReadOnlyList<Instant> instants)
    {
        var model = new TrainModel(train, options, sensors);
        model.LearnScales(instants);
        foreach (var instant in instants)
        {
            model.Look(instant, _ => false, judge: false);
        }

        model._messages = instants.Count;
        model._renewAt = 2L * instants.Count;
        return model;
    }

    public bool Knows(string sensor) => _features.Knows(sensor);

    /// <summary>Forgets what changes are measured against.</summary>
    public void ForgetPast() => _features.ForgetPast();

    /// <summary>Looks at a message and learns it.</summary>
    /// <param name="alerting">Whether an alert stands for a subsystem.</param>
    /// <returns>What was found, by subsystem; empty as a rule.</returns>
    public IReadOnlyList<Finding> Look(Instant instant, Func<string, bool> alerting) => Look(instant, alerting, judge: true);

    public void Write(BinaryWriter writer)
    {
        writer.Write(_features.Sensors.Count);
        foreach (var sensor in _features.Sensors)
        {
            writer.Write(sensor);
        }

        _features.Write(writer);
        _ways.Write(writer);
        writer.Write(_messages);
        writer.Write(_renewAt);
        foreach (var forest in _forests)
        {
            forest.Write(writer);
        }
    }

    public static TrainModel Read(BinaryReader reader, Train train, DetectorOptions options)
    {
        var sensors = new string[reader.ReadCount(options.MaxSensors)];
        for (var i = 0; i < sensors.Length; i++)
        {
            sensors[i] = reader.ReadString();
        }

        var model = new TrainModel(train, options, sensors);
        model._features.Read(reader);
        model._ways.Read(reader);
        (model._messages, model._renewAt) = (reader.ReadInt64(), reader.ReadInt64());
        for (var i = 0; i < model._forests.Length; i++)
        {
            model._forests[i] = SubsystemForest.Read(reader, model._forests[i]);
        }

        return model;
    }

    private static IEnumerable<SubsystemForest> Divide(Train train, DetectorOptions options, SensorFeatures features)
    {
        var subsystems = features.Sensors.Select(sensor => train.Describe(sensor).Subsystem).ToArray();
        foreach (var subsystem in subsystems.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            var places = Enumerable.Range(0, features.All.Length).Where(i => features.All[i].Sensor < 0 || subsystems[features.All[i].Sensor] == subsystem);
            yield return new SubsystemForest(subsystem, features.All, [.. places], options, DerivedId.Seed(options.Seed, $"{train.Identity.Id} {subsystem}"));
        }
    }

    private void LearnScales(IReadOnlyList<Instant> instants)
    {
        foreach (var instant in instants)
        {
            _features.Take(instant, _numbers);
            foreach (var forest in _forests)
            {
                forest.LearnScales(_numbers, _scaleMemory);
            }
        }

        RenewScales();
        _features.ForgetPast();
    }

    private List<Finding> Look(Instant instant, Func<string, bool> alerting, bool judge)
    {
        _features.Take(instant, _numbers);
        judge = _ways.Take(_features.SpeedKmh, _features.Acceleration) && judge;
        var findings = new List<Finding>();
        foreach (var forest in _forests)
        {
            if (forest.Look(_numbers, _scaleMemory, judge, alerting(forest.Subsystem), _train, _features) is { } finding)
            {
                findings.Add(finding);
            }
        }

        if (++_messages >= _renewAt && judge)
        {
            _renewAt = _messages + Math.Min(_messages, LongestBetweenRenewals);
            RenewScales();
        }

        return findings;
    }

    private void RenewScales()
    {
        foreach (var forest in _forests)
        {
            forest.RenewScales();
        }
    }
}
