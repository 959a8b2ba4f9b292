using OpsPortal.Adapters.Simulated.Network;
using OpsPortal.Adapters.Simulated.Trains;

namespace OpsPortal.Tests.Simulated.Trains;

public sealed class TimetableTests
{
    private const int Day = 86_400;
    private static readonly long Start = new DateTimeOffset(2026, 11, 21, 0, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
    private static readonly SimulatedNetwork Network = NetworkFile.ReadEmbedded();

    [Fact]
    public void Over_a_day_trains_arrive_and_leave_within_a_minute_of_their_timetable()
    {
        foreach (var train in FleetMaker.Make(Network, 60, 5).Where((_, i) => i % 6 == 0))
        {
            var stands = Stands(train).ToList();
            var calls = train.CallsFrom(Start + 300).TakeWhile(call => call.Departure < Start + Day - 300).ToList();

            Assert.True(calls.Count > 20, $"{train.Id} calls {calls.Count} times a day");
            foreach (var call in calls)
            {
                var stand = stands.MinBy(stand => Math.Abs(stand.From - call.Arrival));
                Assert.InRange(stand.From - ToMinute(call.Arrival), -60, 60);
                Assert.InRange(stand.To - ToMinute(call.Departure), -60, 60);
                Assert.InRange(stand.Km, call.Km - 0.02, call.Km + 0.02);
            }

            // Nor does it stand anywhere else.
            Assert.InRange(stands.Count, calls.Count, calls.Count + 2);
        }
    }

    [Fact]
    public void A_train_calls_at_every_station_of_its_way_in_order_and_turns_back()
    {
        foreach (var train in FleetMaker.Make(Network, 60, 5))
        {
            var calls = train.CallsFrom(Start).Take(60).Select(call => call.Station).ToList();
            var line = Network.Rail.Lines.Single(line => line.Id == train.Registered.Identity.Line).Stops.Select(stop => stop.Station).ToList();

            Assert.All(calls.Zip(calls.Skip(1)), pair => Assert.Equal(1, Math.Abs(line.IndexOf(pair.Second) - line.IndexOf(pair.First))));
        }
    }

    // As a passenger reads it.
    private static double ToMinute(double seconds) => Math.Floor(seconds / 60) * 60;

    private static IEnumerable<(long From, long To, double Km)> Stands(SimulatedTrain train)
    {
        long? since = null;
        for (var second = Start; second < Start + Day; second++)
        {
            var motion = train.MotionAt(second);
            if (motion.SpeedKmh == 0)
            {
                since ??= second;
            }
            else if (since is { } from)
            {
                yield return (from, second, motion.Km);
                since = null;
            }
        }
    }
}
