using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Aws.Signing;

public sealed class PlaceTests
{
    [Fact]
    public void The_nearest_word_on_the_address_holds()
    {
        (string, string)[] settings = [("AWS_ENDPOINT_URL_IOT_DATA_PLANE", "http://127.0.0.1:2"), ("Aws:EndpointUrl", "http://127.0.0.1:3"), ("AWS_ENDPOINT_URL", "http://127.0.0.1:4")];

        Assert.Equal("http://127.0.0.1:1/", Find(settings, AwsService.IotData, new Uri("http://127.0.0.1:1")).Endpoint.AbsoluteUri);
        Assert.Equal("http://127.0.0.1:2/", Find(settings, AwsService.IotData).Endpoint.AbsoluteUri);
        Assert.Equal("http://127.0.0.1:2/", Find([.. settings, ("AWS_ENDPOINT_URL_IOT_DATA", "http://127.0.0.1:5")], AwsService.IotData).Endpoint.AbsoluteUri);
        Assert.Equal("http://127.0.0.1:5/", Find([.. settings[1..], ("AWS_ENDPOINT_URL_IOT_DATA", "http://127.0.0.1:5")], AwsService.IotData).Endpoint.AbsoluteUri);
        Assert.Equal("http://127.0.0.1:3/", Find(settings, AwsService.Kinesis).Endpoint.AbsoluteUri);
        Assert.Equal("http://127.0.0.1:4/", Find(settings[2..], AwsService.Kinesis).Endpoint.AbsoluteUri);
        Assert.Equal("https://kinesis.eu-west-2.amazonaws.com/", Find([], AwsService.Kinesis).Endpoint.AbsoluteUri);
    }

    [Theory]
    [InlineData("AWS_ENDPOINT_URL_S3")]
    [InlineData("AWS_ENDPOINT_URL_IOT_DATA_PLANE")]
    [InlineData("AWS_ENDPOINT_URL_IOT_DATA")]
    [InlineData("AWS_ENDPOINT_URL_REDSHIFT")]
    [InlineData("AWS_ENDPOINT_URL_REDSHIFT_SERVERLESS")]
    [InlineData("AWS_ENDPOINT_URL_SECRETS_MANAGER")]
    [InlineData("AWS_ENDPOINT_URL_KINESIS")]
    [InlineData("AWS_ENDPOINT_URL_FIREHOSE")]
    [InlineData("AWS_ENDPOINT_URL_OPENSEARCH")]
    public void Each_variable_of_the_AWS_SDKs_leads_to_its_service_alone(string variable)
    {
        AwsService[] all = [AwsService.S3, AwsService.IotData, AwsService.Redshift, AwsService.RedshiftServerless, AwsService.SecretsManager, AwsService.Kinesis, AwsService.Firehose, AwsService.OpenSearch];

        Assert.Single(all, service => Try([(variable, "http://127.0.0.1:9")], service)?.Endpoint.Port == 9);
    }

    [Fact]
    public void The_region_is_the_services_then_the_products_then_the_environments_then_the_addresss()
    {
        (string, string)[] environment = [("Aws:Region", ""), ("AWS_REGION", "eu-north-1"), ("AWS_DEFAULT_REGION", "eu-south-1")];

        Assert.Equal("us-west-2", Find([], AwsService.Kinesis, region: "us-west-2").Region);
        Assert.Equal("eu-west-2", Find([], AwsService.Kinesis).Region);
        Assert.Equal("eu-north-1", Find(environment, AwsService.Kinesis).Region);
        Assert.Equal("eu-central-1", Find([("Aws:Region", "")], AwsService.OpenSearch, new Uri("https://search-fleet-x1.eu-central-1.es.amazonaws.com")).Region);
        Assert.Equal("us-east-1", Find([("Aws:Region", "")], AwsService.OpenSearch, new Uri("http://127.0.0.1:9200")).Region);
        Assert.Equal("https://data-ats.iot.cn-north-1.amazonaws.com.cn/", Find([], AwsService.IotData, region: "cn-north-1").Endpoint.AbsoluteUri);
    }

    [Fact]
    public void Where_a_service_is_spoken_to_is_logged_without_any_password()
    {
        using var lines = new LinesLogged();
        using var rig = new AwsRig(new ScriptedKeys(ScriptedKeys.Lasting), [("AWS_ENDPOINT_URL_KINESIS", "http://user:word@127.0.0.1:9/base")], more: (services, _) => services.AddSingleton<ILoggerProvider>(lines));

        rig.Get<AwsHttp>().Create(new AwsPeer(AwsService.Kinesis)).Dispose();

        Assert.Equal("kinesis is spoken to at http://127.0.0.1:9/base, region eu-west-2", Assert.Single(lines.All));
    }

    [Fact]
    public void What_is_missing_is_said_with_its_key()
    {
        using var nowhere = new AwsRig(new ScriptedKeys(ScriptedKeys.Lasting), [("Aws:Region", "")]);

        Assert.Contains("Aws:Region", nowhere.Get<AwsPlaces>().Problem(AwsService.Kinesis, null, null), StringComparison.Ordinal);
        Assert.Contains("AWS_ENDPOINT_URL_OPENSEARCH", nowhere.Get<AwsPlaces>().Problem(AwsService.OpenSearch, null, "eu-west-2"), StringComparison.Ordinal);
        Assert.Contains("https://", nowhere.Get<AwsPlaces>().Problem(AwsService.OpenSearch, new Uri("ftp://x"), null), StringComparison.Ordinal);
        Assert.Null(nowhere.Get<AwsPlaces>().Problem(AwsService.Kinesis, null, "eu-west-2"));
    }

    [Theory]
    [InlineData("Aws:CaFile", "/nowhere/ca.pem")]
    [InlineData("Aws:EndpointUrl", "ftp://x")]
    [InlineData("Aws:Retries", "11")]
    [InlineData("Aws:Timeout", "00:00:00")]
    [InlineData("Aws:Region", "Not a region")]
    public void A_mistake_in_the_options_is_refused(string key, string value)
    {
        using var rig = new AwsRig(new ScriptedKeys(ScriptedKeys.Lasting), [(key, value)]);

        var refused = Assert.Throws<OptionsValidationException>(() => rig.Get<IOptions<AwsOptions>>().Value);

        Assert.Contains(key.Split(':')[1], refused.Message, StringComparison.Ordinal);
    }

    private static AwsPlace Find(IEnumerable<(string, string)> settings, AwsService service, Uri? endpoint = null, string? region = null)
    {
        using var rig = new AwsRig(new ScriptedKeys(ScriptedKeys.Lasting), settings);
        return rig.Get<AwsPlaces>().Find(service, endpoint, region);
    }

    private static AwsPlace? Try(IEnumerable<(string, string)> settings, AwsService service)
    {
        try
        {
            return Find(settings, service);
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }
}
