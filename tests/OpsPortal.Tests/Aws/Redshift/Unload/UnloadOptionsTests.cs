using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Adapters;
using OpsPortal.Core.Warehouse;
using OpsPortal.Parts;

namespace OpsPortal.Tests.Aws.Redshift.Unload;

public sealed class UnloadOptionsTests
{
    [Theory]
    [Trait("Fault", "BAD-51")]
    [InlineData("Redshift:Unload:Bucket", "fleet.files", "dots")]
    [InlineData("Redshift:Unload:Role", "", "must be set where Bucket is")]
    [InlineData("Redshift:Unload:Role", "unload", "neither default nor the ARN")]
    [InlineData("Redshift:Unload:Role", "arn:aws:iam::123456789012:role/x' ALLOWOVERWRITE", "neither default nor the ARN")]
    [InlineData("Redshift:Unload:Prefix", "a'b/", "slash behind it")]
    [InlineData("Redshift:Unload:Region", "Ireland", "is not a region such as")]
    [InlineData("Redshift:Unload:Endpoint", "ftp://x", "https://")]
    [InlineData("Redshift:Unload:LinkEndpoint", "s3", "https://")]
    [InlineData("Redshift:Unload:CaFile", "/nowhere/ca.pem", "cannot be read")]
    [InlineData("Redshift:Unload:Time", "soon", "a time span")]
    [InlineData("Redshift:Unload:KeepFor", "8.00:00:00", "KeepFor")]
    [InlineData("Redshift:Unload:FileMegabytes", "5", "FileMegabytes")]
    [InlineData("Redshift:Unload:LinkFor", "00:05:01", "LinkFor")]
    [InlineData("Redshift:Unload:Colour", "red", "nobody reads this key")]
    public void A_mistake_is_refused_at_start_by_its_key(string key, string value, string said) =>
        Assert.StartsWith($"{key}: ", Assert.Single(Mistakes(("Redshift:Unload:Bucket", "fleet-files"), ("Redshift:Unload:Role", "default"), (key, value)), mistake => mistake.Contains(said, StringComparison.Ordinal)), StringComparison.Ordinal);

    [Fact]
    public void Another_server_names_its_region_as_it_likes() =>
        Assert.Empty(Mistakes(("Redshift:Unload:Bucket", "fleet-files"), ("Redshift:Unload:Role", "default"), ("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:3900"), ("Redshift:Unload:Region", "RegionOne")));

    [Fact]
    public void A_role_without_a_bucket_is_half() => Assert.StartsWith("Redshift:Unload:Bucket: must be set where Role is", Assert.Single(Mistakes(("Redshift:Unload:Role", "default"))), StringComparison.Ordinal);

    [Fact]
    public async Task Without_a_bucket_none_are_written_and_it_is_said_which_key_is_missing()
    {
        await using var none = Register([], out _).BuildServiceProvider();
        await using var some = Register([("Redshift:Unload:Bucket", "fleet-files"), ("Redshift:Unload:Role", "arn:aws:iam::123456789012:role/one,arn:aws:iam::210987654321:role/two")], out _).BuildServiceProvider();

        Assert.Contains("Redshift:Unload:Bucket", none.GetRequiredService<IUnloading>().Absent, StringComparison.Ordinal);
        Assert.Null(some.GetRequiredService<IUnloading>().Absent);
        Assert.Empty(Mistakes(("Redshift:Unload:Bucket", "fleet-files"), ("Redshift:Unload:Role", "arn:aws:iam::123456789012:role/one,arn:aws:iam::210987654321:role/two")));
    }

    private static IReadOnlyList<string> Mistakes(params (string Key, string Value)[] settings)
    {
        var services = Register(settings, out var configuration);
        using var provider = services.BuildServiceProvider();
        return ConfigurationCheck.Find(services, provider, configuration);
    }

    private static ServiceCollection Register((string Key, string Value)[] settings, out IConfiguration configuration)
    {
        (string Key, string Value)[] all = [("Adapters:Warehouse", "Redshift"), ("Redshift:Host", "localhost"), ("Redshift:Cluster", "fleet"), ("Aws:Region", "eu-west-2"), .. settings];
        configuration = new ConfigurationBuilder().AddInMemoryCollection(all.GroupBy(setting => setting.Key).Select(setting => KeyValuePair.Create(setting.Key, (string?)setting.Last().Value))).Build();
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton(configuration).AddAdapters(configuration);
        return services;
    }
}
