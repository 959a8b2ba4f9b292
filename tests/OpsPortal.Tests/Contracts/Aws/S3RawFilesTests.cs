using Amazon.S3.Model;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.S3;

namespace OpsPortal.Tests.Contracts.Aws;

/// <summary>On the server that AWS_ENDPOINT_URL_S3, or AWS_ENDPOINT_URL, names; else on one of the tests' own.</summary>
[Trait("Peer", "S3")]
public sealed class S3RawFilesTests(ContractS3 server) : RawFilesContract, IClassFixture<ContractS3>, IAsyncLifetime
{
    private S3Rig _rig = null!;
    private AwsRig _process = null!;

    protected override IRawFiles Files => S3Rig.FilesOf(_process);

    public async Task InitializeAsync() => _process = (_rig = await server.OpenAsync()).Open();

    public async Task DisposeAsync() => await server.CloseAsync(_rig);

    [Fact]
    public async Task A_file_of_another_program_is_found_with_what_the_server_itself_says_of_it()
    {
        var key = new RawFileKey(default, RawFileKey.FolderOf("North Pole"), Samples.Start, "of-firehose.ndjson.gz").ToString();
        await server.Client.PutObjectAsync(new PutObjectRequest { BucketName = _rig.Bucket, Key = $"fleet/{key}", ContentBody = "hello", UseChunkEncoding = false });

        var file = (await Files.GetAsync(Scope.WholeFleet, key, default))!;

        Assert.Equal((5, "North Pole", null), (file.Bytes, file.Depot, file.Content));
        Assert.NotNull(file.Checksum);
    }

    private protected override async Task WriteAsync(Action<RawSeed> add)
    {
        using var seed = new RawSeed(_rig.Files, TimeProvider.System);
        add(seed);
        await seed.WriteAsync();
        await S3Rig.CopyAllAsync(_process);
    }

    protected override Task RemoveBytesAsync(string key) => server.Client.DeleteObjectAsync(_rig.Bucket, $"fleet/{key}");
}
