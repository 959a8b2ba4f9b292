using OpsPortal.Adapters.Aws.S3;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Adapters.Embedded;
using OpsPortal.Adapters.Embedded.Telemetry;
using OpsPortal.Core.Extracts;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Kit.S3;

/// <summary>A bucket, the way to it, a data folder, and any number of the product's processes on both.</summary>
internal sealed class S3Rig : IAsyncDisposable
{
    private readonly DataFolder _folder = new();
    private readonly List<AwsRig> _processes = [];
    private readonly Elsewhere? _elsewhere;

    private S3Rig(Uri address, string bucket, Elsewhere? elsewhere = null)
    {
        (Bucket, _elsewhere) = (bucket, elsewhere);
        Files = _folder.Open();
        Proxy = new TcpFaultProxy(address);
    }

    /// <summary>The keys that the server of the tests knows.</summary>
    public static AwsKeys Keys { get; } = new(SwiftPeer.KeyId, SwiftPeer.Secret, null, null);

    public string Bucket { get; }

    public EmbeddedFiles Files { get; }

    /// <summary>The way to the first bucket, where its server is one of the tests' own.</summary>
    public TcpFaultProxy Proxy { get; }

    /// <summary>On the S3 server, with a bucket of its own.</summary>
    public static async Task<S3Rig> StartAsync(SwiftPeer swift) => new(swift.Address, await swift.MakeBucketAsync());

    /// <summary>On a peer that answers as a test tells it.</summary>
    public static S3Rig At(LoopbackPeer peer) => new(peer.Address, "fleet");

    /// <summary>On a server that was there before, in a bucket of that.</summary>
    public static S3Rig At(Elsewhere elsewhere, string bucket) => new(elsewhere.Address, bucket, elsewhere);

    /// <summary>A process of the product.</summary>
    public AwsRig Open(ICredentialSource? keys = null, TimeProvider? time = null, params (string Key, string Value)[] settings)
    {
        var process = new AwsRig(
            keys ?? new ScriptedKeys(_elsewhere?.Keys ?? Keys),
            [("S3:Endpoint", (_elsewhere?.Address ?? Proxy.Address).AbsoluteUri), ("Aws:Region", _elsewhere?.Region ?? SwiftPeer.Region), ("S3:Bucket", Bucket), ("S3:Prefix", "fleet/"), ("Data:Folder", _folder.Path), .. settings],
            time,
            (services, configuration) => services.AddEmbeddedStores(configuration).AddS3RawFiles(configuration));
        _processes.Add(process);
        return process;
    }

    /// <summary>Copies all closed files to the bucket, as the product does.</summary>
    public static async Task CopyAllAsync(AwsRig process)
    {
        var (copies, copier) = (process.Get<RawCopies>(), process.Get<RawFileCopier>());
        foreach (var file in await copies.FindMissingAsync(copier.PlaceName, 0, 10_000, default))
        {
            await copier.CopyAsync(file, default);
        }
    }

    public static IRawFiles FilesOf(AwsRig process) => process.Get<IRawFiles>();

    public async ValueTask DisposeAsync()
    {
        _processes.ForEach(process => process.Dispose());
        await Proxy.DisposeAsync();
        _folder.Dispose();
    }
}
