using System.Text.Json;
using OpsPortal.Adapters.Simulated.Faults;
using OpsPortal.Adapters.Simulated.Network;
using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Tests.Simulated.Faults;

public sealed class FaultTests : IDisposable
{
    private static readonly long Now = new DateTimeOffset(2026, 11, 21, 20, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
    private readonly string _folder = Directory.CreateTempSubdirectory("faults").FullName;
    private readonly List<TruthFile> _truths = [];

    private string TruthPath => Path.Combine(_folder, "truth.ndjson");

    [Theory]
    [InlineData("hotAxleBox", 28, 25, 41)]
    [InlineData("brakePipeLeak", 10, -3.8, -2.9)]
    [InlineData("wheelFlat", 10, 1.0, 6.0)]
    [InlineData("compressorOverrun", 10, 30, 86)]
    [InlineData("oilTemperatureCreep", 80, 37, 51)]
    [InlineData("pantographForceLoss", 10, -66, -30)]
    [InlineData("slowDoor", 41, 2.9, 5.1)]
    [InlineData("hvacOverload", 10, 21, 35)]
    public async Task A_fault_shows_in_its_own_sensor_and_nowhere_else(string kind, int after, double least, double most)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var (planted, healthy, faulty) = await CompareAsync(kind, seed);
            var added = faulty[planted.Sensor].Zip(healthy[planted.Sensor], (with, without) => with - without).ToList();

            Assert.Contains(planted.Sensor.Split('.')[0], FaultKind.All.Single(one => one.Name == kind).SensorKinds);
            Assert.All(added.Skip(after).Take(30), difference => Assert.InRange(difference, least, most));
            Assert.All(added.Skip((int)(planted.End - planted.Start).TotalSeconds), difference => Assert.Equal(0, difference));
        }
    }

    [Fact]
    public async Task A_stuck_sensor_repeats_itself_while_the_healthy_one_moves()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var (planted, healthy, faulty) = await CompareAsync("stuckSensor", seed);
            var seconds = (int)(planted.End - planted.Start).TotalSeconds;

            Assert.Equal(healthy[planted.Sensor][0], Assert.Single(faulty[planted.Sensor].Take(seconds).Distinct()));
            Assert.True(healthy[planted.Sensor].Take(seconds).Distinct().Count() > 10);
            Assert.Equal(healthy[planted.Sensor].Skip(seconds), faulty[planted.Sensor].Skip(seconds));
        }
    }

    [Fact]
    public async Task A_sensor_that_dropped_out_is_missing_from_the_messages_and_comes_back()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var (planted, healthy, faulty) = await CompareAsync("sensorDropOut", seed);
            var seconds = (int)(planted.End - planted.Start).TotalSeconds;

            Assert.All(faulty[planted.Sensor].Take(seconds), reading => Assert.Equal(double.NaN, reading));
            Assert.Equal(healthy[planted.Sensor].Skip(seconds), faulty[planted.Sensor].Skip(seconds));
        }
    }

    [Fact]
    public async Task A_message_without_a_reading_does_not_name_its_sensor()
    {
        var (fleet, planter) = Fleet();
        var planted = await planter.PlantAsync(null, "sensorDropOut", 1, CancellationToken.None);
        var train = fleet.Find(planted.TrainId)!;
        using var writer = new TelemetryWriter();
        var body = new System.Buffers.ArrayBufferWriter<byte>();

        train.WarmUp(Now + 1);
        writer.Write(body, train, train.MotionAt(Now + 1), Now + 1, 1, "2026-11-21T20:00:01.000Z"u8);

        using var message = JsonDocument.Parse(body.WrittenMemory);
        var named = message.RootElement.GetProperty("readings").EnumerateObject().Select(reading => reading.Name).ToList();
        Assert.Equal(train.Sensors.ToArray().Select(sensor => sensor.Id).Where(id => id != planted.Sensor), named);
    }

    [Theory]
    [InlineData("hotDay", 6)]
    [InlineData("heavyTrain", 5)]
    public async Task A_look_alike_moves_many_sensors_a_little_and_no_one_as_much_as_a_fault(string kind, int leastMoved)
    {
        for (var seed = 1; seed <= 3; seed++)
        {
            var (fleet, planter) = Fleet();
            var planted = await planter.PlantAsync(null, kind, seed, CancellationToken.None);
            var (with, without) = (Read(fleet.Find(planted.TrainId)!, 3600), Read(Fleet().Fleet.Find(planted.TrainId)!, 3600));
            var moved = with.ToDictionary(pair => pair.Key, pair => pair.Value.Zip(without[pair.Key], (a, b) => Math.Abs(a - b)).Max());

            Assert.Equal("", planted.Sensor);
            Assert.True(moved.Values.Count(most => most > 0) >= leastMoved, string.Join(", ", moved));
            foreach (var fault in FaultKind.All.Where(fault => fault.SensorKinds.Count == 1 && fault.Seen == Seen.Always && fault.Name != "compressorOverrun"))
            {
                Assert.All(moved.Where(pair => pair.Key.StartsWith(fault.SensorKinds[0] + ".", StringComparison.Ordinal)), pair => Assert.InRange(pair.Value, 0, fault.Weakest / 2));
            }
        }
    }

    [Fact]
    public async Task A_look_alike_is_written_down_as_one_and_survives_a_restart()
    {
        var (_, planter) = Fleet();
        var planted = await planter.PlantAsync("390-042", "hotDay", 7, CancellationToken.None);
        await planter.PlantAsync("390-042", "hotAxleBox", 7, CancellationToken.None);

        var rows = (await File.ReadAllLinesAsync(TruthPath)).Select(row => JsonDocument.Parse(row).RootElement).ToList();
        Assert.Equal([true, false], rows.Select(row => row.GetProperty("lookAlike").GetBoolean()));
        var (fleet, again) = Fleet();
        again.Restore(Now + 60);
        Assert.Single(fleet.Find(planted.TrainId)!.LookAlikes);
    }

    [Fact]
    public async Task Every_kind_is_planted_only_where_there_is_a_sensor_for_it()
    {
        var (fleet, planter) = Fleet();
        foreach (var kind in FaultKind.All)
        {
            foreach (var train in fleet.Trains.DistinctBy(train => train.Registered.Identity.Class))
            {
                if (train.Sensors.ToArray().Any(kind.ShowsOn))
                {
                    var planted = await planter.PlantAsync(train.Id, kind.Name, 1, CancellationToken.None);
                    Assert.Contains(train.Sensors.ToArray(), sensor => sensor.Id == planted.Sensor && kind.ShowsOn(sensor));
                }
                else
                {
                    await Assert.ThrowsAsync<ArgumentException>(() => planter.PlantAsync(train.Id, kind.Name, 1, CancellationToken.None));
                }
            }
        }
    }

    [Fact]
    public async Task Chance_draws_all_kinds()
    {
        var (_, planter) = Fleet();
        var drawn = new HashSet<string>();
        for (var seed = 0; seed < 100; seed++)
        {
            drawn.Add((await planter.PlantAnyAsync(seed, CancellationToken.None)).Kind);
        }

        Assert.Equal(FaultKind.All.Select(kind => kind.Name).Order(), drawn.Order());
    }

    [Theory]
    [InlineData(345, "brakePipeLeak hotAxleBox hvacOverload wheelFlat")]
    [InlineData(3600, "brakePipeLeak compressorOverrun hotAxleBox hvacOverload oilTemperatureCreep pantographForceLoss slowDoor wheelFlat")]
    public async Task Any_fault_planted_by_hand_is_one_that_raises_an_alert_soon(int watchedSeconds, string kinds)
    {
        var (fleet, planter) = Fleet();
        fleet.KnownSince = fleet.LastSecond - watchedSeconds;
        var drawn = new HashSet<string>();
        for (var seed = 0; seed < 100; seed++)
        {
            drawn.Add((await planter.PlantAsync(null, null, seed, CancellationToken.None)).Kind);
        }

        Assert.Equal(kinds, string.Join(' ', drawn.Order()));
    }

    [Fact]
    public async Task Any_fault_on_a_train_that_is_named_is_one_that_its_sensors_can_show()
    {
        var (fleet, planter) = Fleet();
        foreach (var train in fleet.Trains)
        {
            var planted = await planter.PlantAsync(train.Id, null, 3, CancellationToken.None);
            Assert.Contains(train.Sensors.ToArray(), sensor => sensor.Id == planted.Sensor);
        }
    }

    [Fact]
    public async Task What_was_planted_is_written_down()
    {
        var (_, planter) = Fleet();
        var planted = await planter.PlantAsync("390-042", "hotAxleBox", 7, CancellationToken.None);

        using var row = JsonDocument.Parse(Assert.Single(await File.ReadAllLinesAsync(TruthPath)));
        var truth = row.RootElement;

        Assert.Equal(("390-042", "hotAxleBox", planted.Sensor, "car3", 7), (
            truth.GetProperty("trainId").GetString(), truth.GetProperty("kind").GetString(), truth.GetProperty("sensor").GetString(), truth.GetProperty("car").GetString(), truth.GetProperty("seed").GetInt32()));
        Assert.Equal((planted.Start, planted.End), (truth.GetProperty("start").GetDateTimeOffset(), truth.GetProperty("end").GetDateTimeOffset()));
        Assert.InRange(truth.GetProperty("strength").GetDouble(), 28, 40);
        Assert.InRange(planted.End - planted.Start, TimeSpan.FromMinutes(3), TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task The_same_seed_draws_the_same_train_kind_and_sensor()
    {
        var (first, second) = (Fleet().Planter, Fleet().Planter);

        Assert.Equal(await first.PlantAsync(null, null, 42, CancellationToken.None), await second.PlantAsync(null, null, 42, CancellationToken.None));
    }

    [Fact]
    public async Task A_train_that_is_drawn_can_be_reached_while_the_fault_shows()
    {
        var (fleet, planter) = Fleet();
        for (var seed = 0; seed < 60; seed++)
        {
            var planted = await planter.PlantAsync(null, null, seed, CancellationToken.None);
            var train = fleet.Find(planted.TrainId)!;

            Assert.All(Enumerable.Range(0, 120), second => Assert.True(train.IsReachable(train.MotionAt(Now + second).Km)));
        }
    }

    [Fact]
    public async Task A_wheel_flat_is_planted_on_a_train_that_moves()
    {
        var (fleet, planter) = Fleet();
        for (var seed = 0; seed < 20; seed++)
        {
            var planted = await planter.PlantAsync(null, "wheelFlat", seed, CancellationToken.None);
            var train = fleet.Find(planted.TrainId)!;

            Assert.All(Enumerable.Range(1, 11), step => Assert.True(train.MotionAt(Now + (5 * step)).SpeedKmh >= 50));
        }
    }

    [Fact]
    public async Task Unknown_trains_and_kinds_are_refused_with_what_there_is()
    {
        var (_, planter) = Fleet();

        var train = await Assert.ThrowsAsync<ArgumentException>(() => planter.PlantAsync("Thomas", "wheelFlat", 1, CancellationToken.None));
        var kind = await Assert.ThrowsAsync<ArgumentException>(() => planter.PlantAsync(null, "leaves", 1, CancellationToken.None));

        Assert.Contains("390-042", train.Message, StringComparison.Ordinal);
        Assert.Contains(string.Join(", ", FaultKind.All.Select(one => one.Name).Append("hotDay").Append("heavyTrain")), kind.Message, StringComparison.Ordinal);
        Assert.False(File.Exists(TruthPath));
    }

    [Fact]
    public async Task A_fault_goes_on_after_a_restart_until_its_end()
    {
        var (_, planter) = Fleet();
        var planted = await planter.PlantAsync(null, "hotAxleBox", 3, CancellationToken.None);

        var (fleet, again) = Fleet();
        again.Restore(Now + 60);

        var fault = Assert.Single(fleet.Find(planted.TrainId)!.Faults);
        Assert.Equal(planted, fault.Planted);
        var (later, tooLate) = Fleet();
        tooLate.Restore(Now + 600);
        Assert.All(later.Trains, train => Assert.Empty(train.Faults));
    }

    [Fact]
    public async Task Chance_plants_as_often_as_asked_and_the_same_however_the_time_is_cut()
    {
        var (_, whole) = Fleet();
        await new RandomFaults(whole, 6, 1).PlantDueAsync(Now, Now + 36_000, CancellationToken.None);
        var atOnce = await File.ReadAllLinesAsync(TruthPath);
        File.Delete(TruthPath);

        var (_, pieces) = Fleet();
        for (var second = Now; second < Now + 36_000; second += 7)
        {
            await new RandomFaults(pieces, 6, 1).PlantDueAsync(second, Math.Min(second + 7, Now + 36_000), CancellationToken.None);
        }

        Assert.InRange(atOnce.Count(row => row.Contains("\"lookAlike\":false", StringComparison.Ordinal)), 58, 62);
        Assert.InRange(atOnce.Count(row => row.Contains("\"lookAlike\":true", StringComparison.Ordinal)), 13, 17);
        Assert.Equal(atOnce.Order(StringComparer.Ordinal), (await File.ReadAllLinesAsync(TruthPath)).Order(StringComparer.Ordinal));
    }

    public void Dispose()
    {
        _truths.ForEach(truth => truth.Dispose());
        Directory.Delete(_folder, recursive: true);
    }

    private (SimulatedFleet Fleet, FaultPlanter Planter) Fleet()
    {
        var fleet = new SimulatedFleet(FleetMaker.Make(NetworkFile.ReadEmbedded(), 40, 1)) { LastSecond = Now };
        var truth = new TruthFile(TruthPath);
        _truths.Add(truth);
        return (fleet, new FaultPlanter(fleet, truth, 1));
    }

    private async Task<(PlantedFault Planted, Dictionary<string, List<double>> Healthy, Dictionary<string, List<double>> Faulty)> CompareAsync(string kind, int seed)
    {
        var (fleet, planter) = Fleet();
        var planted = await planter.PlantAsync(null, kind, seed, CancellationToken.None);
        var seconds = (int)(planted.End - planted.Start).TotalSeconds + 30;
        var (healthy, faulty) = (Read(Fleet().Fleet.Find(planted.TrainId)!, seconds), Read(fleet.Find(planted.TrainId)!, seconds));
        foreach (var sensor in healthy.Keys.Where(id => id != planted.Sensor))
        {
            Assert.Equal(healthy[sensor], faulty[sensor]);
        }

        return (planted, healthy, faulty);
    }

    private static Dictionary<string, List<double>> Read(SimulatedTrain train, int seconds)
    {
        var readings = train.Sensors.ToArray().ToDictionary(sensor => sensor.Id, _ => new List<double>());
        var values = new double[train.Sensors.Length];
        train.WarmUp(Now + 1);
        for (var second = Now + 1; second <= Now + seconds; second++)
        {
            train.Read(train.MotionAt(second), second, values);
            for (var i = 0; i < values.Length; i++)
            {
                readings[train.Sensors[i].Id].Add(values[i]);
            }
        }

        return readings;
    }
}
