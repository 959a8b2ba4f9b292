using System.Globalization;

namespace OpsPortal.Tests.Kit.OpenSearch;

/// <summary>
/// The server that plays OpenSearch as a process of its own, so that the whole product can be run against it:
/// <c>OpsPortal.Tests.dll opensearch --port 9200</c>. Port 0 takes a free one. Keeps everything in memory. Says its address, then runs until
/// its input ends or it is stopped.
/// </summary>
internal static class OpenSearchProgram
{
    public const string Name = "opensearch";

    public static async Task<int> RunAsync(IReadOnlyList<string> args)
    {
        if (args is not [_, "--port", var port])
        {
            await Console.Error.WriteLineAsync("opensearch --port {number}");
            return 1;
        }

        await using var stub = await OpenSearchStub.StartAsync(port: int.Parse(port, CultureInfo.InvariantCulture), keep: false);
        await Console.Out.WriteLineAsync($"listening on {stub.Address.AbsoluteUri}");
        while (await Console.In.ReadLineAsync() is not null)
        {
            // Its starter holds the input open.
        }

        return 0;
    }
}
