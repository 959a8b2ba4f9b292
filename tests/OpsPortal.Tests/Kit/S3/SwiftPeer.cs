using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;
using OpsPortal.Adapters.Aws.Signing;

namespace OpsPortal.Tests.Kit.S3;

/// <summary>Tests on the S3 server share one; xunit runs them one after another.</summary>
[CollectionDefinition(Name)]
public sealed class SwiftCollection : ICollectionFixture<SwiftPeer>
{
    public const string Name = "S3 server";
}

/// <summary>
/// OpenStack Swift with its S3 interface, in the place of Amazon S3: it checks Signature Version 4 for real. On free ports of the loopback
/// and a folder of its own. All its processes end with the tests, however these end: they are children of a shell that reads from us.
/// </summary>
public sealed class SwiftPeer : IAsyncLifetime
{
    /// <summary>The region that signatures must name.</summary>
    public const string Region = "eu-west-2";

    public const string KeyId = "test:tester";
    public const string Secret = "testing";

    private const int Tries = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly string[] Programs = ["setpriv", "memcached", "swift-ring-builder", "swift-account-server", "swift-container-server", "swift-object-server", "swift-proxy-server"];

    private static int _buckets;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("opsportal-swift-");
    private Process? _shell;

    public Uri Address { get; private set; } = null!;

    /// <summary>A client of the AWS SDK alone, with nothing of the product.</summary>
    public AmazonS3Client Client { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var missing = Programs.Where(program => !IsThere(program)).ToList();
        if (missing.Count > 0)
        {
            throw new InvalidOperationException($"The S3 server of the tests needs {string.Join(", ", missing)}: install Debian's swift-proxy swift-account swift-container swift-object memcached (./test.sh does).");
        }

        // A free port may be taken by somebody else in between.
        for (var tried = 1; ; tried++)
        {
            try
            {
                await StartAsync();
                return;
            }
            catch (TimeoutException) when (tried < Tries)
            {
                Stop();
            }
        }
    }

    /// <summary>A new bucket; its name.</summary>
    public Task<string> MakeBucketAsync() => MakeBucketAsync(Client, Region);

    // Said here: the SDK would take a region from the environment of whoever runs the tests. That of us-east-1 has no name in a bucket.
    internal static async Task<string> MakeBucketAsync(AmazonS3Client client, string region)
    {
        var name = $"bucket-{Interlocked.Increment(ref _buckets)}-{Guid.NewGuid():N}"[..24];
        await client.PutBucketAsync(new PutBucketRequest { BucketName = name, UseClientRegion = false, BucketRegionName = region == "us-east-1" ? null : region });
        return name;
    }

    internal static AmazonS3Client ClientOf(Uri address, AwsKeys keys, string region) => new(
        keys.SessionToken is { } token ? new SessionAWSCredentials(keys.AccessKeyId, keys.SecretKey, token) : new BasicAWSCredentials(keys.AccessKeyId, keys.SecretKey),
        new AmazonS3Config
        {
            ServiceURL = address.AbsoluteUri,
            AuthenticationRegion = region,
            ForcePathStyle = true,
            RequestChecksumCalculation = RequestChecksumCalculation.WHEN_REQUIRED,
            ResponseChecksumValidation = ResponseChecksumValidation.WHEN_REQUIRED,
        });

    public Task DisposeAsync()
    {
        Client?.Dispose();
        Stop();
        _folder.Delete(recursive: true);
        return Task.CompletedTask;
    }

    private async Task StartAsync()
    {
        var setting = new SwiftSetting(_folder.CreateSubdirectory(Guid.NewGuid().ToString("N")[..8]).FullName, FreePorts.Take(5));
        setting.Write();
        _shell = Process.Start(new ProcessStartInfo("bash", [setting.Script]) { RedirectStandardInput = true })!;
        foreach (var port in setting.BackEndPorts)
        {
            await ListensAsync(setting, port);
        }

        await _shell.StandardInput.WriteLineAsync("back ends listen");
        await ListensAsync(setting, setting.ProxyPort);
        Address = new Uri($"http://127.0.0.1:{setting.ProxyPort}");
        Client = ClientOf(Address, S3Rig.Keys, Region);
    }

    private void Stop()
    {
        // The shell ends when it reads no more, and its children with it.
        _shell?.StandardInput.Close();
        if (_shell?.WaitForExit(Patience) == false)
        {
            _shell.Kill(entireProcessTree: true);
            _shell.WaitForExit();
        }

        _shell?.Dispose();
        _shell = null;
    }

    private async Task ListensAsync(SwiftSetting setting, int port)
    {
        var watch = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                using var probe = new TcpClient();
                await probe.ConnectAsync(IPAddress.Loopback, port);
                return;
            }
            catch (SocketException) when (watch.Elapsed < Patience && !_shell!.HasExited)
            {
                await Task.Delay(50);
            }
            catch (SocketException)
            {
                throw new TimeoutException($"The S3 server of the tests did not start.\n{setting.ReadLogs()}");
            }
        }
    }

    private static bool IsThere(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':').Append("/usr/sbin").Append("/usr/bin").Any(folder => File.Exists(Path.Combine(folder, program)));
}
