using System.Security.Cryptography;
using Amazon.S3.Model;
using Microsoft.Extensions.Hosting;
using OpsPortal.Adapters.Aws.S3;
using OpsPortal.Adapters.Embedded.Telemetry;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.S3;

namespace OpsPortal.Tests.Aws.S3;

/// <summary>Closed raw files of the data folder are copied to the bucket: each once, whole, and never over another.</summary>
[Trait("Peer", "S3")]
[Collection(SwiftCollection.Name)]
public sealed class CopyTests(SwiftPeer swift) : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private S3Rig _rig = null!;
    private AwsRig _process = null!;
    private RawSeed _seed = null!;

    private RawFileCopying Copying => _process.Get<RawFileCopying>();

    public async Task InitializeAsync()
    {
        _rig = await S3Rig.StartAsync(swift);
        _process = _rig.Open(settings: [("S3:CopyInterval", "00:00:00.050"), ("S3:Retries", "0")]);
        _seed = new RawSeed(_rig.Files, TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        await ((IHostedService)Copying).StopAsync(default);
        _seed.Dispose();
        await _rig.DisposeAsync();
    }

    [Fact]
    public async Task Every_closed_file_is_copied_byte_for_byte_and_stays_where_it_is()
    {
        await AddAsync(hours: 5);
        await RunUntilCopiedAsync();

        var objects = await ObjectsAsync();
        Assert.Equal(10, objects.Count);
        foreach (var key in Kit.RawFiles.Keys(_rig.Files.Folder))
        {
            using var there = await swift.Client.GetObjectAsync(_rig.Bucket, $"fleet/{key}");
            var here = await File.ReadAllBytesAsync(Path.Combine(_rig.Files.Folder, key));
            Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(here)), there.Metadata["sha256"]);
            Assert.Equal(here, await BytesAsync(there));
        }

        Assert.Equal(5, Kit.RawFiles.Keys(_rig.Files.Folder).Count);
    }

    [Fact]
    public async Task Names_that_no_XML_can_hold_do_not_hide_the_files_beside_them()
    {
        await AddAsync(hours: 1);
        await S3Rig.CopyAllAsync(_process);
        foreach (var odd in (string[])["a b+c%20.gz", "tab\there", "bell\u0007", "&<>\"'", "日本"])
        {
            await swift.Client.PutObjectAsync(new PutObjectRequest { BucketName = _rig.Bucket, Key = $"fleet/raw/depot=Longsight/{odd}", ContentBody = "x", UseChunkEncoding = false });
        }

        var page = await S3Rig.FilesOf(_process).FindAsync(Scope.WholeFleet, new RawFileQuery(), default);

        Assert.Equal((1, 5), (page.Files.Count, page.LeftOut));
        Assert.NotNull(page.Files[0].Content);
    }

    [Fact]
    public async Task A_file_that_is_still_open_is_not_copied()
    {
        await _seed.Add("Longsight", "390-042", Samples.Start).WriteAsync(closed: false);
        await ((IHostedService)Copying).StartAsync(default);
        await Eventually.IsTrueAsync("it has looked", Patience, () => Task.FromResult(Copying.Get().AsOf is not null));

        Assert.Empty(await ObjectsAsync());
    }

    [Fact]
    public async Task Copying_again_changes_nothing()
    {
        await AddAsync(hours: 3);
        await S3Rig.CopyAllAsync(_process);
        var before = await ObjectsAsync();
        // As if the process had been killed before it noted what it did.
        await _rig.Files.RawCatalogue.WriteAsync(session => session.Run("DELETE FROM copies"), default);

        await S3Rig.CopyAllAsync(_process);

        var data = before.Where(found => !found.Key.Contains("/catalogue/", StringComparison.Ordinal)).ToList();
        Assert.Equal(3, data.Count);
        Assert.Equal(data.Select(found => (found.Key, found.ETag, found.LastModified)), (await ObjectsAsync()).Where(found => !found.Key.Contains("/catalogue/", StringComparison.Ordinal)).Select(found => (found.Key, found.ETag, found.LastModified)));
        Assert.Equal(0, await MissingAsync());
    }

    [Fact]
    public async Task A_key_that_holds_another_file_is_left_alone_and_said_and_the_others_go_on()
    {
        await AddAsync(hours: 3);
        var key = $"fleet/{Kit.RawFiles.Keys(_rig.Files.Folder)[0]}";
        await swift.Client.PutObjectAsync(new PutObjectRequest { BucketName = _rig.Bucket, Key = key, ContentBody = "somebody else's", UseChunkEncoding = false });

        // Any other problem passes: nothing is tried twice here, and the server may be slow.
        await RunUntilAsync(async () => await MissingAsync() == 1 && Copying.Get().Problem?.Contains("left alone", StringComparison.Ordinal) == true);

        using var there = await swift.Client.GetObjectAsync(_rig.Bucket, key);
        Assert.Equal("somebody else's"u8.ToArray(), await BytesAsync(there));
        Assert.Contains("left alone", Copying.Get().Problem, StringComparison.Ordinal);
        Assert.Contains(Kit.RawFiles.Keys(_rig.Files.Folder)[0], Copying.Get().Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_was_changed_or_deleted_on_disk_is_not_copied_and_said()
    {
        await AddAsync(hours: 3);
        var keys = Kit.RawFiles.Keys(_rig.Files.Folder);
        await File.AppendAllTextAsync(Path.Combine(_rig.Files.Folder, keys[0]), "more");
        File.Delete(Path.Combine(_rig.Files.Folder, keys[1]));

        // Any other problem passes: nothing is tried twice here, and the server may be slow.
        await RunUntilAsync(async () => await MissingAsync() == 2 && Copying.Get().Problem?.StartsWith("2 files", StringComparison.Ordinal) == true);

        Assert.Equal([$"fleet/{keys[2]}"], (await ObjectsAsync()).Select(found => found.Key).Where(key => key.StartsWith("fleet/raw/", StringComparison.Ordinal)));
        Assert.StartsWith("2 files", Copying.Get().Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_the_bucket_is_away_files_wait_and_are_counted_and_afterwards_none_is_missing()
    {
        using (_rig.Proxy.Set(TcpFault.Refuse))
        {
            await AddAsync(hours: 4);
            await RunUntilAsync(() => Task.FromResult(Copying.Get().Problem is not null), stop: false);
            Assert.StartsWith("4 closed raw files wait", Copying.Get().Problem, StringComparison.Ordinal);
            Assert.Empty(await ObjectsAsync());
        }

        await RunUntilAsync(async () => await MissingAsync() == 0 && Copying.Get().Problem is null);
        Assert.Equal(8, (await ObjectsAsync()).Count);
        Assert.Equal(4, (await S3Rig.FilesOf(_process).FindAsync(Scope.WholeFleet, new RawFileQuery(), default)).Files.Count(file => file.Content is not null));
    }

    [Fact]
    public async Task A_way_that_is_cut_again_and_again_leaves_no_half_file()
    {
        await AddAsync(hours: 6);
        await ((IHostedService)Copying).StartAsync(default);
        for (var i = 0; i < 6; i++)
        {
            using var cut = _rig.Proxy.Set(TcpFault.CutAfter(i * 150));
            await Task.Delay(120);
        }

        await RunUntilCopiedAsync();

        Assert.Equal(12, (await ObjectsAsync()).Count);
        var files = await S3Rig.FilesOf(_process).FindAsync(Scope.WholeFleet, new RawFileQuery(), default);
        foreach (var file in files.Files)
        {
            using var there = await swift.Client.GetObjectAsync(_rig.Bucket, $"fleet/{file.Key}");
            Assert.Equal(file.Checksum!.Value, Convert.ToHexStringLower(SHA256.HashData(await BytesAsync(there))));
        }
    }

    [Fact]
    public async Task A_large_file_goes_in_parts_and_arrives_whole()
    {
        await _seed.AddLarge("Longsight", "390-042", Samples.Start, 12 << 20).WriteAsync();
        var process = _rig.Open(settings: [("S3:PartBytes", "5242880")]);
        await S3Rig.CopyAllAsync(process);

        var file = (await S3Rig.FilesOf(process).FindAsync(Scope.WholeFleet, new RawFileQuery(), default)).Files.Single();
        using var there = await swift.Client.GetObjectAsync(_rig.Bucket, $"fleet/{file.Key}");
        Assert.True(file.Bytes > 2 * 5242880);
        Assert.Equal(file.Checksum!.Value, Convert.ToHexStringLower(SHA256.HashData(await BytesAsync(there))));
        Assert.EndsWith("-3\"", there.ETag, StringComparison.Ordinal);
        Assert.Equal(new RawChecksum(RawChecksum.Sha256, file.Checksum.Value), (await S3Rig.FilesOf(process).GetAsync(Scope.WholeFleet, file.Key, default))!.Checksum);
    }

    [Fact]
    public async Task Of_two_processes_on_one_folder_one_copies()
    {
        await AddAsync(hours: 1);
        var copies = _process.Get<RawCopies>();
        using (copies.TryTakeLock())
        {
            Assert.Null(copies.TryTakeLock());
            await ((IHostedService)Copying).StartAsync(default);
            await Task.Delay(300);
            Assert.Empty(await ObjectsAsync());
        }

        await Eventually.IsTrueAsync("the other one took over", Patience, async () => await MissingAsync() == 0);
    }

    [Fact]
    public async Task Another_bucket_gets_all_files_again()
    {
        await AddAsync(hours: 2);
        await S3Rig.CopyAllAsync(_process);
        var other = await swift.MakeBucketAsync();
        var process = _rig.Open(settings: [("S3:Bucket", other)]);

        await S3Rig.CopyAllAsync(process);

        Assert.Equal(2, (await S3Rig.FilesOf(process).FindAsync(Scope.WholeFleet, new RawFileQuery(), default)).Files.Count);
    }

    private Task AddAsync(int hours)
    {
        Enumerable.Range(0, hours).ToList().ForEach(hour => _seed.Add("Longsight", "390-042", Samples.Start.AddHours(hour), 50));
        return _seed.WriteAsync();
    }

    private Task RunUntilCopiedAsync() => RunUntilAsync(async () => await MissingAsync() == 0);

    private async Task RunUntilAsync(Func<Task<bool>> done, bool stop = true)
    {
        await ((IHostedService)Copying).StartAsync(default);
        await Eventually.IsTrueAsync("raw files are copied", Patience, done);
        if (stop)
        {
            await ((IHostedService)Copying).StopAsync(default);
        }
    }

    private Task<long> MissingAsync() => _process.Get<RawCopies>().CountMissingAsync(_process.Get<RawFileCopier>().PlaceName, default);

    private async Task<List<S3Object>> ObjectsAsync() =>
        (await swift.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _rig.Bucket })).S3Objects ?? [];

    private static async Task<byte[]> BytesAsync(GetObjectResponse answer)
    {
        using var bytes = new MemoryStream();
        await answer.ResponseStream.CopyToAsync(bytes);
        return bytes.ToArray();
    }
}
