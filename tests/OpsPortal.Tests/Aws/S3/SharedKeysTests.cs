using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.S3.Keys;
using OpsPortal.Core.Access;
using OpsPortal.Core.Health;
using OpsPortal.Keys;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.S3;

namespace OpsPortal.Tests.Aws.S3;

/// <summary>Data-protection keys in a bucket.</summary>
[Trait("Peer", "S3")]
[Collection(SwiftCollection.Name)]
public sealed class SharedKeysTests(SwiftPeer swift)
{
    [Fact]
    public async Task What_one_node_protects_the_other_opens_and_the_key_is_in_the_bucket_alone()
    {
        var bucket = await swift.MakeBucketAsync();
        using var one = Open(swift.Address, bucket);
        using var other = Open(swift.Address, bucket);

        var text = one.Get<IDataProtectionProvider>().CreateProtector("test").Protect("tokens");

        Assert.Equal("tokens", other.Get<IDataProtectionProvider>().CreateProtector("test").Unprotect(text));
        Assert.Single(await one.Get<ISharedKeys>().FindAllAsync(default));
    }

    [Fact]
    public async Task Keys_go_out_with_the_key_of_KMS()
    {
        await using var peer = await LoopbackPeer.StartAsync(_ => new PeerAnswer(200) { ContentType = "application/xml" });
        using var process = Open(peer.Address, "keys", ("S3Keys:KmsKeyId", "alias/opsportal"));

        await process.Get<ISharedKeys>().KeepAsync("key-1", "<key/>", default);

        var request = Assert.Single(peer.Received);
        Assert.Equal(("PUT", "/keys/keys/key-1.xml"), (request.Method, request.Path));
        Assert.Equal(("aws:kms", "alias/opsportal"), (request.Header("x-amz-server-side-encryption"), request.Header("x-amz-server-side-encryption-aws-kms-key-id")));
    }

    [Fact]
    public async Task A_bucket_that_refuses_is_said()
    {
        await using var peer = await LoopbackPeer.StartAsync(_ => new PeerAnswer(403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>") { ContentType = "application/xml" });
        using var process = Open(peer.Address, "keys");

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => process.Get<ISharedKeys>().FindAllAsync(default));

        Assert.Contains("AccessDenied", failure.Message);
    }

    [Theory]
    [InlineData("S3Keys:Bucket", "", "S3Keys:Bucket")]
    [InlineData("S3Keys:Bucket", "a.b", "S3Keys:Bucket")]
    [InlineData("S3:Bucket", "keys", "is the bucket of the raw files")]
    [InlineData("S3Keys:Prefix", "keys", "Prefix")]
    [InlineData("S3Keys:CaFile", "/nowhere.pem", "S3Keys:CaFile")]
    public void Mistakes_are_refused_by_their_key(string key, string value, string says)
    {
        using var process = Open(new Uri("http://127.0.0.1:9"), "keys", (key, value));

        Assert.Contains(says, Assert.Throws<OptionsValidationException>(() => process.Get<IOptions<S3KeysOptions>>().Value).Message);
    }

    private static AwsRig Open(Uri address, string bucket, params (string Key, string Value)[] settings) =>
        new(
            new ScriptedKeys(S3Rig.Keys),
            [("S3Keys:Endpoint", address.AbsoluteUri), ("S3Keys:Bucket", bucket), .. settings],
            more: (services, configuration) =>
            {
                services.AddS3Keys(configuration);
                services.AddKeys();
            });
}
