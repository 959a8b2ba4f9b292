using OpsPortal.Adapters.Simulated.Network;
using OpsPortal.Adapters.Simulated.Trains;

namespace OpsPortal.Tests.Simulated.Trains;

public sealed class FleetTests
{
    private static readonly long Start = new DateTimeOffset(2026, 11, 21, 20, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();
    private static readonly SimulatedNetwork Network = NetworkFile.ReadEmbedded();

    [Fact]
    public void A_fleet_is_shared_out_over_all_classes_and_lines()
    {
        var fleet = FleetMaker.Make(Network, 120, 1);

        Assert.Equal(120, fleet.Select(train => train.Id).Distinct().Count());
        Assert.Equal(Network.Rail.Lines.Count, fleet.Select(train => train.Registered.Identity.Line).Distinct().Count());
        Assert.Equal(3, fleet.Select(train => train.Registered.Identity.Class).Distinct().Count());
        Assert.All(fleet, train => Assert.InRange(train.Sensors.Length, 8, 14));
        Assert.Contains(fleet, train => train.Id == "390-042" && train.Registered.Name == "390 042");
    }

    [Fact]
    public void The_same_seed_gives_the_same_fleet_and_another_seed_another()
    {
        Assert.Equal(Places(1), Places(1));
        Assert.NotEqual(Places(1), Places(2));

        static List<double> Places(int seed) => [.. FleetMaker.Make(Network, 40, seed).Select(train => train.MotionAt(Start).Km)];
    }

    [Fact]
    public void Trains_follow_their_line_and_never_teleport()
    {
        foreach (var train in FleetMaker.Make(Network, 24, 3))
        {
            var line = Network.Rail.Lines.Single(line => line.Id == train.Registered.Identity.Line);
            var fastest = line.Stops.Max(stop => stop.LimitKmh);
            var before = train.MotionAt(Start);
            for (var second = Start + 1; second < Start + (6 * 3600); second++)
            {
                var now = train.MotionAt(second);
                var moved = Math.Abs(now.Km - before.Km) * 1000;
                var bySpeed = (before.SpeedKmh + now.SpeedKmh) / 2 / 3.6;

                Assert.InRange(now.Km, 0, line.Stops[^1].Km);
                Assert.InRange(now.SpeedKmh, 0, fastest + 0.001);
                Assert.InRange(moved, bySpeed - 0.2, bySpeed + 0.2);
                Assert.InRange(Math.Abs(now.SpeedKmh - before.SpeedKmh), 0, 1.81);
                if (now.Forward == before.Forward)
                {
                    Assert.True(now.Forward ? now.Km >= before.Km : now.Km <= before.Km, "kilometres run backwards");
                }
                else
                {
                    Assert.True(now.SpeedKmh < 1.1, "turned back while moving");
                }

                before = now;
            }
        }
    }

    [Fact]
    public void Places_and_headings_fit_the_way_gone()
    {
        foreach (var train in FleetMaker.Make(Network, 24, 3))
        {
            for (var second = Start; second < Start + 3600; second += 10)
            {
                var (now, then) = (train.MotionAt(second), train.MotionAt(second + 10));
                var (a, b) = (train.PlaceAt(now), train.PlaceAt(then));
                var shown = Geodesy.Km(a.Latitude, a.Longitude, b.Latitude, b.Longitude);

                Assert.InRange(shown, 0, (Math.Abs(then.Km - now.Km) * 1.04) + 0.001);
                if (shown > 0.05 && a.HeadingDeg == b.HeadingDeg)
                {
                    var off = Math.Abs(Geodesy.HeadingDeg(a.Latitude, a.Longitude, b.Latitude, b.Longitude) - a.HeadingDeg);
                    Assert.True(Math.Min(off, 360 - off) < 3, $"{train.Id} heads {a.HeadingDeg:0} but goes {off:0} off");
                }
            }
        }
    }

    [Fact]
    public void Every_train_stops_starts_and_turns_back_and_some_meet_tunnels()
    {
        var fleet = FleetMaker.Make(Network, 60, 1);
        var inTunnels = 0;
        foreach (var train in fleet)
        {
            var motions = Enumerable.Range(0, 10 * 360).Select(step => train.MotionAt(Start + (step * 10))).ToList();

            Assert.Contains(motions, motion => motion.SpeedKmh == 0);
            Assert.Contains(motions, motion => motion.Forward);
            Assert.Contains(motions, motion => !motion.Forward);
            inTunnels += motions.Any(motion => !train.IsReachable(motion.Km)) ? 1 : 0;
        }

        Assert.InRange(inTunnels, 25, 60);
    }
}
