using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Feed;

namespace OpsPortal.Benchmarks;

/// <summary>
/// From visible to told: documents are kept at a steady rate, a second reader asks the server without pause for how many can be found, and
/// the follower tells them. A document's time is from the first answer of the reader that counts it to the page that tells it.
/// </summary>
internal static class SearchFollower
{
    private const int Rounds = 3;
    private static readonly TimeSpan Beat = TimeSpan.FromMilliseconds(100);

    public static async Task RunAsync(string[] args)
    {
        var rate = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5_000;
        var seconds = args.Length > 2 ? int.Parse(args[2], CultureInfo.InvariantCulture) : 20;
        var runs = new List<Percentiles>();
        for (var round = 0; round < Rounds; round++)
        {
            await using var kit = new SearchKit(args[0]);
            var run = await MeasureAsync(kit, rate, seconds);
            Console.WriteLine(run.Said);
            runs.Add(run.Times);
        }

        Console.WriteLine($"visible to told, middle of {Rounds} runs by p95 (aim p95 400 ms): {Percentiles.Median(runs)}; load {ProcessCost.Load()}");
    }

    private static async Task<(Percentiles Times, string Said)> MeasureAsync(SearchKit kit, int rate, int seconds)
    {
        var changes = kit.Get<IStoreChanges>();
        await kit.Get<IAnomalyStore>().AppendAsync(SearchKit.Anomalies("first", 0, 1), default);
        var cursor = await changes.GetCursorAsync(default);
        var visible = new ConcurrentQueue<(long At, long Count)>();
        var told = new ConcurrentQueue<(long At, long Count)>();
        using var stop = new CancellationTokenSource();
        var watching = Task.WhenAll(Task.Run(() => WatchAsync(kit, visible, stop.Token)), Task.Run(() => FollowAsync(changes, cursor, told, stop.Token)));
        var sent = await SendAsync(kit, rate, seconds);
        var patience = Stopwatch.StartNew();
        while (patience.Elapsed < TimeSpan.FromSeconds(30) && (told.LastOrDefault().Count < sent || visible.LastOrDefault().Count < sent))
        {
            await Task.Delay(50);
        }

        await stop.CancelAsync();
        await watching;
        return (Times(visible, told, sent), string.Create(CultureInfo.InvariantCulture, $"sent {sent}, told {told.LastOrDefault().Count}, visible {visible.LastOrDefault().Count}: {Times(visible, told, sent)}"));
    }

    private static async Task<long> SendAsync(SearchKit kit, int rate, int seconds)
    {
        var store = kit.Get<IAnomalyStore>();
        var each = (int)(rate * Beat.TotalSeconds);
        var batches = Enumerable.Range(0, seconds * 10).Select(i => SearchKit.Anomalies("n", i * each, each)).ToList();
        var watch = Stopwatch.StartNew();
        for (var i = 0; i < batches.Count; i++)
        {
            var wait = (Beat * i) - watch.Elapsed;
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero);
            await store.AppendAsync(batches[i], default);
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{batches.Count * each / watch.Elapsed.TotalSeconds:0} documents/s kept"));
        return batches.Count * (long)each;
    }

    private static async Task WatchAsync(SearchKit kit, ConcurrentQueue<(long, long)> visible, CancellationToken cancellationToken)
    {
        using var http = kit.Server.Connect();
        var path = new Uri($"{kit.Get<IndexNames>().PatternOf(IndexFamily.Anomalies)}/_count", UriKind.Relative);
        while (!cancellationToken.IsCancellationRequested)
        {
            using var answer = await http.PostAsJsonAsync(path, new { query = new { match_all = new { } } }, CancellationToken.None);
            visible.Enqueue((Stopwatch.GetTimestamp(), (await answer.Content.ReadFromJsonAsync<JsonElement>(CancellationToken.None)).GetProperty("count").GetInt64() - 1));
            await Task.Delay(5, CancellationToken.None);
        }
    }

    private static async Task FollowAsync(IStoreChanges changes, StoreCursor cursor, ConcurrentQueue<(long, long)> told, CancellationToken cancellationToken)
    {
        var count = 0L;
        try
        {
            await foreach (var page in changes.FollowAsync(cursor, cancellationToken))
            {
                told.Enqueue((Stopwatch.GetTimestamp(), count += page.Anomalies.Count));
            }
        }
        catch (OperationCanceledException)
        {
            // The run is over.
        }
    }

    // The n-th document was visible when the reader first counted n, and told when the follower had told n.
    private static Percentiles Times(ConcurrentQueue<(long At, long Count)> visible, ConcurrentQueue<(long At, long Count)> told, long sent)
    {
        var times = new List<double>();
        using var shown = visible.GetEnumerator();
        using var said = told.GetEnumerator();
        var going = shown.MoveNext() && said.MoveNext();
        for (var n = 1L; n <= sent && going; n++)
        {
            while (going && shown.Current.Count < n)
            {
                going = shown.MoveNext();
            }

            while (going && said.Current.Count < n)
            {
                going = said.MoveNext();
            }

            if (going)
            {
                times.Add(Math.Max(0, Stopwatch.GetElapsedTime(shown.Current.At, said.Current.At).TotalMilliseconds));
            }
        }

        return Percentiles.Of(times);
    }
}
