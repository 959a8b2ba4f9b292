using OpsPortal.Adapters.Embedded;
using OpsPortal.Adapters.Embedded.Extracts;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Contracts.Embedded;

[Trait("Peer", "Embedded")]
public sealed class EmbeddedRawFilesTests : RawFilesContract, IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly EmbeddedFiles _files;

    public EmbeddedRawFilesTests() => Files = new EmbeddedRawFiles(_files = _folder.Open());

    protected override IRawFiles Files { get; }

    [Fact]
    public async Task An_open_file_has_no_checksum_and_only_its_catalogued_bytes_count()
    {
        using var seed = new RawSeed(_files, TimeProvider.System);
        await seed.Add("Longsight", "390-042", Samples.Start).WriteAsync(closed: false);
        var file = (await Files.FindAsync(Scope.WholeFleet, new RawFileQuery(), default)).Files.Single();
        await File.AppendAllTextAsync(Path.Combine(_folder.Path, file.Key), "rubbish of an interrupted append");

        var way = Assert.IsType<RawFileWay.OnDisk>((await Files.LinkAsync(Scope.WholeFleet, file.Key, default))!.Way);

        Assert.Equal((true, null), (file.IsOpen, file.Checksum));
        Assert.Equal((Path.Combine(_folder.Path, file.Key), file.Bytes), (way.Path, way.Bytes));
        Assert.True(new FileInfo(way.Path).Length > way.Bytes);
    }

    public void Dispose() => _folder.Dispose();

    private protected override async Task WriteAsync(Action<RawSeed> add)
    {
        using var seed = new RawSeed(_files, TimeProvider.System);
        add(seed);
        await seed.WriteAsync();
    }

    protected override Task RemoveBytesAsync(string key)
    {
        File.Delete(Path.Combine(_folder.Path, key));
        return Task.CompletedTask;
    }
}
