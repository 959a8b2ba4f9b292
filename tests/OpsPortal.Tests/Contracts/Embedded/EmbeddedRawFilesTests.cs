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

    private bool _open;

    public EmbeddedRawFilesTests() => _files = _folder.Open();

    protected override IRawFiles Files => _open ? new OpenRawFiles(new EmbeddedRawFiles(_files)) : new EmbeddedRawFiles(_files);

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

    /// <summary>SEC-29: take the filter out of the adapter and the property goes red.</summary>
    [Fact]
    [Trait("Fault", "SEC-29")]
    public async Task An_adapter_without_the_filter_is_found_out()
    {
        _open = true;

        await Assert.ThrowsAnyAsync<Xunit.Sdk.XunitException>(Whatever_the_scope_nothing_outside_is_told_and_nothing_inside_is_missing);
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

/// <summary>An adapter with the one line missing.</summary>
internal sealed class OpenRawFiles(IRawFiles files) : IRawFiles
{
    public Task<RawFilePage> FindAsync(Scope scope, RawFileQuery query, CancellationToken cancellationToken) => files.FindAsync(Scope.WholeFleet, query, cancellationToken);

    public Task<RawFile?> GetAsync(Scope scope, string key, CancellationToken cancellationToken) => files.GetAsync(Scope.WholeFleet, key, cancellationToken);

    public Task<RawFileState?> GetStateAsync(Scope scope, string key, CancellationToken cancellationToken) => files.GetStateAsync(Scope.WholeFleet, key, cancellationToken);

    public Task<RawFileLink?> LinkAsync(Scope scope, string key, CancellationToken cancellationToken) => files.LinkAsync(Scope.WholeFleet, key, cancellationToken);

    public Task<RawFileBytes?> OpenAsync(Scope scope, string key, CancellationToken cancellationToken) => files.OpenAsync(Scope.WholeFleet, key, cancellationToken);

    public Task<RawFileState?> RequestRestoreAsync(Scope scope, string key, RestoreSpeed? speed, CancellationToken cancellationToken) => files.RequestRestoreAsync(Scope.WholeFleet, key, speed, cancellationToken);
}
