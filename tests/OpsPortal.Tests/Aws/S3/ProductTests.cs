using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Amazon.S3.Model;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.S3;

namespace OpsPortal.Tests.Aws.S3;

/// <summary>The product as a process, its raw files on an S3 server, with keys from the environment.</summary>
[Trait("Peer", "S3")]
[Collection(SwiftCollection.Name)]
public sealed class ProductTests(SwiftPeer swift)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task What_the_product_has_received_in_an_hour_is_in_the_bucket_when_the_hour_is_over()
    {
        var bucket = await swift.MakeBucketAsync();
        await HoursEndIsFarAsync();
        await using var product = await RunningProduct.StartAsync(
            [("AWS_ACCESS_KEY_ID", SwiftPeer.KeyId), ("AWS_SECRET_ACCESS_KEY", SwiftPeer.Secret), ("AWS_ENDPOINT_URL_S3", swift.Address.AbsoluteUri), ("AWS_REGION", SwiftPeer.Region)],
            ("Trains:Count", "20"),
            ("Trains:History", "00:01:00"),
            ("Adapters:RawFiles", "S3"),
            ("S3:Bucket", bucket),
            ("S3:CopyInterval", "00:00:00.200"));
        await Eventually.IsTrueAsync("raw files are written", Patience, () => AreWrittenAsync(product.DataFolder));
        Assert.Empty(await KeysAsync(bucket));
        Assert.Equal(0, await product.StopAsync());
        await EndHourAsync(product.DataFolder);
        await product.StartAgainAsync();

        await Eventually.IsTrueAsync("raw files are copied", Patience, async () => await KeysAsync(bucket) is var keys
            && keys.Exists(key => key.StartsWith("catalogue/", StringComparison.Ordinal)) && keys.Exists(key => key.StartsWith("raw/", StringComparison.Ordinal)));
        var key = (await KeysAsync(bucket)).First(key => key.StartsWith("raw/", StringComparison.Ordinal));
        using var there = await swift.Client.GetObjectAsync(bucket, key);
        using var bytes = new MemoryStream();
        await there.ResponseStream.CopyToAsync(bytes);
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(product.DataFolder, key)), bytes.ToArray());
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(bytes.ToArray())), there.Metadata["sha256"]);
        using var client = await product.SignInAsync("administrator", "Administrator One");
        await Eventually.IsTrueAsync("both are well", Patience, async () => await StatusAsync(client, "S3 raw files") == "ok" && await StatusAsync(client, "copies of raw files in S3") == "ok");
        Assert.DoesNotContain("X-Amz-Signature", product.Output, StringComparison.Ordinal);
    }

    // An hour that is over by itself in mid-test would be copied before anybody looks that it is not.
    private static Task HoursEndIsFarAsync() =>
        Eventually.IsTrueAsync("the end of the hour is far", TimeSpan.FromMinutes(5), () => Task.FromResult(TimeProvider.System.GetUtcNow().Minute < 57));

    private static async Task<bool> AreWrittenAsync(string folder)
    {
        using var data = new DataFolder(folder, deletes: false);
        return await data.Open().RawCatalogue.ReadAsync(session => session.Number("SELECT count(*) FROM files WHERE bytes > 0"), default) > 0;
    }

    // Instead of waiting for it: the files of the running hour are made those of the one before.
    private static async Task EndHourAsync(string folder)
    {
        using var data = new DataFolder(folder, deletes: false);
        await data.Open().RawCatalogue.WriteAsync(session => session.Run("UPDATE files SET hour = hour - $hour", ("$hour", TimeSpan.TicksPerHour)), default);
    }

    private async Task<List<string>> KeysAsync(string bucket) =>
        [.. ((await swift.Client.ListObjectsV2Async(new ListObjectsV2Request { BucketName = bucket })).S3Objects ?? []).Select(found => found.Key)];

    private static async Task<string?> StatusAsync(HttpClient client, string service) =>
        (await client.GetFromJsonAsync<JsonElement>("/api/health/services")).GetProperty("items").EnumerateArray()
            .Where(item => item.GetProperty("service").GetString() == service).Select(item => item.GetProperty("status").GetString()).SingleOrDefault();
}
