using OpsPortal.Adapters.Simulated.Faults;
using OpsPortal.Adapters.Simulated.Network;
using OpsPortal.Adapters.Simulated.Trains;

namespace OpsPortal.Tests.Simulated.Trains;

public sealed class WearTests
{
    private const int Week = 7 * 86_400;
    private static readonly long Start = new DateTimeOffset(2026, 11, 21, 20, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    [Fact]
    public void A_part_is_sound_for_weeks_then_wears_ever_faster_to_its_end_and_is_renewed()
    {
        var curve = WearCurve.Find("axleBoxTemperature.car3.axle2.left", 5, 1)!;
        var (from, to) = curve.WearingAround(Start);

        Assert.InRange((to - from) / 0.4 / Week, 6, 20);
        Assert.Equal(0, curve.WornAt(from - Week));
        Assert.InRange(curve.WornAt((from + to) / 2), 0.24, 0.26);
        Assert.InRange(curve.WornAt(to - 60), 0.99, 1);
        Assert.Equal(0, curve.WornAt(to + 60));
    }

    [Fact]
    public void Wear_is_off_unless_asked_for_and_then_raises_readings_slowly()
    {
        var (without, with) = (Fleet(0), Fleet(1));

        Assert.All(without.Trains, train => Assert.All(train.Sensors.ToArray(), sensor => Assert.Null(sensor.Wear)));
        foreach (var train in with.Trains.Take(6))
        {
            var (worn, sound) = (Read(train), Read(without.Find(train.Id)!));
            for (var i = 0; i < worn.Length; i++)
            {
                var sensor = train.Sensors[i];
                var most = sensor.Wear is { } wear ? 2 * wear.Most * wear.WornAt(Start) : 0;
                Assert.InRange(worn[i] - sound[i], 0, most + 0.11);
            }
        }
    }

    [Fact]
    public async Task Every_part_that_wears_is_written_down_once()
    {
        var path = Path.GetTempFileName();
        using (var truth = new TruthFile(path))
        {
            var fleet = Fleet(200);
            var worn = new WornParts(fleet, truth);
            await worn.WriteWearingAsync(Start, CancellationToken.None);
            for (var second = Start; second < Start + 86_400; second += 50)
            {
                await worn.WriteDueAsync(second, second + 50, CancellationToken.None);
            }

            var rows = truth.Read();
            Assert.NotEmpty(rows);
            Assert.All(rows, row => Assert.Equal("wear", row.Kind));
            Assert.Equal(rows.Count, rows.Select(row => (row.TrainId, row.Sensor, row.Start)).Distinct().Count());
            Assert.All(fleet.Trains, train => Assert.All(train.Sensors.ToArray().Where(sensor => sensor.Wear is not null), sensor =>
            {
                var (from, to) = sensor.Wear!.WearingAround(Start + 86_400);
                Assert.Equal(from <= Start + 86_400 ? 1 : 0, rows.Count(row => row.TrainId == train.Id && row.Sensor == sensor.Id && row.End.ToUnixTimeSeconds() == to));
            }));
        }

        File.Delete(path);
    }

    private static SimulatedFleet Fleet(double wear) => new(FleetMaker.Make(NetworkFile.ReadEmbedded(), 20, 1, wear));

    private static double[] Read(SimulatedTrain train)
    {
        var values = new double[train.Sensors.Length];
        train.WarmUp(Start);
        train.Read(train.MotionAt(Start), Start, values);
        return values;
    }
}
