using Amazon.S3.Model;
using OpsPortal.Adapters.Aws.S3;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Health;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.S3;

namespace OpsPortal.Tests.Aws.S3;

/// <summary>The first region fails: the replica is read in its place, and said to be.</summary>
[Trait("Peer", "S3")]
[Collection(SwiftCollection.Name)]
public sealed class ReplicaTests(SwiftPeer swift) : IAsyncLifetime
{
    private const int Hours = 7;

    private S3Rig _rig = null!;
    private AwsRig _process = null!;
    private string _replica = null!;

    private IRawFiles Files => S3Rig.FilesOf(_process);

    public async Task InitializeAsync()
    {
        _rig = await S3Rig.StartAsync(swift);
        _replica = await swift.MakeBucketAsync();
        _process = _rig.Open(settings:
        [
            ("S3:ReplicaBucket", _replica), ("S3:ReplicaRegion", SwiftPeer.Region), ("S3:ReplicaEndpoint", swift.Address.AbsoluteUri), ("S3:ReplicaAfter", "00:00:05"), ("S3:ReplicaFor", "00:00:02"),
        ]);
        using var seed = new RawSeed(_rig.Files, TimeProvider.System);
        Enumerable.Range(0, Hours).ToList().ForEach(hour => seed.Add("Longsight", "390-042", Samples.Start.AddHours(hour)));
        await seed.WriteAsync();
        await S3Rig.CopyAllAsync(_process);
        await ReplicateAsync();
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    public static TheoryData<string> Faults => ["refused", "silent", "cut"];

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task While_the_first_fails_everything_is_read_from_the_replica_and_said(string fault)
    {
        var before = await Files.FindAsync(Scope.WholeFleet, new RawFileQuery(), default);
        Assert.Equal((Hours, null, null), (before.Files.Count, before.Replica, Health().Problem));

        using (_rig.Proxy.Set(Fault(fault)))
        {
            var page = await Files.FindAsync(Scope.WholeFleet, new RawFileQuery(Limit: 3), default);
            var rest = await Files.FindAsync(Scope.WholeFleet, new RawFileQuery(After: page.Next), default);
            var link = (await Files.LinkAsync(Scope.WholeFleet, page.Files[0].Key, default))!;

            Assert.Equal(before.Files.Select(file => file.Key), page.Files.Concat(rest.Files).Select(file => file.Key));
            Assert.Equal((Name(), Name(), Name()), (page.Replica, rest.Replica, link.State.Replica));
            Assert.Contains("cannot be reached", Health().Problem, StringComparison.Ordinal);
            Assert.Contains(_replica, Health().Problem, StringComparison.Ordinal);
            Assert.NotNull(Health().AsOf);
            using var browser = new HttpClient();
            Assert.NotEmpty(await browser.GetByteArrayAsync(((RawFileWay.Presigned)link.Way!).Address));
        }

        await Eventually.IsTrueAsync("the first is read again", TimeSpan.FromSeconds(60), async () => (await Files.FindAsync(Scope.WholeFleet, new RawFileQuery(), default)) is { Replica: null, Files.Count: Hours });
        Assert.Null(Health().Problem);
    }

    [Fact]
    public async Task A_list_begun_in_the_first_goes_on_in_the_replica()
    {
        var first = await Files.FindAsync(Scope.WholeFleet, new RawFileQuery(Limit: 3), default);
        using var fault = _rig.Proxy.Set(TcpFault.Refuse);

        var rest = await Files.FindAsync(Scope.WholeFleet, new RawFileQuery(After: first.Next), default);

        Assert.Equal((null, Name()), (first.Replica, rest.Replica));
        Assert.Equal(Hours, first.Files.Concat(rest.Files).Select(file => file.Key).Distinct().Count());
    }

    [Fact]
    public async Task A_file_that_the_first_does_not_have_is_not_looked_for_in_the_replica()
    {
        var key = (await Files.FindAsync(Scope.WholeFleet, new RawFileQuery(), default)).Files[0].Key;
        await swift.Client.DeleteObjectAsync(_rig.Bucket, $"fleet/{key}");

        var state = (await Files.GetStateAsync(Scope.WholeFleet, key, default))!;

        Assert.Equal((RawFileAvailability.Gone, null), (state.Availability, state.Replica));
    }

    [Fact]
    public async Task When_both_fail_it_is_said_of_both()
    {
        var process = _rig.Open(settings:
        [
            ("S3:ReplicaBucket", _replica), ("S3:ReplicaRegion", SwiftPeer.Region), ("S3:ReplicaEndpoint", "http://127.0.0.1:1"), ("S3:Retries", "1"),
        ]);
        using var fault = _rig.Proxy.Set(TcpFault.Refuse);

        var down = await Assert.ThrowsAsync<StoreUnavailableException>(() => S3Rig.FilesOf(process).FindAsync(Scope.WholeFleet, new RawFileQuery(), default));

        Assert.Contains(_rig.Bucket, down.Problem, StringComparison.Ordinal);
        Assert.Contains(_replica, down.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_replica_a_failing_region_is_unavailable_and_comes_back()
    {
        var process = _rig.Open(settings: [("S3:Retries", "1")]);
        using (_rig.Proxy.Set(TcpFault.Refuse))
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => S3Rig.FilesOf(process).FindAsync(Scope.WholeFleet, new RawFileQuery(), default));
            Assert.NotNull(process.Get<S3Health>().Get().Problem);
        }

        Assert.Equal(Hours, (await S3Rig.FilesOf(process).FindAsync(Scope.WholeFleet, new RawFileQuery(), default)).Files.Count);
        Assert.Null(process.Get<S3Health>().Get().Problem);
    }

    private ServiceHealth Health() => _process.Get<S3Health>().Get();

    private string Name() => $"{_replica} ({SwiftPeer.Region})";

    private static TcpFault Fault(string name) => name switch
    {
        "refused" => TcpFault.Refuse,
        "silent" => TcpFault.BlackHole,
        _ => TcpFault.CutAfter(20),
    };

    // In production S3 does it.
    private async Task ReplicateAsync()
    {
        foreach (var found in (await swift.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = _rig.Bucket })).S3Objects)
        {
            await swift.Client.CopyObjectAsync(_rig.Bucket, found.Key, _replica, found.Key);
        }
    }
}
