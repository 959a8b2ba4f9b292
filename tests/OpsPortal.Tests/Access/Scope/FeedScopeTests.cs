using System.Collections.Frozen;
using System.Text;
using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Feed;
using OpsPortal.Tests.Feed;

namespace OpsPortal.Tests.Access;

/// <summary>SEC-45: watchers of different scopes follow one feed while trains move and change depot; frames are shared, their bytes too, and no byte is of a train outside.</summary>
[Trait("Fault", "SEC-45")]
[Trait("Fault", "SEC-23")]
public sealed class FeedScopeTests
{
    private const int Worlds = 1_250;

    // Two of eight hold the same scope: frames are shared between them, and between nobody else.
    private const int Scopes = 7;

    [Fact]
    public void No_frame_of_a_watcher_holds_a_byte_of_a_train_outside_its_scope_and_what_it_holds_is_all_inside()
    {
        var frames = 0;
        Prop.ForAll(ScopeWorlds.Any(5, 4, Scopes).ToArbitrary(), world => frames += Follow(world, scope => scope))
            .Check(Config.QuickThrowOnFailure.WithMaxTest(Worlds));

        Assert.True(frames >= 10_000, $"Only {frames} frames were looked at.");
    }

    [Fact]
    public void A_feed_that_forgets_the_scope_is_found_out()
    {
        var red = Assert.ThrowsAny<Exception>(() => Prop.ForAll(ScopeWorlds.Any(5, 4, Scopes).ToArbitrary(), world => Follow(world, _ => Scope.WholeFleet) > 0)
            .Check(Config.QuickThrowOnFailure.WithMaxTest(20)));

        Assert.Contains("outside but shown", red.ToString(), StringComparison.Ordinal);
    }

    /// <summary>Found by the property: both had the key "*||*", and so each other's frames.</summary>
    [Fact]
    public void A_scope_that_names_only_the_empty_name_shares_nothing_with_one_that_names_none()
    {
        var none = new Scope(null, FrozenSet<string>.Empty, null);
        var empty = new Scope(null, FrozenSet.Create(""), null);

        Assert.NotEqual(none.Key, empty.Key);
    }

    private static int Follow(ScopeWorld world, Func<Scope, Scope> pierce)
    {
        var rig = FeedRig.Started();
        var watchers = world.Scopes.Append(world.Scopes[0]).Select(scope => new Browser(scope, rig.Feed.Watch(pierce(scope)))).ToList();
        var now = new Dictionary<string, TrainIdentity>();
        var offset = 0L;
        var frames = 0;
        foreach (var train in world.Ever)
        {
            now[train.Id] = train;
            rig.Move(ScopeWorld.State(train, ++offset));
            if (offset <= world.Trains.Count)
            {
                rig.Raise(ScopeWorld.Alert(train));
            }

            rig.Find(ScopeWorld.Anomaly(train, (int)offset));
            frames += watchers.Sum(watcher => watcher.Read(rig.Feed));
            watchers.ForEach(watcher => watcher.Check(now.Values, world));
        }

        return frames;
    }

    /// <summary>What a browser knows by its frames.</summary>
    private sealed class Browser(Scope scope, Watcher watcher)
    {
        private readonly HashSet<string> _trains = [];
        private readonly HashSet<string> _alerts = [];
        private string _bytes = "";

        public int Read(LiveFeed feed)
        {
            _bytes = "";
            if (feed.TakeFrame(watcher) is not { } frame)
            {
                return 0;
            }

            if (frame.IsSnapshot)
            {
                _trains.Clear();
                _alerts.Clear();
            }

            _trains.UnionWith(frame.Trains.Select(view => view.State.Train.Identity.Id));
            _alerts.UnionWith(frame.Alerts.Select(alert => alert.Train.Id));
            _bytes = Encoding.UTF8.GetString(JsonSerializer.SerializeToUtf8Bytes(FrameJson.Of(frame), WireJson.Options));
            return 1;
        }

        public void Check(IReadOnlyCollection<TrainIdentity> now, ScopeWorld world)
        {
            var inside = ScopeWorld.Inside(scope, now);
            // Facts measured while the train was inside may be told of it later.
            var ever = ScopeWorld.Inside(scope, world.Ever);
            var outside = now.Select(train => train.Id).Where(id => !ever.Contains(id) && _bytes.Contains(id, StringComparison.Ordinal)).Concat(_trains.Except(inside)).Concat(_alerts.Except(inside)).ToList();
            var missing = inside.Except(_trains).Concat(inside.Except(_alerts)).ToList();
            if (outside.Count + missing.Count > 0)
            {
                throw new ScopeBrokenException($"scope {scope.Key}: outside but shown: {string.Join(' ', outside)}; inside but missing: {string.Join(' ', missing)}\n{world}");
            }
        }
    }
}
