using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using OpsPortal.Adapters.Embedded.Fleet;
using OpsPortal.Adapters.Embedded.Telemetry;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Embedded;

/// <summary>A process that sends and archives, killed again and again.</summary>
[Trait("Fault", "FLT-12")]
public sealed class KillTests : IDisposable
{
    private static int Kills => Environment.GetEnvironmentVariable("LONG_TESTS") == "1" ? 200 : 5;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Every_confirmed_message_is_in_raw_exactly_once()
    {
        var chance = new Random(3);
        var confirmed = 0L;
        for (var kill = 0; kill < Kills; kill++)
        {
            confirmed = await RunAndKillAsync(confirmed, chance.Next(60, 400));
        }

        var files = _folder.Open();
        var source = new EmbeddedSource(files, _folder.AsOptions(), TimeProvider.System, NullLogger<EmbeddedSource>.Instance);
        using var archive = new RawArchive(files, source, new EmbeddedTrainRegistry(files), _folder.AsOptions(), TimeProvider.System, NullLogger<RawArchive>.Instance);
        await archive.StartAsync(default);
        var newest = await source.GetNewestOffsetAsync(default);
        await Eventually.IsTrueAsync("all is archived", Patience, async () => await source.GetCommittedAsync("raw", default) == newest);
        await archive.StopAsync(default);

        var sent = await source.GetLastNumberAsync("gateway", default);
        Assert.True(sent >= confirmed, $"{confirmed} were confirmed, {sent} are there");
        Assert.Equal(Enumerable.Range(1, (int)sent).Select(i => (long)i), RawFiles.Sequences(_folder.Path).Order());
    }

    private async Task<long> RunAndKillAsync(long confirmed, int lines)
    {
        using var child = Process.Start(new ProcessStartInfo("dotnet", [typeof(ChildProgram).Assembly.Location, ChildProgram.SendAndArchive, _folder.Path]) { RedirectStandardOutput = true })!;
        try
        {
            for (var line = 0; line < lines; line++)
            {
                var said = await child.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new InvalidOperationException("The child ended by itself.");
                confirmed = long.Parse(said, CultureInfo.InvariantCulture);
            }
        }
        finally
        {
            child.Kill();
            await child.WaitForExitAsync();
        }

        return confirmed;
    }
}
