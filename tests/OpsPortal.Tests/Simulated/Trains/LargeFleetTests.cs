using OpsPortal.Adapters.Simulated.Network;
using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Kit;
using Xunit.Abstractions;

namespace OpsPortal.Tests.Simulated.Trains;

/// <summary>The largest fleet allowed, measured for ten simulated minutes (a minute unless LONG_TESTS=1): nothing grows, nothing is lost.</summary>
[Collection(Alone.Name)]
public sealed class LargeFleetTests(ITestOutputHelper output)
{
    private const int Trains = 10_000;
    private const long MostGrowth = 4_000_000;
    private static readonly long Start = new DateTimeOffset(2026, 11, 21, 20, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    private static int Seconds => Environment.GetEnvironmentVariable("LONG_TESTS") == "1" ? 600 : 60;

    [Fact]
    public void Ten_thousand_trains_are_counted_exactly_and_memory_stays()
    {
        var folder = Directory.CreateTempSubdirectory("large-fleet").FullName;
        using (var outbox = new Outbox(Path.Combine(folder, "trains.db")))
        {
            var fleet = new SimulatedFleet(FleetMaker.Make(NetworkFile.ReadEmbedded(), Trains, 1));
            using var measurer = new FleetMeasurer(fleet, outbox, TimeProvider.System);
            var (sent, halfway) = (0L, 0L);
            for (var second = 1; second <= Seconds; second++)
            {
                sent += Measure(measurer, outbox, second);
                halfway = second == Seconds / 2 ? MemoryInUse() : halfway;
            }

            var growth = MemoryInUse() - halfway;
            var held = outbox.HoldingTrains().Sum(train => outbox.Held(train).Count);
            output.WriteLine($"{Seconds} s: {sent} sent + {held} held in tunnels = {sent + held}; {halfway / 1e6:0.0} MB half-way, {growth / 1e6:0.00} MB more after");

            Assert.Equal((long)Trains * Seconds, sent + held);
            Assert.NotEqual(0, held);
            // Less is no growth: tests before this one may still be letting go of what they had.
            Assert.True(growth <= MostGrowth, $"{growth} bytes more after the second half");
        }

        Directory.Delete(folder, recursive: true);
    }

    private static long MemoryInUse()
    {
        // What earlier tests left behind shall not be taken for this one's.
        GC.Collect();
        GC.WaitForPendingFinalizers();
        return GC.GetTotalMemory(forceFullCollection: true);
    }

    private static readonly OutboxBatch Batch = new();

    // What waits in tunnels goes to the disk and comes back from it; the rest is as good as sent.
    private static int Measure(FleetMeasurer measurer, Outbox outbox, int second)
    {
        measurer.Measure(Start + second, second, Batch);
        var sent = Batch.Number(1).Records().Count(record => record.Kind == SourceRecordKind.Telemetry);
        outbox.Keep(Batch, null, new FleetProgress(Start + second, second, 1), [], 0);
        Batch.Clear();
        return sent;
    }
}
