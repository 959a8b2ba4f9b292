using System.Collections.Concurrent;
using System.Diagnostics;
using OpsPortal.Adapters.Aws.S3;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Health;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.S3;

namespace OpsPortal.Tests.Aws.S3;

/// <summary>S3 answers 503 SlowDown: counted before and after.</summary>
[Trait("Peer", "S3")]
public sealed class SlowDownTests
{
    private const int Files = 100;

    [Fact]
    public async Task A_storm_of_SlowDown_delays_every_link_and_loses_none()
    {
        var asked = new ConcurrentDictionary<string, int>();
        await using var peer = await LoopbackPeer.StartAsync(request =>
            asked.AddOrUpdate(request.Path, 1, (_, times) => times + 1) <= 3 ? S3Answers.Error(request, 503, "SlowDown", "Please reduce your request rate.") : S3Answers.Head());
        await using var rig = S3Rig.At(peer);
        var process = rig.Open(settings: [("Aws:RetryDelay", "00:00:00.005"), ("Aws:MaxRetryDelay", "00:00:00.050")]);

        var watch = Stopwatch.StartNew();
        var links = await Task.WhenAll(Enumerable.Range(0, Files).Select(i => S3Rig.FilesOf(process).LinkAsync(Scope.WholeFleet, Key(i), default)));

        Assert.Equal(Files, links.Count(link => link!.State.Availability == RawFileAvailability.Available && link.Way is not null));
        Assert.Equal((4 * Files, 4 * Files), (peer.Received.Count, asked.Values.Sum()));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30));
        Assert.Null(process.Get<S3Health>().Get().Problem);
    }

    [Fact]
    public async Task A_storm_without_end_is_given_up_after_the_retries_and_said()
    {
        await using var peer = await LoopbackPeer.StartAsync(request => S3Answers.Error(request, 503, "SlowDown", "Please reduce your request rate."));
        await using var rig = S3Rig.At(peer);
        var process = rig.Open(settings: [("S3:Retries", "4"), ("Aws:RetryDelay", "00:00:00.020"), ("Aws:MaxRetryDelay", "00:00:00.050")]);

        var watch = Stopwatch.StartNew();
        var down = await Assert.ThrowsAsync<StoreUnavailableException>(() => S3Rig.FilesOf(process).FindAsync(Scope.WholeFleet, new RawFileQuery(), default));

        Assert.Contains("503 SlowDown", down.Problem, StringComparison.Ordinal);
        Assert.Contains("503 SlowDown", process.Get<S3Health>().Get().Problem, StringComparison.Ordinal);
        Assert.Equal(5, peer.Received.Count);
        // Four waits, none above the cap.
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_copy_through_a_storm_is_whole_and_sent_once_more_for_each_refusal()
    {
        var puts = 0;
        var kept = new ConcurrentDictionary<string, ReceivedRequest>();
        await using var peer = await LoopbackPeer.StartAsync(request =>
        {
            if (request.Method == "PUT")
            {
                if (Interlocked.Increment(ref puts) % 3 != 0)
                {
                    return S3Answers.Error(request, 503, "SlowDown", "Please reduce your request rate.");
                }

                kept[request.Path] = request;
                return S3Answers.Xml("") with { Headers = [("ETag", "\"x\"")] };
            }

            return kept.TryGetValue(request.Path, out var there)
                ? S3Answers.Head(("x-amz-meta-sha256", there.Header("x-amz-meta-sha256")!)) with { Headers = [("Content-Length", $"{there.Body.Length}"), ("x-amz-meta-sha256", there.Header("x-amz-meta-sha256")!)] }
                : S3Answers.NoSuchKey(request);
        });
        await using var rig = S3Rig.At(peer);
        var process = rig.Open();
        using var seed = new Kit.RawSeed(rig.Files, TimeProvider.System);
        await seed.Add("Longsight", "390-042", Contracts.Samples.Start, 20).WriteAsync();

        await S3Rig.CopyAllAsync(process);

        // The file and what the catalogue says of it, each refused twice.
        Assert.Equal((6, 2), (puts, kept.Count));
        Assert.All(kept.Values, request => Assert.Equal(request.Header("x-amz-content-sha256"), Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(request.Body))));
    }

    private static string Key(int i) => S3Answers.Key.Replace("000000000001", $"{i:D12}", StringComparison.Ordinal);
}
