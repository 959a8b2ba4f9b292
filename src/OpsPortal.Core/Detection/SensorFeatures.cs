using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Core.Detection;

/// <summary>What a number given to the forest says.</summary>
internal enum FeatureKind
{
    /// <summary>A sensor's value.</summary>
    Level = 0,

    /// <summary>A sensor's change over the last seconds.</summary>
    Change = 1,

    /// <summary>A sensor against the others of its kind on this train.</summary>
    AgainstPeers = 2,

    /// <summary>How the train runs: context, blamed for nothing.</summary>
    Context = 3,
}

/// <summary>One number given to the forest.</summary>
/// <param name="Sensor">Index of the sensor it is about; −1 for context.</param>
/// <param name="Floor">Least deviation it is scaled by, in its own unit.</param>
internal sealed record Feature(FeatureKind Kind, int Sensor, double Floor);

/// <summary>
/// Makes the numbers of one train's message for its forest: level and change of each sensor, sensors of one kind against each other, and
/// the way the train runs. A sensor missing from a message keeps its last value; NaN stands for one not yet seen.
/// </summary>
internal sealed class SensorFeatures
{
    private const int RingSize = 32;

    // A deviation by less than this part of the catalogue's range is not worth an operator's eye.
    private const double NoisePartOfRange = 0.01;

    // Ways of running closer than this are alike: km/h, and km/h over the time that changes are looked at.
    private const double SpeedFloor = 60;
    private const double SpeedChangeFloor = 10;

    private readonly double[] _latest;
    private readonly double[][] _ring = new double[RingSize][];
    private readonly DateTimeOffset[] _ringAt = new DateTimeOffset[RingSize];
    private readonly Dictionary<string, int> _index;
    private readonly int[][] _peers;
    private readonly TimeSpan _over;
    private int _ringCount;

    public SensorFeatures(Train train, IReadOnlyList<string> sensors, TimeSpan changeOver)
    {
        Sensors = sensors;
        _over = train.ExpectedInterval > changeOver ? train.ExpectedInterval : changeOver;
        _latest = new double[sensors.Count + 1];
        Array.Fill(_latest, double.NaN);
        _index = Enumerable.Range(0, sensors.Count).ToDictionary(i => sensors[i], StringComparer.Ordinal);
        var described = sensors.Select(train.Describe).ToArray();
        _peers = [.. described.Select(one => Peers(described, one))];
        All = [.. Layout(described)];
    }

    /// <summary>Sensor ids, sorted.</summary>
    public IReadOnlyList<string> Sensors { get; }

    /// <summary>The features, in the order of the numbers.</summary>
    public Feature[] All { get; }

    /// <summary>Newest value of each sensor.</summary>
    public double Latest(int sensor) => _latest[sensor];

    /// <summary>Speed in km/h, NaN when the train never said.</summary>
    public double SpeedKmh => _latest[^1];

    /// <summary>Change of speed in m/s², NaN when unknown.</summary>
    public double Acceleration { get; private set; } = double.NaN;

    /// <summary>Whether the train has this sensor.</summary>
    public bool Knows(string sensor) => _index.ContainsKey(sensor);

    /// <summary>The other sensor of a pair; −1 when the sensor has none or several peers.</summary>
    public int PairOf(int sensor) => _peers[sensor].Length == 1 ? _peers[sensor][0] : -1;

    /// <summary>Takes in a message and gives its numbers.</summary>
    public void Take(Instant instant, double[] numbers)
    {
        foreach (var (sensor, value) in instant.Readings)
        {
            if (_index.TryGetValue(sensor, out var i))
            {
                _latest[i] = value;
            }
        }

        _latest[^1] = instant.SpeedKmh ?? _latest[^1];
        var before = Before(instant.MeasuredAt);
        for (var i = 0; i < All.Length; i++)
        {
            numbers[i] = Number(All[i], before);
        }

        Acceleration = numbers[^1] / (3.6 * _over.TotalSeconds);
        Remember(instant.MeasuredAt);
    }

    /// <summary>Forgets what changes are measured against: after a gap or when the train's clock was set.</summary>
    public void ForgetPast() => _ringCount = 0;

    public void Write(BinaryWriter writer)
    {
        writer.WriteAll(_latest);
        writer.Write(_ringCount);
        for (var i = 0; i < _ringCount; i++)
        {
            writer.Write(_ringAt[i].UtcTicks);
            writer.WriteAll(_ring[i]);
        }
    }

    public void Read(BinaryReader reader)
    {
        reader.ReadInto(_latest);
        _ringCount = reader.ReadCount(RingSize);
        for (var i = 0; i < _ringCount; i++)
        {
            _ringAt[i] = reader.ReadTime();
            _ring[i] = new double[_latest.Length];
            reader.ReadInto(_ring[i]);
        }
    }

    private IEnumerable<Feature> Layout(SensorDescription[] sensors)
    {
        for (var i = 0; i < sensors.Length; i++)
        {
            var floor = Floor(sensors[i]);
            yield return new Feature(FeatureKind.Level, i, floor);
            yield return new Feature(FeatureKind.Change, i, floor);

            // Of two, one difference says it all.
            if (_peers[i].Length > 1 || (_peers[i].Length == 1 && _peers[i][0] > i))
            {
                yield return new Feature(FeatureKind.AgainstPeers, i, floor);
            }
        }

        yield return new Feature(FeatureKind.Context, -1, SpeedFloor);
        yield return new Feature(FeatureKind.Context, -1, SpeedChangeFloor);
    }

    private static double Floor(SensorDescription sensor) =>
        sensor.Highest < double.MaxValue ? (sensor.Highest - sensor.Lowest) * NoisePartOfRange
        : sensor.Unit.Length == 0 ? 0.25
        : 0.001;

    private static int[] Peers(SensorDescription[] all, SensorDescription one) =>
        [.. Enumerable.Range(0, all.Length).Where(i => all[i].Kind == one.Kind && all[i].Unit.Length > 0 && all[i].Id != one.Id)];

    private double Number(Feature feature, double[]? before) => feature switch
    {
        { Kind: FeatureKind.Level } => _latest[feature.Sensor],
        { Kind: FeatureKind.Change } => before is null ? double.NaN : _latest[feature.Sensor] - before[feature.Sensor],
        { Kind: FeatureKind.AgainstPeers } => _latest[feature.Sensor] - MedianOf(_peers[feature.Sensor]),
        _ when ReferenceEquals(feature, All[^1]) => before is null ? double.NaN : _latest[^1] - before[^1],
        _ => _latest[^1],
    };

    private double MedianOf(int[] sensors)
    {
        Span<double> values = stackalloc double[sensors.Length];
        for (var i = 0; i < sensors.Length; i++)
        {
            values[i] = _latest[sensors[i]];
        }

        values.Sort();
        return (values[(values.Length - 1) / 2] + values[values.Length / 2]) / 2;
    }

    // The newest remembered moment old enough to measure a change against; null when all are too new or there was a gap.
    private double[]? Before(DateTimeOffset now)
    {
        for (var i = _ringCount - 1; i >= 0; i--)
        {
            var age = now - _ringAt[i];
            if (age >= _over * 0.95)
            {
                return age <= _over * 3 ? _ring[i] : null;
            }
        }

        return null;
    }

    private void Remember(DateTimeOffset now)
    {
        if (_ringCount > 0 && now - _ringAt[_ringCount - 1] < _over / 20)
        {
            return;
        }

        if (_ringCount == RingSize)
        {
            var oldest = _ring[0];
            Array.Copy(_ring, 1, _ring, 0, RingSize - 1);
            Array.Copy(_ringAt, 1, _ringAt, 0, RingSize - 1);
            _ring[--_ringCount] = oldest;
        }

        _ring[_ringCount] ??= new double[_latest.Length];
        _latest.CopyTo(_ring[_ringCount], 0);
        _ringAt[_ringCount++] = now;
    }
}
