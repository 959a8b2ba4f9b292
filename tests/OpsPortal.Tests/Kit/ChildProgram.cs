using Microsoft.Extensions.Logging.Abstractions;
using OpsPortal.Adapters.Embedded.Fleet;
using OpsPortal.Adapters.Embedded.Telemetry;
using OpsPortal.Tests.Contracts;

namespace OpsPortal.Tests.Kit;

/// <summary>What a process that tests start, and kill, does: <c>OpsPortal.Tests.dll send-and-archive {folder}</c>, or see <see cref="Aws.ShadowRestProgram"/>, <see cref="OpenSearch.OpenSearchProgram"/>, <see cref="PeersProgram"/>, <see cref="Mail.SendMailProgram"/> and <see cref="Aws.ReadKeysProgram"/>.</summary>
internal static class ChildProgram
{
    public const string SendAndArchive = "send-and-archive";

    public static async Task<int> Main(string[] args)
    {
        if (args is [Aws.ShadowRestProgram.Name, ..])
        {
            return await Aws.ShadowRestProgram.RunAsync(args);
        }

        if (args is [OpenSearch.OpenSearchProgram.Name, ..])
        {
            return await OpenSearch.OpenSearchProgram.RunAsync(args);
        }

        if (args is [Redshift.WarehouseProgram.Name])
        {
            return await Redshift.WarehouseProgram.RunAsync();
        }

        if (args is [PeersProgram.Name, ..])
        {
            return await PeersProgram.RunAsync(args);
        }

        if (args is [Aws.ReadKeysProgram.Name, ..])
        {
            return await Aws.ReadKeysProgram.RunAsync(args);
        }

        if (args is [Mail.SendMailProgram.Name, ..])
        {
            return await Mail.SendMailProgram.RunAsync(args);
        }

        if (args is not [SendAndArchive, var path])
        {
            await Console.Error.WriteLineAsync("This assembly is run by dotnet test.");
            return 1;
        }

        using var folder = new DataFolder(path);
        folder.Options.RawRecords = 40;
        folder.Options.RawInterval = TimeSpan.FromMilliseconds(10);
        var files = folder.Open();
        var source = new EmbeddedSource(files, folder.AsOptions(), TimeProvider.System, NullLogger<EmbeddedSource>.Instance);
        using var archive = new RawArchive(files, source, new EmbeddedTrainRegistry(files), folder.AsOptions(), TimeProvider.System, NullLogger<RawArchive>.Instance);
        await archive.StartAsync(default);
        await SendAsync(source);
        return 0;
    }

    // Says every number after the source has confirmed it, until it is killed.
    private static async Task SendAsync(EmbeddedSource intake)
    {
        while (true)
        {
            var last = await intake.GetLastNumberAsync("gateway", default);
            await intake.AppendAsync("gateway", Samples.Records(last + 1, 7), default);
            await Console.Out.WriteLineAsync($"{last + 7}");
        }
    }
}
