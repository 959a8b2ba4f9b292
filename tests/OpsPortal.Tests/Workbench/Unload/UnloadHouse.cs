using System.Net.Http.Json;
using System.Text.Json;
using Amazon.S3.Model;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Access;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.Redshift;
using OpsPortal.Tests.Kit.S3;

namespace OpsPortal.Tests.Workbench.Unload;

/// <summary>The portal on a warehouse that unloads, with a bucket for its files and two trains of different depots; every operator has a database user of their own.</summary>
internal sealed class UnloadHouse : IAsyncDisposable
{
    public const string Role = "arn:aws:iam::123456789012:role/unload";

    private readonly SwiftPeer _s3;

    private UnloadHouse(SwiftPeer s3, RedshiftRig rig, string bucket, (string Key, string Value)[] settings)
    {
        (_s3, Rig, Bucket) = (s3, rig, bucket);
        Peer = new UnloadPeer(rig.Server, s3);
        Host = new PortalHost(
            services => services.AddSingleton<ICredentialSource>(new ScriptedKeys(S3Rig.Keys)),
            [
                ("Adapters:Warehouse", "Redshift"), ("Aws:Region", SwiftPeer.Region), .. rig.Settings, ("Redshift:Port", $"{Peer.Port}"),
                ("Redshift:Unload:Bucket", bucket), ("Redshift:Unload:Role", Role), ("Redshift:Unload:Endpoint", s3.Address.AbsoluteUri), .. settings,
            ]);
    }

    public RedshiftRig Rig { get; }

    public UnloadPeer Peer { get; }

    public string Bucket { get; }

    public PortalHost Host { get; }

    public static async Task<UnloadHouse> OpenAsync(SwiftPeer s3, params (string Key, string Value)[] settings)
    {
        var rig = await RedshiftRig.StartAsync(key: new KnownKey(SwiftPeer.KeyId, SwiftPeer.Secret));
        await rig.AddAsync(Samples.Longsight(), "a1", Samples.Start);
        await rig.AddAsync(Samples.Crofton(), "a2", Samples.Start);
        return new UnloadHouse(s3, rig, await s3.MakeBucketAsync(), settings);
    }

    public Task<HttpClient> AsAsync(string name, Scope? scope = null, Role role = Core.Access.Role.Engineer) => Host.SignedInAsync(WorkbenchHouse.Engineer(name, scope, role));

    /// <summary>Keys of the bucket.</summary>
    public async Task<List<string>> KeysAsync() => [.. ((await _s3.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = Bucket })).S3Objects ?? []).Select(found => found.Key)];

    public Task PutAsync(string key) => _s3.Client.PutObjectAsync(new PutObjectRequest { BucketName = Bucket, Key = key, ContentBody = "x", UseChunkEncoding = false });

    /// <summary>Statements of the test's database that the server says are running.</summary>
    public async Task<long> RunningAsync() => (long)(await Rig.Server.AskAsync(Rig.Database, $"SELECT COUNT(*) FROM pg_stat_activity WHERE datname = '{Rig.Database}' AND state = 'active' AND query LIKE '%2000000000%' AND pid <> pg_backend_pid()"))!;

    public async ValueTask DisposeAsync()
    {
        Host.Dispose();
        await Peer.DisposeAsync();
        await Rig.DisposeAsync();
    }
}

/// <summary>What a script does with files of whole results.</summary>
internal static class UnloadCalls
{
    public static Task<HttpResponseMessage> UnloadAsync(this HttpClient caller, string query, object? request = null) => caller.PostAsJsonAsync($"/api/queries/{query}/files", request ?? new { });

    /// <summary>The files as they are when their writing has ended.</summary>
    public static async Task<JsonElement> UnloadedAsync(this HttpClient caller, string query)
    {
        using var answer = await caller.UnloadAsync(query);
        Assert.True((int)answer.StatusCode == 202, await answer.Content.ReadAsStringAsync());
        JsonElement files = default;
        await Eventually.IsTrueAsync("the files are written", WorkbenchHouse.Patience, async () => (files = await caller.GetFromJsonAsync<JsonElement>($"/api/queries/{query}/files")).State() != "running");
        return files;
    }

    /// <summary>The address that a file's link leads to now.</summary>
    public static async Task<Uri> FollowAsync(this HttpClient caller, JsonElement file)
    {
        using var answer = await caller.GetAsync(file.GetProperty("link").GetString());
        Assert.True((int)answer.StatusCode == 307, await answer.Content.ReadAsStringAsync());
        return answer.Headers.Location!;
    }

    /// <summary>All rows of all files, cells joined by |, in the order of their texts.</summary>
    public static async Task<List<string>> RowsAsync(this HttpClient caller, JsonElement files)
    {
        using var browser = new HttpClient();
        var rows = new List<string>();
        foreach (var file in files.GetProperty("files").EnumerateArray())
        {
            var bytes = await browser.GetByteArrayAsync(await caller.FollowAsync(file));
            Assert.Equal(file.GetProperty("bytes").GetInt64(), bytes.Length);
            var read = await Parquet.ReadAsync(bytes);
            Assert.Equal(file.GetProperty("rows").GetInt64(), read.Count);
            rows.AddRange(read.Select(row => string.Join('|', row.EnumerateObject().Select(cell => cell.Value.ToString()))));
        }

        return [.. rows.Order(StringComparer.Ordinal)];
    }
}
