using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.OpenSearch;

namespace OpsPortal.Browser.Tests.Thread;

/// <summary>
/// OpenSearch (the real server that OPENSEARCH_URL names, else the one that plays it), PostgreSQL in the place of Redshift, Swift in that of S3, and device shadows over
/// signed REST, in processes of their own.
/// </summary>
internal sealed class ThreadPeers : IAsyncDisposable
{
    private readonly List<ChildProcess> _processes = [];
    private readonly string _prefix = $"thread{Guid.NewGuid():N}"[..14] + "-";
    private readonly string _folder = Directory.CreateTempSubdirectory("opsportal-peers-").FullName;

    private ThreadPeers()
    {
    }

    /// <summary>Configuration that puts OpenSearch behind its ports.</summary>
    public IReadOnlyList<(string Key, string Value)> Settings { get; private set; } = [];

    /// <summary>Environment that leads to all others, with keys to sign with.</summary>
    public IReadOnlyList<(string Name, string Value)> Environment { get; private set; } = [];

    public static async Task<ThreadPeers> StartAsync()
    {
        var peers = new ThreadPeers();
        var search = RealServer.Given ?? RealServer.Parse((await peers.Start("opensearch", "--port", "0").ReadAsync())["listening on ".Length..]);
        peers.Settings = [("Adapters:Operations", "OpenSearch"), .. search.Settings(), ("OpenSearch:IndexPrefix", peers._prefix)];
        peers.Environment = await PeerSettings.ReadAsync(peers.Start("peers", "--data", Path.Combine(peers._folder, "shadows")));
        return peers;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.EndAsync();
            await process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
        // Behind the product, which is disposed of first.
        await (RealServer.Given?.CleanAsync(_prefix) ?? Task.CompletedTask);
    }

    private ChildProcess Start(params string[] program)
    {
        var process = ChildProcess.Start(_folder, [], program);
        _processes.Add(process);
        return process;
    }
}
