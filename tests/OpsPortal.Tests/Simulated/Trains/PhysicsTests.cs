using OpsPortal.Adapters.Simulated.Network;
using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Simulated.Trains;

public sealed class PhysicsTests
{
    private const int Seconds = 3 * 3600;
    private static readonly long Start = new DateTimeOffset(2026, 11, 21, 20, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
    private static readonly IReadOnlyList<Run> Runs = [.. FleetMaker.Make(NetworkFile.ReadEmbedded(), 60, 1).Where((_, i) => i % 7 == 0).Select(train => new Run(train))];

    [Fact]
    public void No_reading_leaves_what_its_kind_of_instrument_gives()
    {
        Assert.All(Runs, run => Assert.All(run.Readings, pair =>
        {
            var sensor = SensorCatalogue.Describe(pair.Key);
            Assert.All(pair.Value, value => Assert.InRange(value, sensor.Lowest, sensor.Highest));
        }));
    }

    [Fact]
    public void Vibration_follows_speed_and_is_nearly_nothing_at_a_stand()
    {
        Assert.All(Runs, run =>
        {
            var vibration = run.Of("bogieVibration");

            Assert.InRange(Correlation(vibration, run.Speed), 0.9, 1);
            Assert.All(Enumerable.Range(0, Seconds).Where(i => run.Speed[i] == 0), i => Assert.InRange(vibration[i], 0, 0.1));
        });
    }

    [Fact]
    public void The_brake_pipe_drops_while_braking_and_is_at_five_bar_while_running_free()
    {
        Assert.All(Runs, run =>
        {
            var pipe = run.Of("brakePipePressure");
            var braking = Enumerable.Range(15, Seconds - 15).Where(i => Enumerable.Range(i - 14, 15).All(j => run.Acceleration[j] < -0.1)).Select(i => pipe[i]).ToList();
            var free = Enumerable.Range(30, Seconds - 30).Where(i => Enumerable.Range(i - 29, 30).All(j => run.Acceleration[j] >= 0 && run.Speed[j] > 1)).Select(i => pipe[i]).ToList();

            Assert.InRange(braking.Average(), 3.9, 4.5);
            Assert.InRange(free.Average(), 4.9, 5.1);
            Assert.True(braking.Max() < free.Min());
        });
    }

    [Fact]
    public void Traction_current_follows_acceleration()
    {
        Assert.All(Runs, run => Assert.InRange(Correlation(run.Of("tractionCurrent"), run.Acceleration), 0.7, 1));
    }

    [Fact]
    public void Axle_boxes_follow_speed_minutes_later()
    {
        Assert.All(Runs, run =>
        {
            var temperature = run.Of("axleBoxTemperature");
            var lagging = Lagging(run.Speed, 480);
            var (atOnce, later) = (Correlation(temperature[1500..], run.Speed[1500..]), Correlation(temperature[1500..], lagging[1500..]));

            Assert.InRange(later, 0.7, 1);
            Assert.True(later > atOnce, $"{later:0.00} with what lags by eight minutes, {atOnce:0.00} with now");
            Assert.InRange(temperature.Zip(temperature.Skip(1), (a, b) => Math.Abs(b - a)).Max(), 0, 2.5);
        });
    }

    [Fact]
    public void The_main_reservoir_saw_tooths_and_the_oil_warms_while_the_compressor_pumps()
    {
        Assert.All(Having("oilTemperature"), run =>
        {
            var (reservoir, oil) = (run.Of("mainReservoirPressure"), run.Of("oilTemperature"));
            var rising = Enumerable.Range(5, Seconds - 5).Where(i => reservoir[i] - reservoir[i - 5] > 0.1).ToList();

            Assert.InRange(reservoir.Min(), 8.0, 8.3);
            Assert.InRange(reservoir.Max(), 9.5, 9.8);
            Assert.InRange(rising.Count / (double)Seconds, 0.15, 0.35);
            Assert.True(rising.Average(i => oil[i] - oil[i - 5]) > 0.2);
        });
    }

    [Fact]
    public void The_pantograph_gets_noisy_with_speed()
    {
        Assert.All(Runs.Where(run => run.Readings.Keys.Any(id => id.StartsWith("pantograph", StringComparison.Ordinal))), run =>
        {
            var force = run.Of("pantographForce");
            double Jumps(Func<double, bool> at) => Enumerable.Range(1, Seconds - 1).Where(i => at(run.Speed[i])).Select(i => Math.Abs(force[i] - force[i - 1])).DefaultIfEmpty().Average();

            Assert.True(Jumps(speed => speed > 140) > 3 * Jumps(speed => speed < 20));
        });
    }

    [Fact]
    public void Traction_current_follows_the_gradient_at_steady_speed()
    {
        Assert.All(Runs, run =>
        {
            var steady = Enumerable.Range(10, Seconds - 10).Where(i => run.Speed[i] > 100 && Enumerable.Range(i - 9, 10).All(j => run.Acceleration[j] == 0)).ToList();
            var current = run.Of("tractionCurrent");
            var perKmh = steady.Select(i => current[i] - (0.0034 * run.Speed[i] * run.Speed[i])).ToArray();

            Assert.InRange(Correlation(perKmh, [.. steady.Select(i => run.Gradient[i])]), 0.7, 1);
        });
    }

    [Fact]
    public void Traction_motors_warm_with_current_minutes_later_and_the_wire_sags_at_once()
    {
        Assert.All(Having("tractionMotorTemperature"), run =>
        {
            var (motor, amperes) = (run.Of("tractionMotorTemperature"), run.Of("tractionCurrent").Select(Math.Abs).ToArray());
            var (atOnce, later) = (Correlation(motor[1800..], amperes[1800..]), Correlation(motor[1800..], Lagging(amperes, 600)[1800..]));

            Assert.InRange(later, 0.8, 1);
            Assert.True(later > atOnce + 0.2, $"{later:0.00} with what lags by ten minutes, {atOnce:0.00} with now");
            Assert.InRange(Correlation(run.Of("lineVoltage"), run.Of("tractionCurrent")), -1, -0.8);
        });
    }

    [Fact]
    public void Brake_cylinders_fill_as_the_pipe_empties()
    {
        Assert.All(Having("brakeCylinderPressure"), run => Assert.InRange(Correlation(run.Of("brakeCylinderPressure"), run.Of("brakePipePressure")), -1, -0.9));
    }

    [Fact]
    public void The_compressor_draws_current_while_the_reservoir_fills_and_only_then()
    {
        Assert.All(Having("compressorCurrent"), run =>
        {
            var (current, reservoir) = (run.Of("compressorCurrent"), run.Of("mainReservoirPressure"));
            var pumping = Enumerable.Range(10, Seconds - 10).Where(i => Enumerable.Range(i - 9, 10).All(j => current[j] > 15)).ToList();
            var resting = Enumerable.Range(10, Seconds - 10).Where(i => Enumerable.Range(i - 9, 10).All(j => current[j] < 5)).ToList();

            Assert.All(pumping, i => Assert.True(reservoir[i] > reservoir[i - 9]));
            Assert.All(resting, i => Assert.True(reservoir[i] < reservoir[i - 9] + 0.05));
            Assert.InRange(pumping.Count + resting.Count, Seconds * 0.8, Seconds);
        });
    }

    [Fact]
    public void Doors_cycle_at_stations_and_report_the_last_cycle_until_the_next()
    {
        Assert.All(Runs, run =>
        {
            var doors = run.Of("doorCycleTime");
            var changes = Enumerable.Range(1, Seconds - 1).Where(i => Math.Abs(doors[i] - doors[i - 1]) > 0.02).ToList();
            var stands = Enumerable.Range(1, Seconds - 1).Count(i => run.Speed[i] == 0 && run.Speed[i - 1] > 0);

            Assert.All(changes, i => Assert.Equal(0, run.Speed[i]));
            Assert.InRange(changes.Count, stands / 2, stands + 1);
            Assert.All(doors, value => Assert.InRange(value, 2.9, 4.1));
        });
    }

    [Fact]
    public void Days_and_seasons_are_felt()
    {
        var network = NetworkFile.ReadEmbedded();
        var (summer, winter) = (new DateTimeOffset(2026, 7, 21, 14, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds(), new DateTimeOffset(2026, 1, 21, 14, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds());

        Assert.InRange(Weather.AmbientAt(summer) - Weather.AmbientAt(winter), 9, 19);
        Assert.InRange(Enumerable.Range(0, 30).Average(day => Weather.AmbientAt(summer + (day * 86_400) + 7200) - Weather.AmbientAt(summer + (day * 86_400) - 36_000)), 6, 9);
        foreach (var kind in new[] { "axleBoxTemperature", "saloonTemperature", "oilTemperature" })
        {
            var train = FleetMaker.Make(network, 40, 1).First(train => train.Sensors.ToArray().Any(sensor => sensor.Kind == kind)).Id;
            double Mean(long start) => new Run(FleetMaker.Make(network, 40, 1).First(one => one.Id == train), start, 7200).Of(kind).Average();

            Assert.InRange(Mean(summer) - Mean(winter), 0.4, 25);
        }
    }

    [Fact]
    public void Loads_follow_the_hours_and_never_jump()
    {
        var loads = Enumerable.Range(0, 24 * 7).Select(hour => Passengers.LoadAt(7, hour * 3600L)).ToList();

        Assert.InRange(loads.Min(), 0.6, 0.85);
        Assert.InRange(loads.Max(), 1.15, 1.4);
        Assert.True(Enumerable.Range(0, 86_400).All(second => Math.Abs(Passengers.LoadAt(7, second + 1) - Passengers.LoadAt(7, second)) < 0.001));
    }

    [Fact]
    public void A_train_that_starts_later_reads_nearly_what_it_would_have_read()
    {
        var network = NetworkFile.ReadEmbedded();
        var (early, late) = (FleetMaker.Make(network, 8, 1)[3], FleetMaker.Make(network, 8, 1)[3]);
        var (a, b) = (new Run(early, Start, 1801), new Run(late, Start + 1800, 1));

        Assert.All(a.Readings.Keys, id => Assert.InRange(Math.Abs(a.Readings[id][^1] - b.Readings[id][0]), 0, Math.Max(0.6, Math.Abs(0.02 * a.Readings[id][^1]))));
    }

    private static List<Run> Having(string kind)
    {
        var having = Runs.Where(run => run.Readings.Keys.Any(id => id.StartsWith(kind + ".", StringComparison.Ordinal))).ToList();
        Assert.NotEmpty(having);
        return having;
    }

    private static double[] Lagging(double[] values, double constant)
    {
        var lagging = new double[values.Length];
        lagging[0] = values[0];
        for (var i = 1; i < values.Length; i++)
        {
            lagging[i] = lagging[i - 1] + ((values[i] - lagging[i - 1]) / constant);
        }

        return lagging;
    }

    private static double Correlation(double[] x, double[] y)
    {
        var (mx, my) = (x.Average(), y.Average());
        var (cov, vx, vy) = (0.0, 0.0, 0.0);
        for (var i = 0; i < x.Length; i++)
        {
            cov += (x[i] - mx) * (y[i] - my);
            vx += (x[i] - mx) * (x[i] - mx);
            vy += (y[i] - my) * (y[i] - my);
        }

        return cov / Math.Sqrt(vx * vy);
    }

    /// <summary>What one train read, second by second.</summary>
    private sealed class Run
    {
        public Run(SimulatedTrain train)
            : this(train, Start, Seconds)
        {
        }

        internal Run(SimulatedTrain train, long start, int seconds)
        {
            (Speed, Acceleration, Gradient) = (new double[seconds], new double[seconds], new double[seconds]);
            var ground = new LineGeometry(NetworkFile.ReadEmbedded().Rail.Lines.Single(line => line.Id == train.Registered.Identity.Line), 1);
            foreach (var sensor in train.Sensors)
            {
                Readings[sensor.Id] = new double[seconds];
            }

            train.WarmUp(start);
            var values = new double[train.Sensors.Length];
            for (var i = 0; i < seconds; i++)
            {
                var motion = train.MotionAt(start + i);
                train.Read(motion, start + i, values);
                (Speed[i], Acceleration[i]) = (motion.SpeedKmh, motion.Acceleration);
                Gradient[i] = ground.GradientAt(motion.Km) * (motion.Forward ? 1 : -1);
                for (var s = 0; s < values.Length; s++)
                {
                    Readings[train.Sensors[s].Id][i] = values[s];
                }
            }
        }

        public double[] Speed { get; }

        public double[] Acceleration { get; }

        public double[] Gradient { get; }

        public Dictionary<string, double[]> Readings { get; } = [];

        public double[] Of(string kind) => Readings.First(pair => pair.Key.StartsWith(kind + ".", StringComparison.Ordinal)).Value;
    }
}
