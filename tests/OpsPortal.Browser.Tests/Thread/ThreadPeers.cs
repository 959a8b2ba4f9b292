using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Browser.Tests.Thread;

/// <summary>OpenSearch (the real server that OPENSEARCH_URL names, else the one that plays it) and device shadows over signed REST, each as a process of its own.</summary>
internal sealed class ThreadPeers : IAsyncDisposable
{
    private const string KeyId = "AKIDTHREAD";
    private const string Secret = "thread-secret";
    private const string Region = "eu-west-2";

    private readonly List<ChildProcess> _processes = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("opsportal-peers-").FullName;

    private ThreadPeers()
    {
    }

    /// <summary>Configuration that puts them behind the ports.</summary>
    public IReadOnlyList<(string Key, string Value)> Settings { get; private set; } = [];

    /// <summary>Keys to sign with.</summary>
    public IReadOnlyList<(string Name, string Value)> Environment { get; } = [("AWS_ACCESS_KEY_ID", KeyId), ("AWS_SECRET_ACCESS_KEY", Secret), ("AWS_REGION", Region)];

    public static async Task<ThreadPeers> StartAsync()
    {
        var peers = new ThreadPeers();
        var shadows = await peers.StartAsync("shadow-rest", "--port", "0", "--data", Path.Combine(peers._folder, "shadows"), "--key", KeyId, "--secret", Secret, "--region", Region);
        var search = System.Environment.GetEnvironmentVariable("OPENSEARCH_URL") is { Length: > 0 } real ? real : await peers.StartAsync("opensearch", "--port", "0");
        peers.Settings =
        [
            ("Adapters:Operations", "OpenSearch"),
            ("OpenSearch:Endpoint", search),
            ("OpenSearch:IndexPrefix", $"thread{Guid.NewGuid():N}"[..14] + "-"),
            ("Adapters:Shadows", "Iot"),
            ("Iot:Endpoint", shadows),
        ];
        return peers;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task<string> StartAsync(params string[] program)
    {
        var process = ChildProcess.Start(_folder, [], program);
        _processes.Add(process);
        return (await process.ReadAsync())["listening on ".Length..];
    }
}
