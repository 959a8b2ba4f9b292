using System.Buffers;
using OpsPortal.Adapters.Simulated.Network;
using OpsPortal.Adapters.Simulated.Trains;

namespace OpsPortal.Tests.Simulated.Trains;

public sealed class CostTests
{
    [Fact]
    public void A_message_is_measured_and_written_without_allocating()
    {
        var trains = FleetMaker.Make(NetworkFile.ReadEmbedded(), 10, 1);
        using var writer = new TelemetryWriter();
        var buffer = new ArrayBufferWriter<byte>(4096);
        Round(0, 50);

        var before = GC.GetAllocatedBytesForCurrentThread();
        Round(50, 150);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.InRange(allocated / 1000.0, 0, 32);

        void Round(long from, long to)
        {
            for (var second = from; second < to; second++)
            {
                foreach (var train in trains)
                {
                    buffer.ResetWrittenCount();
                    writer.Write(buffer, train, train.MotionAt(second), second, second, "2026-11-21T20:00:00.000Z"u8);
                }
            }
        }
    }

    [Fact]
    public void A_fleet_of_ten_thousand_shares_its_timetables_and_its_ids_are_its_own()
    {
        var trains = FleetMaker.Make(NetworkFile.ReadEmbedded(), 10_000, 1);

        Assert.Equal(10_000, trains.Select(train => train.Id).Distinct().Count());
        Assert.InRange(trains.Select(train => Math.Round(train.MotionAt(0).Km, 3)).Distinct().Count(), 9_000, 10_000);
    }
}
