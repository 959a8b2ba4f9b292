using OpsPortal.Core.Detection.RandomCutForest;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Core.Detection;

/// <summary>
/// What was learnt of one subsystem of one train: the scales of its features, a forest over them and the way the train runs, its threshold.
/// A forest per subsystem, because in one over all sensors a single deviating one drowns among the others.
/// </summary>
internal sealed class SubsystemForest
{
    private readonly DetectorOptions _options;
    private readonly Feature[] _features;
    private readonly int[] _places;
    private readonly FeatureScales _scales;
    private readonly ScoreThreshold _threshold;
    private readonly Forest _forest;
    private readonly double[] _numbers;
    private readonly double[] _scaled;
    private long _reluctant;

    /// <param name="places">Which of the train's features these are.</param>
    /// <param name="seed">The train's own.</param>
    public SubsystemForest(string subsystem, Feature[] all, int[] places, DetectorOptions options, ulong seed)
    {
        Subsystem = subsystem;
        _options = options;
        _places = places;
        _features = [.. places.Select(place => all[place])];
        _scales = new FeatureScales(_features);
        _threshold = new ScoreThreshold(options);
        _numbers = new double[places.Length];
        _scaled = new double[places.Length];
        _forest = new Forest(new ForestOptions(places.Length)
        {
            Trees = options.Trees,
            SampleSize = options.SampleSize,
            TimeDecay = 1.0 / options.MemoryMessages,
            Seed = seed,
        });
    }

    private SubsystemForest(SubsystemForest empty, Forest forest)
    {
        Subsystem = empty.Subsystem;
        (_options, _places, _features, _scales, _threshold, _numbers, _scaled) = (empty._options, empty._places, empty._features, empty._scales, empty._threshold, empty._numbers, empty._scaled);
        _forest = forest;
    }

    public string Subsystem { get; }

    /// <summary>Learns scales only.</summary>
    public void LearnScales(double[] all, double memory)
    {
        Pick(all);
        _scales.Learn(_numbers, memory);
    }

    /// <summary>Puts the learnt scales in force; the forest follows.</summary>
    public void RenewScales()
    {
        var (factor, offset) = _scales.Renew();
        _forest.Rescale(factor, offset);
    }

    /// <summary>Scores a message and learns it.</summary>
    /// <param name="judge">False to learn only.</param>
    /// <param name="alerting">True while an alert of this subsystem stands: then little is learnt of what looks anomalous.</param>
    public Finding? Look(double[] all, double memory, bool judge, bool alerting, Train train, SensorFeatures sensors)
    {
        Pick(all);
        _scales.Scale(_numbers, _scaled);
        var score = _forest.Score(_scaled);
        var grade = judge ? _threshold.Grade(score) : 0;
        var finding = grade > 0 ? new Blame(train, sensors, _features, _scales, _forest, _scaled).For(Subsystem, score, grade) : null;
        if (grade == 0 || ++_reluctant % (alerting ? _options.LearnOneInWhileAlerting : _options.LearnOneInOfAnomalies) == 0)
        {
            Learn(score, memory);
        }

        return finding;
    }

    public void Write(BinaryWriter writer)
    {
        _forest.Write(writer);
        _scales.Write(writer);
        _threshold.Write(writer);
        writer.Write(_reluctant);
    }

    /// <summary>Reads what <see cref="Write"/> wrote, in place of an empty one.</summary>
    public static SubsystemForest Read(BinaryReader reader, SubsystemForest empty)
    {
        var read = new SubsystemForest(empty, Forest.Read(reader));
        if (read._forest.Options != empty._forest.Options)
        {
            throw new InvalidDataException($"The snapshot's forest for '{empty.Subsystem}' was grown with {read._forest.Options}; now it would be {empty._forest.Options}.");
        }

        read._scales.Read(reader);
        read._threshold.Read(reader);
        read._reluctant = reader.ReadInt64();
        return read;
    }

    private void Learn(double score, double memory)
    {
        _scales.Learn(_numbers, memory);
        if (_forest.IsReady)
        {
            _threshold.Learn(score);
        }

        _forest.Update(_scaled);
    }

    private void Pick(double[] all)
    {
        for (var i = 0; i < _places.Length; i++)
        {
            _numbers[i] = all[_places[i]];
        }
    }
}
