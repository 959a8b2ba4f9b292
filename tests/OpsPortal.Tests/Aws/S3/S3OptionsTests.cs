using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters;
using OpsPortal.Adapters.Aws.S3;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Adapters.Embedded.Extracts;
using OpsPortal.Core.Extracts;
using OpsPortal.Parts;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Aws.S3;

public sealed class S3OptionsTests
{
    [Theory]
    [Trait("Fault", "BAD-51")]
    [InlineData("S3:Bucket", "", "must be set")]
    [InlineData("S3:Bucket", "fleet.raw", "dots")]
    [InlineData("S3:Bucket", "Fleet", "small letters")]
    [InlineData("S3:Bucket", "-fleet", "letter or digit at both ends")]
    [InlineData("S3:Bucket", "a", "3 to 63")]
    [InlineData("S3:Region", "Ireland", "is not a region such as")]
    [InlineData("S3:Region", "eu-west", "is not a region such as")]
    [InlineData("S3:Endpoint", "ftp://x", "https://")]
    [InlineData("S3:LinkEndpoint", "localhost:9000", "https://")]
    [InlineData("S3:Prefix", "../", "slash behind it")]
    [InlineData("S3:Prefix", "no-slash", "slash behind it")]
    [InlineData("S3:LinkFor", "00:05:01", "LinkFor")]
    [InlineData("S3:LinkFor", "-00:00:01", "LinkFor")]
    [InlineData("S3:Timeout", "00:00:00", "Timeout")]
    [InlineData("S3:Retries", "11", "Retries")]
    [InlineData("S3:MaxInFlight", "0", "MaxInFlight")]
    [InlineData("S3:CaFile", "/nowhere/ca.pem", "cannot be read")]
    [InlineData("S3:KmsKeyId", "no key", "ARN")]
    [InlineData("S3:ReplicaBucket", "fleet.replica", "dots")]
    [InlineData("S3:ReplicaBucket", "replica", "S3:ReplicaRegion")]
    [InlineData("S3:ReplicaRegion", "eu-west-1", "S3:ReplicaBucket")]
    [InlineData("S3:RestoreSpeed", "Warp", "is not one of Standard, Bulk, Expedited")]
    [InlineData("S3:Speed", "1", "nobody reads this key")]
    [InlineData("Adapters:RawFiles", "Floppy", "is not one of Embedded, S3")]
    public void A_mistake_is_refused_at_start_by_its_key(string key, string value, string said)
    {
        var mistakes = Mistakes(("Adapters:RawFiles", "S3"), ("S3:Bucket", "fleet"), ("Aws:Region", "eu-west-2"), (key, value));

        Assert.Contains(mistakes, mistake => mistake.Contains(said, StringComparison.Ordinal));
        Assert.All(mistakes, mistake => Assert.StartsWith(key.Split(':')[0], mistake, StringComparison.Ordinal));
    }

    [Fact]
    public void Without_any_region_the_start_is_refused_with_the_key_to_set() =>
        Assert.Contains("Aws:Region", Assert.Single(Mistakes(("Adapters:RawFiles", "S3"), ("S3:Bucket", "fleet"))), StringComparison.Ordinal);

    [Theory]
    [InlineData("S3:Endpoint")]
    [InlineData("AWS_ENDPOINT_URL_S3")]
    [InlineData("Aws:EndpointUrl")]
    [InlineData("AWS_ENDPOINT_URL")]
    public void A_replica_of_another_server_needs_its_address(string given)
    {
        (string, string)[] settings = [("Adapters:RawFiles", "S3"), ("S3:Bucket", "fleet"), (given, "http://127.0.0.1:9"), ("S3:ReplicaBucket", "replica"), ("S3:ReplicaRegion", "eu-west-1")];

        Assert.StartsWith("S3:ReplicaEndpoint", Assert.Single(Mistakes(settings)), StringComparison.Ordinal);
        Assert.Empty(Mistakes([.. settings, ("S3:ReplicaEndpoint", "http://127.0.0.1:8")]));
    }

    [Theory]
    [InlineData("S3:Region", "garage")]
    [InlineData("S3:Region", "RegionOne")]
    [InlineData("S3:Region", "US")]
    [InlineData("Aws:Region", "RegionOne")]
    public void Another_server_names_its_region_as_it_likes_however_its_address_is_given(string key, string region)
    {
        Assert.All((string[])["S3:Endpoint", "AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"], given => Assert.Empty(Mistakes(("Adapters:RawFiles", "S3"), ("S3:Bucket", "fleet"), (given, "http://127.0.0.1:3900"), (key, region))));
        Assert.Equal(region, Place([("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:3900"), ("Aws:Region", ""), (key, region)]).Region);
    }

    [Fact]
    public void A_replica_on_AWS_needs_none()
    {
        (string, string)[] settings = [("Adapters:RawFiles", "S3"), ("S3:Bucket", "fleet"), ("Aws:Region", "eu-west-2"), ("S3:ReplicaBucket", "replica"), ("S3:ReplicaRegion", "eu-west-1")];

        Assert.Empty(Mistakes(settings));
        Assert.Empty(Mistakes([.. settings, ("AWS_ENDPOINT_URL_S3", "https://s3.eu-west-2.amazonaws.com")]));
    }

    [Fact]
    public void The_configuration_chooses_the_adapter()
    {
        using var embedded = Build([]);
        using var s3 = Build([("Adapters:RawFiles", "s3"), ("S3:Bucket", "fleet"), ("Aws:Region", "eu-west-2")]);

        Assert.IsType<EmbeddedRawFiles>(embedded.GetRequiredService<IRawFiles>());
        Assert.IsType<S3RawFiles>(s3.GetRequiredService<IRawFiles>());
    }

    [Fact]
    public void The_bucket_is_in_the_host_on_AWS_and_in_the_path_elsewhere()
    {
        Assert.Equal(("fleet.s3.eu-west-2.amazonaws.com", "/a/raw/depot%3DX%252F/f"), Place([]).AddressOf("a/raw/depot=X%2F/f"));
        Assert.Equal(("127.0.0.1:9", "/fleet/f"), Place([("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9")]).AddressOf("f"));
        Assert.Equal(("127.0.0.1:8", "/base/fleet/f"), Place([("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9"), ("S3:Endpoint", "http://127.0.0.1:8/base/")]).AddressOf("f"));
        Assert.Equal(("s3.eu-west-2.amazonaws.com", "/fleet/f"), Place([("S3:ForcePathStyle", "true")]).AddressOf("f"));
    }

    [Fact]
    public void Links_alone_name_the_address_that_browsers_reach()
    {
        var place = Place([("AWS_ENDPOINT_URL_S3", "http://s3:9000"), ("S3:LinkEndpoint", "http://localhost:9000")]);

        Assert.Equal(("s3:9000", "/fleet/f"), place.AddressOf("f"));
        Assert.Equal(("localhost:9000", "/fleet/f"), place.ForLinks!.AddressOf("f"));
        Assert.Equal(("fleet.s3.eu-west-2.amazonaws.com", "/f"), Place([("S3:Endpoint", "http://s3:9000"), ("S3:LinkEndpoint", "https://s3.eu-west-2.amazonaws.com")]).ForLinks!.AddressOf("f"));
        Assert.Null(Place([]).ForLinks);
    }

    private static S3Place Place(IEnumerable<(string, string)> settings)
    {
        using var rig = new AwsRig(new ScriptedKeys(ScriptedKeys.Lasting), [("S3:Bucket", "fleet"), .. settings], more: (services, configuration) => services.AddS3RawFiles(configuration));
        return S3Place.Home(rig.Get<IOptions<S3Options>>().Value, rig.Get<AwsPlaces>());
    }

    private static IReadOnlyList<string> Mistakes(params (string Key, string Value)[] settings)
    {
        var services = Register(settings, out var configuration);
        using var provider = services.BuildServiceProvider();
        return ConfigurationCheck.Find(services, provider, configuration);
    }

    private static ServiceProvider Build((string, string)[] settings) => Register(settings, out _).BuildServiceProvider();

    private static ServiceCollection Register((string Key, string Value)[] settings, out IConfiguration configuration)
    {
        configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.GroupBy(setting => setting.Key).Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Last().Value))).Build();
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton(configuration).AddAdapters(configuration);
        return services;
    }
}
