using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Adapters;
using OpsPortal.Parts;

namespace OpsPortal.Tests.Aws.Redshift;

public sealed class RedshiftOptionsTests
{
    [Theory]
    [InlineData("localhost", "None", null)]
    [InlineData("127.0.0.1", "None", null)]
    [InlineData("::1", "None", null)]
    [InlineData("db.example", "VerifyFull", null)]
    [InlineData("db.example", "None", "Redshift:Tls: None is for a server on this machine; over a network it is VerifyFull.")]
    [InlineData("192.168.1.5", "None", "Redshift:Tls: None is for a server on this machine; over a network it is VerifyFull.")]
    [InlineData("localhost", "Perhaps", "Redshift:Tls: \"Perhaps\" is not one of VerifyFull, None.")]
    public void Nothing_is_said_in_the_clear_over_a_network(string host, string tls, string? mistake)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Adapters:Warehouse"] = "Redshift", ["Redshift:Host"] = host, ["Redshift:Tls"] = tls, ["Redshift:Cluster"] = "fleet", ["Aws:Region"] = "eu-west-2",
        }).Build();
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<IConfiguration>(configuration).AddAdapters(configuration);
        using var provider = services.BuildServiceProvider();

        Assert.Equal(mistake is null ? [] : [mistake], ConfigurationCheck.Find(services, provider, configuration));
    }
}
