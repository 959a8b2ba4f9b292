using Microsoft.Extensions.Logging.Abstractions;
using OpsPortal.Adapters.Embedded;
using OpsPortal.Adapters.Embedded.Fleet;
using OpsPortal.Adapters.Embedded.Telemetry;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Embedded;

/// <summary>Open files are closed when asked for, by whichever process writes them.</summary>
public sealed class RawClosingTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Another_process_that_writes_the_files_closes_them_with_all_that_was_received_before()
    {
        var (writing, source) = Open();
        using var archive = new RawArchive(writing, source, new EmbeddedTrainRegistry(writing), _folder.AsOptions(), TimeProvider.System, NullLogger<RawArchive>.Instance);
        await archive.StartAsync(default);
        var (asking, other) = Open();
        await other.AppendAsync("gateway", Samples.Records(1, 20), default);

        Assert.True(await new RawClosing(asking, other, TimeProvider.System).CloseAsync(TimeSpan.FromSeconds(30), default));

        var files = (await new Adapters.Embedded.Extracts.EmbeddedRawFiles(asking).FindAsync(Scope.WholeFleet, new RawFileQuery(), default)).Files;
        Assert.All(files, file => Assert.False(file.IsOpen));
        Assert.Equal(20, files.Sum(file => file.Content!.Records));
        await archive.StopAsync(default);
    }

    [Fact]
    public async Task Where_nobody_writes_files_it_says_in_time_that_it_could_not()
    {
        var (files, source) = Open();

        Assert.False(await new RawClosing(files, source, TimeProvider.System).CloseAsync(TimeSpan.FromMilliseconds(100), default));
    }

    private (EmbeddedFiles Files, EmbeddedSource Source) Open()
    {
        var files = _folder.Open();
        return (files, new EmbeddedSource(files, _folder.AsOptions(), TimeProvider.System, NullLogger<EmbeddedSource>.Instance));
    }
}
