using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Door;
using OpsPortal.SignIn.OpenId;
using OpsPortal.Tests.Kit.Oidc;

namespace OpsPortal.Tests.Door;

/// <summary>SEC-31: where the portal itself connects to when somebody configured, or a provider named, an address.</summary>
[Trait("Fault", "SEC-31")]
public sealed class OutsideConnectionTests
{
    [Theory]
    [InlineData("169.254.169.254", true)]
    [InlineData("169.254.0.1", true)]
    [InlineData("::ffff:169.254.169.254", true)]
    [InlineData("fe80::1", true)]
    [InlineData("fd00:ec2::254", true)]
    [InlineData("0.0.0.0", true)]
    [InlineData("::", true)]
    [InlineData("127.0.0.1", false)]
    [InlineData("::1", false)]
    [InlineData("10.1.2.3", false)]
    [InlineData("203.0.113.9", false)]
    [InlineData("169.253.169.254", false)]
    [InlineData("2001:db8::1", false)]
    public void Link_local_and_metadata_addresses_are_told_from_others(string address, bool isForbidden) =>
        Assert.Equal(isForbidden, OutsideConnection.IsForbidden(IPAddress.Parse(address)));

    [Theory]
    [InlineData("https://169.254.169.254/latest/meta-data/")]
    [InlineData("https://2852039166/latest/meta-data/")]
    [InlineData("https://0xa9fea9fe/latest/meta-data/")]
    [InlineData("https://0251.0376.0251.0376/")]
    [InlineData("https://169.16689662/")]
    [InlineData("https://[::ffff:a9fe:a9fe]/")]
    [InlineData("https://[fe80::1]/")]
    [InlineData("https://[fd00:ec2::254]/latest/meta-data/")]
    public async Task No_spelling_of_a_metadata_address_is_connected_to(string address)
    {
        using var client = new HttpClient(OutsideConnection.Handler(TimeSpan.FromSeconds(5)));

        var refused = await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync(new Uri(address)));

        Assert.Contains("link-local", $"{refused}", StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_name_that_resolves_to_one_address_when_looked_at_and_to_another_when_used_is_looked_at_when_used()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var to = new DnsEndPoint("rebinds.example", ((IPEndPoint)listener.LocalEndpoint).Port);
        var answers = new Queue<IPAddress[]>([[IPAddress.Parse("169.254.169.254"), IPAddress.Loopback], [IPAddress.Parse("169.254.169.254")]]);
        Task<IPAddress[]> ResolveAsync(string name, CancellationToken cancellationToken) => Task.FromResult(answers.Dequeue());

        await using (await OutsideConnection.ConnectAsync(to, ResolveAsync, default))
        {
            // The address that is no forbidden one was taken.
        }

        await Assert.ThrowsAsync<HttpRequestException>(async () => await OutsideConnection.ConnectAsync(to, ResolveAsync, default));
    }

    [Theory]
    [InlineData("jwks_uri")]
    [InlineData("token_endpoint")]
    [InlineData("userinfo_endpoint")]
    public async Task A_provider_that_names_a_metadata_address_gets_nobody_in_and_is_not_followed_there(string endpoint)
    {
        foreach (var address in new[] { "http://169.254.169.254/latest/meta-data/iam/", "https://169.254.169.254/latest/meta-data/iam/", "http://elsewhere.example/" })
        {
            await using var provider = await ScriptedProvider.StartAsync();
            provider.Description[endpoint] = address;
            using var host = new Host.PortalHost([.. ScriptedPortal.SettingsFor(provider.Issuer), ("OpenIdConnect:Timeout", "00:00:02"), ("OpenIdConnect:UserInfo", "Always")]);
            var browser = host.Caller(cookies: true);

            var start = await browser.GetAsync("/sign-in/start");
            var leads = start.Headers.Location!.OriginalString;
            if (leads.StartsWith(provider.Issuer, StringComparison.Ordinal))
            {
                var query = System.Web.HttpUtility.ParseQueryString(new Uri(leads).Query);
                provider.Nonce = query["nonce"];
                leads = (await ScriptedPortal.ComeBackAsync(browser, query["state"]!)).Headers.Location!.OriginalString;
            }

            Assert.StartsWith("/sign-in?error=", leads, StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/me")).StatusCode);
        }
    }

    [Fact]
    public async Task A_provider_that_redirects_is_not_followed()
    {
        await using var provider = await ScriptedProvider.StartAsync();
        using var host = new Host.PortalHost([.. ScriptedPortal.SettingsFor(provider.Issuer)]);

        await Assert.ThrowsAsync<ProviderUnavailableException>(() => host.Services.GetRequiredService<ProviderHttp>().GetDocumentAsync($"{provider.Issuer}/redirect", default));

        Assert.DoesNotContain(provider.Asked, asked => asked.Path == "/redirected-to");
    }
}
