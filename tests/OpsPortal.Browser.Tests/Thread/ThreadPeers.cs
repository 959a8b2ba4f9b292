using OpsPortal.Browser.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Browser.Tests.Thread;

/// <summary>
/// OpenSearch (the real server that OPENSEARCH_URL names, else the one that plays it), PostgreSQL in the place of Redshift, Swift in that of S3, and device shadows over
/// signed REST, in processes of their own.
/// </summary>
internal sealed class ThreadPeers : IAsyncDisposable
{
    private readonly List<ChildProcess> _processes = [];
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
        var search = System.Environment.GetEnvironmentVariable("OPENSEARCH_URL") is { Length: > 0 } real ? real : (await peers.Start("opensearch", "--port", "0").ReadAsync())["listening on ".Length..];
        peers.Settings =
        [
            ("Adapters:Operations", "OpenSearch"),
            ("OpenSearch:Endpoint", search),
            ("OpenSearch:IndexPrefix", $"thread{Guid.NewGuid():N}"[..14] + "-"),
        ];
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
    }

    private ChildProcess Start(params string[] program)
    {
        var process = ChildProcess.Start(_folder, [], program);
        _processes.Add(process);
        return process;
    }
}
