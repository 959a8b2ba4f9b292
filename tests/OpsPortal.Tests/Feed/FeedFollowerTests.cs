using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging.Abstractions;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Tests.Kit;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Feed;

public sealed class FeedFollowerTests : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly FeedOptions Options = new() { FirstRetry = TimeSpan.FromMilliseconds(10), LongestRetry = TimeSpan.FromMilliseconds(20) };

    private readonly ScriptedStore _store = new();
    private readonly LiveFeed _feed;
    private readonly FeedFollower _follower;

    public FeedFollowerTests()
    {
        var options = Microsoft.Extensions.Options.Options.Create(Options);
        _feed = new LiveFeed(options, TimeProvider.System);
        var reader = new FeedSnapshotReader(_store, _store, _store, options, TimeProvider.System);
        _follower = new FeedFollower(_store, reader, _feed, new RetryWait(options, TimeProvider.System, new Random(1)), NullLogger<FeedFollower>.Instance);
    }

    [Fact]
    public async Task The_place_is_taken_before_the_snapshot_is_read_so_that_nothing_falls_in_between()
    {
        _store.OnSnapshot = () => _store.Write(Samples.State(Samples.Longsight(), 2));
        await _follower.StartAsync(CancellationToken.None);

        await UntilAsync("the change made during the snapshot", () => Offset("390-042") == 2);
        Assert.Equal(["cursor", "snapshot", "follow from 0"], _store.Calls.Take(3));
    }

    [Fact]
    public async Task When_the_store_fails_the_feed_says_so_and_follows_on_from_its_last_place()
    {
        await _follower.StartAsync(CancellationToken.None);
        _store.Write(Samples.State(Samples.Longsight(), 1));
        await UntilAsync("the first change", () => Offset("390-042") == 1);
        var told = new ConcurrentQueue<(DateTimeOffset? LastPageAt, StoreHealth Health)>();
        _store.OnFollow = () => told.Enqueue((_store.LastPageAt, _feed.Store));

        _store.Fail(times: 3);
        await UntilAsync("three tries", () => told.Count == 3);
        Assert.All(told, at => Assert.Equal(new StoreHealth(at.LastPageAt, "The store cannot be reached. What is shown is the last known."), at.Health));

        _store.Write(Samples.State(Samples.Longsight(), 2));
        await UntilAsync("the second change", () => Offset("390-042") == 2);
        Assert.Null(_feed.Store.Problem);
        Assert.Equal(1, _store.Calls.Count(call => call == "snapshot"));
        Assert.Equal("follow from 1", _store.Calls[^1]);
    }

    [Fact]
    public async Task A_place_that_fails_again_and_again_is_given_up_for_a_fresh_snapshot()
    {
        await _follower.StartAsync(CancellationToken.None);
        _store.Write(Samples.State(Samples.Longsight(), 1));
        await UntilAsync("the first change", () => Offset("390-042") == 1);

        _store.Fail(times: 5);

        await UntilAsync("a second snapshot", () => _store.Calls.Count(call => call == "snapshot") == 2);
        await UntilAsync("health", () => _feed.Store.Problem is null);
    }

    [Fact]
    public async Task A_store_that_is_down_at_the_start_is_waited_for()
    {
        _store.SnapshotFailures = 3;
        await _follower.StartAsync(CancellationToken.None);

        await UntilAsync("the snapshot", () => _feed.Store is { AsOf: not null, Problem: null });
    }

    public async ValueTask DisposeAsync()
    {
        await _follower.StopAsync(CancellationToken.None);
        _follower.Dispose();
    }

    private long? Offset(string trainId) => _feed.Find(Scope.WholeFleet, trainId)?.State.SourceOffset;

    private static Task UntilAsync(string what, Func<bool> condition) => Eventually.IsTrueAsync(what, Patience, () => Task.FromResult(condition()));

    /// <summary>A store whose changes and failures tests call for.</summary>
    private sealed class ScriptedStore : IStoreChanges, ITrainStore, IAlertStore, IAnomalyStore
    {
        private readonly Lock _lock = new();
        private readonly List<string> _calls = [];
        private readonly List<TrainState> _changes = [];

        // Wait: a test that writes more than this has lost its way.
        private readonly Channel<bool> _signals = Channel.CreateBounded<bool>(new BoundedChannelOptions(100) { FullMode = BoundedChannelFullMode.Wait });
        private int _failures;

        /// <summary>What the newest page handed out is as of.</summary>
        public DateTimeOffset? LastPageAt { get; private set; }

        public Action? OnSnapshot { get; set; }

        public Action? OnFollow { get; set; }

        public int SnapshotFailures { get; set; }

        public List<string> Calls
        {
            get
            {
                lock (_lock)
                {
                    return [.. _calls];
                }
            }
        }

        public void Write(TrainState state)
        {
            lock (_lock)
            {
                _changes.Add(state);
            }

            Assert.True(_signals.Writer.TryWrite(true));
        }

        public void Fail(int times)
        {
            Interlocked.Exchange(ref _failures, times);
            Assert.True(_signals.Writer.TryWrite(true));
        }

        public Task<StoreCursor> GetCursorAsync(CancellationToken cancellationToken)
        {
            Note("cursor");
            lock (_lock)
            {
                return Task.FromResult(new StoreCursor($"{_changes.Count}"));
            }
        }

        public async IAsyncEnumerable<StoreChanges> FollowAsync(StoreCursor since, [EnumeratorCancellation] CancellationToken cancellationToken)
        {
            Note($"follow from {since.Value}");
            OnFollow?.Invoke();
            var place = int.Parse(since.Value);
            while (true)
            {
                if (Interlocked.Decrement(ref _failures) >= 0)
                {
                    throw new IOException("The store is down.");
                }

                StoreChanges page;
                lock (_lock)
                {
                    page = new StoreChanges(new StoreCursor($"{_changes.Count}"), TimeProvider.System.GetUtcNow(), _changes[place..], [], []);
                    place = _changes.Count;
                    LastPageAt = page.AsOf;
                }

                yield return page;
                await _signals.Reader.ReadAsync(cancellationToken);
            }
        }

        public Task<IReadOnlyList<TrainState>> FindAsync(Scope scope, string? after, int limit, CancellationToken cancellationToken)
        {
            if (SnapshotFailures-- > 0)
            {
                throw new IOException("The store is down.");
            }

            Note("snapshot");
            IReadOnlyList<TrainState> present;
            lock (_lock)
            {
                present = [.. _changes.GroupBy(state => state.Train.Identity.Id).Select(states => states.Last())];
            }

            OnSnapshot?.Invoke();
            return Task.FromResult(present);
        }

        public Task<IReadOnlyList<Alert>> FindAsync(Scope scope, AlertQuery query, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Alert>>([]);

        public Task<IReadOnlyList<Anomaly>> FindAsync(Scope scope, AnomalyQuery query, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<Anomaly>>([]);

        public Task KeepAsync(IReadOnlyList<TrainState> states, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<TrainState?> GetAsync(Scope scope, string trainId, CancellationToken cancellationToken) => throw new NotSupportedException();

        Task<Alert?> IAlertStore.GetAsync(Scope scope, string id, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<Alert> PutAsync(Alert alert, long expectedRevision, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task<IReadOnlyList<Alert>> FindUndeliveredAsync(string? trainId, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task AppendAsync(IReadOnlyList<Anomaly> anomalies, CancellationToken cancellationToken) => throw new NotSupportedException();

        private void Note(string call)
        {
            lock (_lock)
            {
                _calls.Add(call);
            }
        }
    }
}
