using System.Collections.Concurrent;
using System.Diagnostics;
using OpsPortal.Adapters.Aws.S3;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Health;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.S3;

namespace OpsPortal.Tests.Aws.S3;

/// <summary>S3 answers 503 SlowDown, or refuses keys, in the middle of work: counted before and after.</summary>
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

    [Fact]
    public async Task A_large_file_whose_second_part_fails_for_good_is_aborted_and_not_noted()
    {
        await using var peer = await LoopbackPeer.StartAsync(request => request switch
        {
            { Method: "POST", Query: "uploads" or "uploads=" } => S3Answers.Xml("<InitiateMultipartUploadResult><Bucket>fleet</Bucket><Key>k</Key><UploadId>u1</UploadId></InitiateMultipartUploadResult>"),
            { Method: "PUT" } when request.Parameter("partNumber") == "1" => S3Answers.Xml("") with { Headers = [("ETag", "\"p1\"")] },
            { Method: "PUT" } => S3Answers.Error(request, 503, "SlowDown"),
            { Method: "DELETE" } => new PeerAnswer(204),
            _ => S3Answers.NoSuchKey(request),
        });
        await using var rig = S3Rig.At(peer);
        var process = rig.Open(settings: [("S3:PartBytes", "5242880"), ("S3:Retries", "2"), ("S3:KmsKeyId", "alias/raw")]);
        using var seed = new Kit.RawSeed(rig.Files, TimeProvider.System);
        await seed.AddLarge("Longsight", "390-042", Contracts.Samples.Start, 6 << 20).WriteAsync();

        await Assert.ThrowsAsync<S3AwayException>(() => S3Rig.CopyAllAsync(process));

        Assert.Equal(4, peer.Received.Count(request => request.Method == "PUT"));
        Assert.Equal("u1", Assert.Single(peer.Received, request => request.Method == "DELETE").Parameter("uploadId"));
        var begun = Assert.Single(peer.Received, request => request.Method == "POST");
        Assert.Equal(("aws:kms", "alias/raw"), (begun.Header("x-amz-server-side-encryption"), begun.Header("x-amz-server-side-encryption-aws-kms-key-id")));
        var copies = process.Get<Adapters.Embedded.Telemetry.RawCopies>();
        Assert.Equal(1, await copies.CountMissingAsync(process.Get<RawFileCopier>().PlaceName, default));
    }

    [Fact]
    public async Task Files_are_written_under_the_key_of_KMS_that_is_named()
    {
        await using var peer = await LoopbackPeer.StartAsync(request => request.Method == "PUT" ? S3Answers.Xml("") with { Headers = [("ETag", "\"x\"")] } : S3Answers.NoSuchKey(request));
        await using var rig = S3Rig.At(peer);
        var process = rig.Open(settings: [("S3:KmsKeyId", "arn:aws:kms:eu-west-2:111122223333:key/1234")]);
        using var seed = new Kit.RawSeed(rig.Files, TimeProvider.System);
        await seed.Add("Longsight", "390-042", Contracts.Samples.Start).WriteAsync();

        // The peer forgets what it takes: what is not found afterwards does not count as copied.
        await Assert.ThrowsAsync<S3AwayException>(() => S3Rig.CopyAllAsync(process));

        var put = Assert.Single(peer.Received, request => request.Method == "PUT");
        Assert.Equal(("aws:kms", "arn:aws:kms:eu-west-2:111122223333:key/1234"), (put.Header("x-amz-server-side-encryption"), put.Header("x-amz-server-side-encryption-aws-kms-key-id")));
        Assert.Equal(Convert.ToBase64String(System.Security.Cryptography.SHA256.HashData(put.Body)), put.Header("x-amz-checksum-sha256"));
        Assert.Equal(put.Header("x-amz-content-sha256"), put.Header("x-amz-meta-sha256"));
    }

    [Fact]
    public async Task Keys_that_expire_in_mid_run_are_read_again_and_nothing_is_lost()
    {
        var old = Adapters.Aws.Signing.SigV4.EmptyHash[..16];
        var keys = new ScriptedKeys(S3Rig.Keys with { SessionToken = old }, S3Rig.Keys with { SessionToken = "fresh" });
        var expired = false;
        await using var peer = await LoopbackPeer.StartAsync(request =>
            expired && request.Header("X-Amz-Security-Token") == old ? S3Answers.Error(request, 400, "ExpiredToken", "The provided token has expired.")
            : request.Method == "HEAD" ? S3Answers.Head()
            : request.Header("Range") is null ? S3Answers.Listing() : S3Answers.Byte);
        await using var rig = S3Rig.At(peer);
        var files = S3Rig.FilesOf(rig.Open(keys));

        var before = await files.LinkAsync(Scope.WholeFleet, S3Answers.Key, default);
        expired = true;
        var after = await files.LinkAsync(Scope.WholeFleet, S3Answers.Key, default);

        Assert.Equal(2, keys.Reads);
        Assert.Contains($"X-Amz-Security-Token={old}", ((RawFileWay.Presigned)before!.Way!).Address.Query, StringComparison.Ordinal);
        Assert.Contains("X-Amz-Security-Token=fresh", ((RawFileWay.Presigned)after!.Way!).Address.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_credentials_it_is_said_in_words_and_in_the_health_and_nothing_is_sent()
    {
        await using var peer = await LoopbackPeer.StartAsync(_ => S3Answers.Listing());
        await using var rig = S3Rig.At(peer);
        var process = rig.Open(new ScriptedKeys(S3Rig.Keys) { Before = () => throw new InvalidOperationException("no source has any") });

        var down = await Assert.ThrowsAsync<StoreUnavailableException>(() => S3Rig.FilesOf(process).FindAsync(Scope.WholeFleet, new RawFileQuery(), default));

        Assert.Contains("No AWS credentials: no source has any", down.Problem, StringComparison.Ordinal);
        Assert.Contains("No AWS credentials", process.Get<S3Health>().Get().Problem, StringComparison.Ordinal);
        Assert.Empty(peer.Received);
    }

    private static string Key(int i) => S3Answers.Key.Replace("000000000001", $"{i:D12}", StringComparison.Ordinal);
}
