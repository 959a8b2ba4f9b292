using OpsPortal.Parts;

namespace OpsPortal.Tests.Parts;

public sealed class HealthCheckTests
{
    [Theory]
    [InlineData("http://+:5080", "http://localhost:5080/healthz/ready")]
    [InlineData("http://0.0.0.0:80", "http://localhost/healthz/ready")]
    [InlineData("https://[::]:5443;http://localhost:5080", "https://localhost:5443/healthz/ready")]
    [InlineData("http://127.0.0.1:6000", "http://127.0.0.1:6000/healthz/ready")]
    public void It_asks_at_the_address_the_process_listens_on(string urls, string asked) => Assert.Equal(new Uri(asked), HealthCheck.Address(urls));

    [Fact]
    public async Task Where_nobody_listens_it_says_no() => Assert.Equal(1, await HealthCheck.RunWhenAskedForAsync(["health-check", "--Urls=http://127.0.0.1:1"]));

    [Fact]
    public async Task It_does_nothing_unless_asked() => Assert.Null(await HealthCheck.RunWhenAskedForAsync(["--Urls=http://127.0.0.1:1"]));
}
