using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Health;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.S3;

namespace OpsPortal.Tests.Aws.S3;

/// <summary>Every request as it comes over the wire, held against AWS's description of the signature by somebody who knows nothing of the signer.</summary>
[Trait("Peer", "S3")]
public sealed class RequestTests
{
    private const string Depot = "Zürich/1 +%~'(*)!";

    [Fact]
    public async Task Every_kind_of_request_is_signed_whole_with_odd_names()
    {
        var check = new SignatureCheck("s3", "eu-west-2", id => id == ScriptedKeys.Known.Id ? ScriptedKeys.Known : null, TimeProvider.System);
        var key = new RawFileKey(default, RawFileKey.FolderOf(Depot), Samples.Start, "f.ndjson.gz").ToString();
        var (refused, puts) = (0, 0);
        await using var peer = await LoopbackPeer.StartAsync(request =>
        {
            if (check.Refuse(request) is not null)
            {
                Interlocked.Increment(ref refused);
                return S3Answers.Error(request, 403, "SignatureDoesNotMatch");
            }

            return request.Method switch
            {
                "HEAD" => Volatile.Read(ref puts) == 0 ? S3Answers.Head(("x-amz-storage-class", "GLACIER")) : S3Answers.Head(),
                "POST" => S3Answers.Xml("", 202),
                "PUT" when Interlocked.Increment(ref puts) > 0 => S3Answers.Xml("") with { Headers = [("ETag", "\"x\"")] },
                _ when request.Query.Contains("list-type", StringComparison.Ordinal) => S3Answers.Listing($"fleet/{key}"),
                _ => S3Answers.NoSuchKey(request),
            };
        });
        await using var rig = S3Rig.At(peer);
        var process = rig.Open(new ScriptedKeys(ScriptedKeys.Lasting));
        var files = S3Rig.FilesOf(process);

        var page = await files.FindAsync(new Scope(System.Collections.Frozen.FrozenSet.Create(Depot), null, null), new RawFileQuery(), default);
        await files.RequestRestoreAsync(Scope.WholeFleet, key, null, default);
        using var body = new MemoryStream([1, 2, 3]);
        await process.Get<Adapters.Aws.S3.S3Buckets>().Home.PutAsync(new Amazon.S3.Model.PutObjectRequest { Key = $"fleet/{key}", InputStream = body, UseChunkEncoding = false }, default);
        await files.GetAsync(Scope.WholeFleet, key, default);

        Assert.Equal((Depot, 0), (Assert.Single(page.Files).Depot, refused));
        Assert.Superset(new HashSet<string> { "GET", "HEAD", "POST", "PUT" }, peer.Received.Select(request => request.Method).ToHashSet());
        Assert.All(peer.Received, request => Assert.StartsWith("/fleet", request.Path, StringComparison.Ordinal));
        Assert.Equal([1, 2, 3], peer.Received.Single(request => request.Method == "PUT").Body);
        Assert.DoesNotContain(peer.Received, request => request.Header("x-amz-content-sha256") is null || request.Header("Content-Encoding") == "aws-chunked");
    }

    [Fact]
    public async Task On_AWS_the_bucket_is_part_of_the_host()
    {
        await using var peer = await LoopbackPeer.StartAsync(_ => new PeerAnswer(200));
        await using var rig = S3Rig.At(peer);
        // A name that nobody has: how it is asked for is in the failure.
        var process = rig.Open(settings: [("S3:Endpoint", "http://s3.invalid"), ("S3:ForcePathStyle", "false"), ("S3:Retries", "0")]);

        var away = await Assert.ThrowsAsync<StoreUnavailableException>(() => S3Rig.FilesOf(process).FindAsync(Scope.WholeFleet, new RawFileQuery(), default));

        Assert.Contains("fleet.s3.invalid", away.ToString(), StringComparison.Ordinal);
    }
}
