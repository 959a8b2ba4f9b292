using System.Text.Json;
using OpsPortal.Adapters.Simulated.Faults;
using OpsPortal.Adapters.Simulated.Network;
using OpsPortal.Adapters.Simulated.Trains;

namespace OpsPortal.Tests.Simulated.Faults;

public sealed class FaultTests : IDisposable
{
    private static readonly long Now = new DateTimeOffset(2026, 11, 21, 20, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
    private readonly string _folder = Directory.CreateTempSubdirectory("faults").FullName;
    private readonly List<TruthFile> _truths = [];

    private string TruthPath => Path.Combine(_folder, "truth.ndjson");

    [Theory]
    [InlineData("hotAxleBox", 25, 41)]
    [InlineData("brakePipeLeak", -3.8, -2.9)]
    [InlineData("wheelFlat", 1.0, 6.0)]
    public async Task A_fault_shows_within_half_a_minute_in_its_own_sensor_and_nowhere_else(string kind, double least, double most)
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var (fleet, planter) = Fleet();
            var planted = await planter.PlantAsync(null, kind, seed, CancellationToken.None);
            var healthy = Read(Fleet().Fleet.Find(planted.TrainId)!, 330);
            var faulty = Read(fleet.Find(planted.TrainId)!, 330);

            foreach (var sensor in healthy.Keys.Where(id => id != planted.Sensor))
            {
                Assert.Equal(healthy[sensor], faulty[sensor]);
            }

            var added = faulty[planted.Sensor].Zip(healthy[planted.Sensor], (with, without) => with - without).ToList();
            Assert.All(added.Skip(28).Take(30), difference => Assert.InRange(difference, least, most));
            Assert.All(added.Skip((int)(planted.End - planted.Start).TotalSeconds + 1), difference => Assert.Equal(0, difference));
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
        Assert.Contains("hotAxleBox, brakePipeLeak, wheelFlat", kind.Message, StringComparison.Ordinal);
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

        Assert.InRange(atOnce.Length, 58, 62);
        Assert.Equal(atOnce, await File.ReadAllLinesAsync(TruthPath));
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
