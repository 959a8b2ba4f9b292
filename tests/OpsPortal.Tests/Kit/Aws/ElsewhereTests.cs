using OpsPortal.Adapters.Aws.Signing;

namespace OpsPortal.Tests.Kit.Aws;

public sealed class ElsewhereTests
{
    [Fact]
    public void Keys_and_region_alone_lead_nowhere_else()
    {
        Assert.Null(Of(AwsService.S3));
        Assert.Null(Of(AwsService.S3, ("AWS_ACCESS_KEY_ID", "AKID"), ("AWS_SECRET_ACCESS_KEY", "x"), ("AWS_REGION", "eu-west-2"), ("AWS_PROFILE", "mine"), ("AWS_ENDPOINT_URL", "")));
        Assert.Null(Of(AwsService.S3, ("AWS_ENDPOINT_URL_IOT_DATA_PLANE", "http://127.0.0.1:1")));
    }

    [Fact]
    public void The_services_own_variable_goes_before_the_one_for_all()
    {
        (string, string)[] both = [("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), ("AWS_ENDPOINT_URL_IOT_DATA", "http://127.0.0.1:2")];

        Assert.Equal("http://127.0.0.1:4/", Of(AwsService.IotData, ("IOT_ENDPOINT_URL", "http://127.0.0.1:4"))!.Address.AbsoluteUri);
        Assert.Equal("http://127.0.0.1:1/", Of(AwsService.S3, both)!.Address.AbsoluteUri);
        Assert.Equal("http://127.0.0.1:2/", Of(AwsService.IotData, both)!.Address.AbsoluteUri);
        Assert.Equal("http://127.0.0.1:3/", Of(AwsService.IotData, [.. both, ("AWS_ENDPOINT_URL_IOT_DATA_PLANE", "http://127.0.0.1:3")])!.Address.AbsoluteUri);
    }

    [Fact]
    public void Keys_and_region_are_the_environments_or_those_that_emulators_take()
    {
        var bare = Of(AwsService.S3, ("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1"))!;
        var own = Of(AwsService.S3, ("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1"), ("AWS_ACCESS_KEY_ID", "AKID"), ("AWS_SECRET_ACCESS_KEY", "x"), ("AWS_SESSION_TOKEN", "t"), ("AWS_DEFAULT_REGION", "garage"))!;

        Assert.Equal((new AwsKeys("test", "test", null, null), "us-east-1"), (bare.Keys, bare.Region));
        Assert.Equal((new AwsKeys("AKID", "x", "t", null), "garage"), (own.Keys, own.Region));
    }

    private static Elsewhere? Of(AwsService service, params (string Name, string Value)[] environment) =>
        Elsewhere.Of(service, "IOT_ENDPOINT_URL", name => environment.Where(variable => variable.Name == name).Select(variable => variable.Value).FirstOrDefault());
}
