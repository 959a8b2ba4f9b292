using System.Net.Http.Json;
using System.Security.Cryptography;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.S3;

namespace OpsPortal.Tests.Extracts;

/// <summary>Extracts of the product as a process, its raw files on an S3 server.</summary>
[Trait("Peer", "S3")]
[Collection(SwiftCollection.Name)]
public sealed class S3ExtractTests(SwiftPeer swift) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("opsportal-fetch-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    [Trait("Fault", "SEC-32")]
    [Trait("Fault", "BAD-31")]
    public async Task What_was_just_received_is_copied_handed_out_by_the_server_itself_and_fetched_by_the_lines()
    {
        var bucket = await swift.MakeBucketAsync();
        await using var product = await RunningProduct.StartAsync(
            [("AWS_ACCESS_KEY_ID", SwiftPeer.KeyId), ("AWS_SECRET_ACCESS_KEY", SwiftPeer.Secret), ("AWS_ENDPOINT_URL_S3", swift.Address.AbsoluteUri), ("AWS_REGION", SwiftPeer.Region)],
            ("Trains:Count", "6"),
            ("Trains:History", "00:01:00"),
            ("Adapters:RawFiles", "S3"),
            ("S3:Bucket", bucket),
            ("S3:CopyInterval", "00:10:00"),
            ("S3:LinkFor", "00:00:10"));
        using var caller = await product.SignInAsync("data-scientist", "Ada");
        var train = await Eventually.GetAsync<string>("a train is known", Patience, async () =>
            (await (await caller.GetAsync("/api/fleet")).JsonAsync()).GetProperty("items") is var items && items.GetArrayLength() > 0 ? items[0].Text("id") : null);
        var now = TimeProvider.System.GetUtcNow();

        var answer = await caller.PostAsJsonAsync("/api/extracts", new { trains = new[] { train }, from = now.AddHours(-1).ToString("O"), to = now.AddHours(1).ToString("O") });
        var made = await answer.JsonAsync();
        Assert.True((int)answer.StatusCode == 201, made.ToString());
        var files = await ExtractRig.ItemsAsync(caller, made.Text("id"));
        Assert.NotEmpty(files);

        using var careful = new HttpClient(new HttpClientHandler { AllowAutoRedirect = false });
        careful.DefaultRequestHeaders.Authorization = new("Bearer", made.Text("token"));
        var link = await careful.GetAsync(files[0].Text("url"));
        Assert.True((int)link.StatusCode == 307, await link.Content.ReadAsStringAsync());
        var address = link.Headers.Location!.OriginalString;
        Assert.StartsWith(swift.Address.AbsoluteUri, address, StringComparison.Ordinal);
        using var browser = new HttpClient();
        var whole = await browser.GetByteArrayAsync(AsIs(address));
        Assert.Equal(files[0].GetProperty("checksum").Text("value"), Convert.ToHexStringLower(SHA256.HashData(whole)));
        Assert.Equal(403, (int)(await browser.GetAsync(AsIs(address[..^1] + (address[^1] == '0' ? '1' : '0')))).StatusCode);
        Assert.Equal(403, (int)(await browser.GetAsync(AsIs(address.Replace("X-Amz-Expires=10", "X-Amz-Expires=300", StringComparison.Ordinal)))).StatusCode);
        await Eventually.IsTrueAsync("the address has ended", Patience, async () => (int)(await browser.GetAsync(AsIs(address))).StatusCode == 403);

        foreach (var way in new[] { "curl", "python" })
        {
            var folder = Directory.CreateDirectory(Path.Combine(_folder, way)).FullName;
            var first = Path.Combine(folder, files[0].Text("key"));
            Directory.CreateDirectory(Path.GetDirectoryName(first)!);
            await File.WriteAllBytesAsync(first, whole[..20]);
            var (exit, errors) = await FetchRun.RunAsync(way, made.Text("manifest"), made.Text("token"), folder);
            Assert.True(exit == 0, errors);
            foreach (var file in files)
            {
                Assert.Equal(file.GetProperty("checksum").Text("value"), Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder, file.Text("key"))))));
            }
        }

        // Read from the server by the portal itself: the same messages as in the files, of one train.
        var job = await MergedRig.InAsync(caller, await MergedRig.AskAsync(caller, made.Text("id"), "ndjson"), "succeeded");
        var lines = (await MergedRig.TextAsync(caller, job)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var expected = files.SelectMany(file => RawFiles.Lines(Path.Combine(_folder, "curl"), file.Text("key"))).Where(line => line.Contains($"\"trainId\":\"{train}\"", StringComparison.Ordinal)).ToList();
        Assert.NotEmpty(expected);
        Assert.Equal(expected, lines);

        Assert.DoesNotContain("X-Amz-Signature", product.Output, StringComparison.Ordinal);
        Assert.DoesNotContain(made.Text("token"), product.Output, StringComparison.Ordinal);
    }

    private static Uri AsIs(string address) => new(address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true });
}
