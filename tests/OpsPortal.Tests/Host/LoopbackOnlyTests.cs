using Microsoft.Extensions.Options;

namespace OpsPortal.Tests.Host;

public sealed class LoopbackOnlyTests
{
    [Theory]
    [InlineData("Urls", "http://0.0.0.0:5080")]
    [InlineData("Urls", "http://*:5080")]
    [InlineData("Urls", "http://+:5080")]
    [InlineData("Urls", "http://[::]:5080")]
    [InlineData("Urls", "http://opsportal.example:5080")]
    [InlineData("Urls", "http://192.168.1.10:5080")]
    [InlineData("Urls", "http://localhost.evil.example:5080")]
    [InlineData("Urls", "http://localhost:5080;http://10.0.0.1:5080")]
    [InlineData("HTTP_PORTS", "8080")]
    [InlineData("HTTPS_PORTS", "8443")]
    [InlineData("Kestrel:Endpoints:Http:Url", "http://0.0.0.0:80")]
    public void Personas_start_on_loopback_only_and_the_message_names_the_key(string key, string value)
    {
        using var host = new PortalHost((key, value));

        var refusal = Assert.Throws<OptionsValidationException>(() => host.Services);

        Assert.Contains(key, refusal.Message, StringComparison.Ordinal);
        Assert.Contains("SignIn:Mode", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("http://localhost:5080")]
    [InlineData("http://127.0.0.1:5080;http://[::1]:5080")]
    [InlineData("http://127.8.0.1:0")]
    public void Loopback_addresses_are_fine(string urls)
    {
        using var host = new PortalHost(("Urls", urls));

        Assert.NotNull(host.Services);
    }

    [Theory]
    [InlineData("OpenIdConnect")]
    [InlineData("personas")]
    [InlineData("")]
    public void Another_mode_is_refused_and_the_message_says_which_is_allowed(string mode)
    {
        using var host = new PortalHost(("SignIn:Mode", mode));

        var refusal = Assert.Throws<OptionsValidationException>(() => host.Services);

        Assert.Contains("the only value allowed is \"Personas\"", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost", 200)]
    [InlineData("localhost:5080", 200)]
    [InlineData("127.0.0.1:5080", 200)]
    [InlineData("[::1]:5080", 200)]
    [InlineData("portal.localhost", 200)]
    [InlineData("evil.example", 400)]
    [InlineData("localhost.evil.example", 400)]
    [InlineData("127.0.0.1.evil.example", 400)]
    [InlineData("192.168.1.10", 400)]
    public async Task Only_loopback_names_are_answered(string name, int status)
    {
        using var host = new PortalHost();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/healthz/live");
        request.Headers.Host = name;

        Assert.Equal(status, (int)(await host.Caller().SendAsync(request)).StatusCode);
    }
}
