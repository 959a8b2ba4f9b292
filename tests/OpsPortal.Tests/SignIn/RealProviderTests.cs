using System.Net;
using System.Text.Json;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Oidc;

namespace OpsPortal.Tests.SignIn;

/// <summary>The whole product behind a certified provider, each a process of its own, over https with a certificate authority of the test.</summary>
[Trait("Peer", "oidc-provider")]
public sealed class RealProviderTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(25);

    private readonly int _port = FreePorts.Take();
    private RealProvider _provider = null!;
    private RunningProduct? _product;

    public Task InitializeAsync()
    {
        _provider = RealProvider.Down(_port);
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        if (_product is not null)
        {
            await _product.DisposeAsync();
        }

        await _provider.DisposeAsync();
    }

    private Uri Portal => new($"http://localhost:{_port}");

    [Fact]
    public async Task Roles_and_scope_come_from_claims_and_signing_out_ends_the_providers_session_too()
    {
        await StartAsync();
        using var browser = new PlainBrowser();

        await browser.SignInAsync(Portal, "olga");
        var me = JsonSerializer.Deserialize<JsonElement>(browser.Text);
        await browser.OpenAsync(new Uri(Portal, "/sessions"));
        var cookie = browser.Cookie("__Host-opsportal")!;
        await SignOutAsync(browser);
        await browser.OpenAsync(new Uri(Portal, "/sign-in/start"));

        Assert.Equal(("Olga Operator", """["Operator"]""", """["Longsight"]"""), (me.GetProperty("name").GetString(), me.GetProperty("roles").GetRawText(), me.GetProperty("scope").GetProperty("depots").GetRawText()));
        Assert.Equal($"{_provider.Issuer}|olga", me.GetProperty("id").GetString());
        Assert.Equal(43, cookie.Length);
        Assert.Contains("name=\"prompt\" value=\"login\"", browser.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("a secret of the tests", _product!.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_personal_token_is_made_right_after_signing_in_and_the_provider_that_knows_somebody_asks_nothing_again()
    {
        await StartAsync();
        using var browser = new PlainBrowser();
        await browser.SignInAsync(Portal, "olga");
        await browser.OpenAsync(new Uri(Portal, "/sign-in/start?returnUrl=/tokens"));
        Assert.Equal(new Uri(Portal, "/tokens"), browser.Address);

        await browser.SendFormOfAsync("value=\"make\"", ("Making.Name", "laptop"), ("Making.Days", "1"));

        Assert.Contains("data-secret", browser.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "FLT-24")]
    public async Task Keys_that_change_in_mid_session_end_nothing_and_let_new_people_in()
    {
        await StartAsync();
        using var first = new PlainBrowser();
        using var second = new PlainBrowser();
        await first.SignInAsync(Portal, "olga");
        await _provider.RotateAsync();

        // Long enough for the provider to be asked again by refresh token, whose id_token has the new key's signature.
        await Task.Delay(4_000);
        await second.SignInAsync(Portal, "adam");
        await first.OpenAsync(new Uri(Portal, "/api/me"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.Status, second.Status));
        Assert.Contains("Adam Admin", second.Text, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "FLT-23")]
    public async Task A_provider_down_at_the_start_and_later_is_said_and_ends_nobodys_work()
    {
        _product = await StartPortalAsync();
        using var browser = new PlainBrowser();
        using var other = new PlainBrowser();
        await browser.OpenAsync(new Uri(Portal, "/alerts"));
        Assert.Equal("/sign-in", browser.Address.AbsolutePath);
        await Eventually.IsTrueAsync("the page says so", Patience, async () =>
        {
            await browser.OpenAsync(new Uri(Portal, "/sign-in"));
            return browser.Text.Contains("the test provider does not answer at the moment", StringComparison.Ordinal);
        });
        await browser.OpenAsync(new Uri(Portal, "/sign-in/start"));
        Assert.Equal("/sign-in", browser.Address.AbsolutePath);

        await _provider.StartAgainAsync();
        await Eventually.IsTrueAsync("it comes and is found", Patience, async () =>
        {
            await browser.SignInAsync(Portal, "olga");
            return browser.Status == HttpStatusCode.OK && browser.Text.Contains("Olga Operator", StringComparison.Ordinal);
        });

        await _provider.KillAsync();
        await Task.Delay(5_000);
        await browser.OpenAsync(new Uri(Portal, "/api/me"));
        await other.OpenAsync(new Uri(Portal, "/sign-in/start"), _provider.Issuer);
        Assert.Equal(HttpStatusCode.OK, browser.Status);
        Assert.Null(other.Cookie("__Host-opsportal"));
    }

    [Fact]
    [Trait("Fault", "FLT-25")]
    public async Task An_account_that_is_gone_loses_its_session()
    {
        await StartAsync();
        using var browser = new PlainBrowser();
        await browser.SignInAsync(Portal, "olga");
        await _provider.SetAsync("olga", new { name = "Olga Operator", roles = new[] { "readers" }, depots = new[] { "Longsight" } });
        await Eventually.IsTrueAsync("the role has changed", Patience, async () =>
        {
            await browser.OpenAsync(new Uri(Portal, "/api/me"));
            return browser.Text.Contains("\"Business\"", StringComparison.Ordinal);
        });
        await _provider.RemoveAsync("olga");

        await Eventually.IsTrueAsync("the session is over", Patience, async () =>
        {
            await browser.OpenAsync(new Uri(Portal, "/api/me"));
            return browser.Status == HttpStatusCode.Unauthorized;
        });
    }

    [Fact]
    public async Task Signing_out_at_the_provider_ends_the_session_here_by_the_back_channel()
    {
        await StartAsync();
        using var browser = new PlainBrowser();
        await browser.SignInAsync(Portal, "olga");
        await browser.OpenAsync(new Uri($"{_provider.Issuer}/session/end"));
        await browser.SendFormAsync(("logout", "yes"));

        await Eventually.IsTrueAsync("the session is over", Patience, async () =>
        {
            await browser.OpenAsync(new Uri(Portal, "/api/me"));
            return browser.Status == HttpStatusCode.Unauthorized;
        });
    }

    [Fact]
    [Trait("Fault", "SEC-15")]
    public async Task Two_processes_on_one_data_folder_share_sessions_and_an_administrator_at_one_ends_those_at_the_other()
    {
        await StartAsync();
        var beside = await _product!.StartBesideAsync(("Parts", "Portal"));
        using var olga = new PlainBrowser();
        using var adam = new PlainBrowser();
        await olga.SignInAsync(Portal, "olga");
        await adam.SignInAsync(Portal, "adam");

        // The cookie is the host's, whatever the port: both are one portal to a browser.
        await olga.OpenAsync(new Uri(beside.Address, "/api/me"));
        await adam.OpenAsync(new Uri(beside.Address, "/sessions"));
        Assert.Contains("Olga Operator", olga.Text, StringComparison.Ordinal);
        Assert.Contains("Olga Operator", adam.Text, StringComparison.Ordinal);
        var key = System.Text.RegularExpressions.Regex.Match(adam.Text, "name=\"Ending\" value=\"([0-9a-f]{64})\"").Groups[1].Value;
        var form = adam.Text.IndexOf("_handler\" value=\"end\"", StringComparison.Ordinal);
        Assert.True(form > 0 && key.Length == 64, "The page has a form that ends the other's session.");
        await adam.SendFormOfAsync("end\"", ("Ending", key));

        await olga.OpenAsync(new Uri(Portal, "/api/me"));
        Assert.Equal(HttpStatusCode.Unauthorized, olga.Status);
    }

    [Fact]
    [Trait("Fault", "FLT-26")]
    public async Task Behind_one_address_a_sign_in_begun_at_one_process_ends_at_the_other()
    {
        await _provider.StartAgainAsync();
        _product = await RunningProduct.StartAsync(RealProvider.Environment, [.. _provider.Settings, ("Parts", "Portal")]);
        var beside = await _product.StartBesideAsync();
        await using var address = OneAddress.Start(_port, _product.Port, beside.Port);
        using var browser = new PlainBrowser();

        for (var i = 0; i < 2; i++)
        {
            await browser.SignInAsync(Portal, "olga");
            Assert.Equal((HttpStatusCode.OK, true), (browser.Status, browser.Text.Contains("Olga Operator", StringComparison.Ordinal)));
            await browser.OpenAsync(new Uri(Portal, "/sessions"));
            await SignOutAsync(browser);
            await browser.OpenAsync(new Uri(Portal, "/api/me"));
            Assert.Equal(HttpStatusCode.Unauthorized, browser.Status);
        }

        Assert.True(address.Served.All(served => served > 5), string.Join(" and ", address.Served));
    }

    [Fact]
    public async Task A_provider_whose_certificate_nobody_vouches_for_is_not_believed()
    {
        await _provider.StartAgainAsync();
        _product = await RunningProduct.StartAsync(RealProvider.Environment, [.. _provider.Settings.Where(setting => setting.Key != "OpenIdConnect:CaFile"), ("Urls", Portal.ToString()), ("Parts", "Portal")]);
        using var browser = new PlainBrowser();

        await browser.OpenAsync(new Uri(_product.Address, "/sign-in/start"));

        Assert.Equal("/sign-in", browser.Address.AbsolutePath);
        Assert.Contains("does not answer at the moment", browser.Text, StringComparison.Ordinal);
    }

    private async Task StartAsync()
    {
        await _provider.StartAgainAsync();
        _product = await StartPortalAsync();
    }

    private Task<RunningProduct> StartPortalAsync() => RunningProduct.StartOnAsync(_port, RealProvider.Environment, [.. _provider.Settings, ("Parts", "Portal")]);

    private static async Task SignOutAsync(PlainBrowser browser)
    {
        await browser.SendFormOfAsync("/sign-out");
        var ticket = System.Text.RegularExpressions.Regex.Match(browser.Text, "/sign-out/provider\\?ticket=[\\w-]{43}").Value;
        await browser.OpenAsync(new Uri(browser.Address, ticket));
        if (browser.Text.Contains("<form", StringComparison.Ordinal))
        {
            await browser.SendFormAsync(("logout", "yes"));
        }

        Assert.Equal("/signed-out", browser.Address.AbsolutePath);
    }
}
