using System.Collections.Frozen;
using OpsPortal.Core.Detection.RandomCutForest;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Detection;

/// <summary>
/// A train from station to station, second by second: eight sensors that hang together as on a real one. It accelerates, holds,
/// brakes and stands; bearings follow the speed slowly, the compressor makes a saw tooth.
/// </summary>
internal sealed class PractiseTrain(ulong seed)
{
    public const string HotBox = "axleBoxTemperature.car3.axle2.right";
    public const string OtherBox = "axleBoxTemperature.car3.axle2.left";
    public const string Vibration = "bogieVibration.car3.bogie1";
    public const string BrakePipe = "brakePipePressure.car1";

    public static readonly DateTimeOffset Start = new(2026, 11, 21, 6, 0, 0, TimeSpan.Zero);

    private readonly Xoshiro _random = new(seed);
    private int _second;
    private int _inPhase;
    private int _hold = 60;
    private double _speed;
    private double _box = 24;
    private double _oil = 50;
    private double _reservoir = 9;
    private bool _pumping;
    private double _pipe = 4.1;

    public static Train Registered { get; } = new(new TrainIdentity("390-042", "Longsight", "WCML", "390"), "390 042", TimeSpan.FromSeconds(1), true);

    /// <summary>Adds to a sensor's reading at a second.</summary>
    public Func<int, string, double> Fault { get; set; } = (_, _) => 0;

    public bool Moving => _speed > 40;

    public int Second => _second;

    public TelemetryMessage Next()
    {
        var acceleration = Move();
        Lag(ref _box, 18 + (0.16 * _speed), 400);
        Lag(ref _oil, _pumping ? 75 : 45, 150);
        Lag(ref _pipe, 5 - (acceleration < -0.05 ? 0.25 - (1.6 * acceleration) : _speed < 1 ? 0.9 : 0), 2);
        _reservoir += _pumping ? 0.03 : -0.008;
        _pumping = _reservoir > 9.5 ? false : _reservoir < 8.2 || _pumping;
        var readings = new Dictionary<string, double>
        {
            [HotBox] = _box + (0.25 * Noise()),
            [OtherBox] = _box + 1 + (0.25 * Noise()),
            [Vibration] = (0.03 + (0.3 * Math.Pow(_speed / 100, 1.3))) * (1 + (0.07 * Noise())),
            [BrakePipe] = _pipe + (0.012 * Noise()),
            ["tractionCurrent.car1"] = (Math.Max(0, acceleration) * 900) - (Math.Max(0, -acceleration) * 150) + (0.003 * _speed * _speed) + (4 * Noise()),
            ["mainReservoirPressure.car1"] = _reservoir + (0.015 * Noise()),
            ["oilTemperature.car1"] = _oil + (0.2 * Noise()),
            ["pantographForce.car4"] = 72 + (0.001 * _speed * _speed) + ((1.5 + (0.04 * _speed)) * Noise()),
        };
        var at = Start.AddSeconds(_second);
        var message = new TelemetryMessage(
            Registered.Identity.Id,
            _second,
            at,
            new TrainPosition(53, -2, _speed, 0, "WCML", 0, at),
            readings.ToFrozenDictionary(reading => reading.Key, reading => Math.Round(reading.Value + Fault(_second, reading.Key), 2)));
        _second++;
        return message;
    }

    // 60 s up, 60 to 180 s hold, 50 s down, 30 s stand.
    private double Move()
    {
        var at = _inPhase++;
        var acceleration = at < 60 ? 0.5 : at < 60 + _hold ? 0 : at < 110 + _hold ? -0.6 : 0;
        _speed = Math.Max(0, _speed + (acceleration * 3.6));
        if (at >= 140 + _hold)
        {
            (_inPhase, _hold, _speed) = (0, 60 + (int)(120 * _random.NextDouble()), 0);
        }

        return _speed == 0 ? 0 : acceleration;
    }

    private static void Lag(ref double value, double target, double seconds) => value += (target - value) / seconds;

    private double Noise() => Math.Sqrt(-2 * Math.Log(_random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
