using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Web;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Access;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Circuits;
using OpsPortal.Tests.Kit.Oidc;

namespace OpsPortal.Tests.SignIn;

/// <summary>What the provider says later: somebody has left, has another role, has signed out over there.</summary>
public sealed class ProviderLaterTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly (string, string)[] Quick = [("OpenIdConnect:AskEvery", "00:00:01"), ("SignIn:CheckEvery", "00:00:01")];

    [Fact]
    [Trait("Fault", "FLT-25")]
    [Trait("Fault", "SEC-13")]
    public async Task Who_has_left_loses_session_open_feed_and_personal_tokens_within_the_interval()
    {
        await using var portal = await ScriptedPortal.StartAsync(Quick);
        var (browser, session) = await SignedInAsync(portal);
        using var hub = await OpenHub.OpenAsync(portal.Host, session);
        var user = (await portal.Host.Services.GetRequiredService<ISessionStore>().GetAsync(session, default))!.User;

        await Task.Delay(2_500);
        Assert.False(hub.IsCut);
        portal.Provider.HasLeft = true;

        await Eventually.IsTrueAsync("the open feed is cut", Patience, () => Task.FromResult(hub.IsCut));
        await (await browser.GetAsync("/api/me")).ProblemAsync(401);
        // The feed is cut first, then it is written down; written last is the audit.
        await Eventually.IsTrueAsync("the end is audited", Patience, () => Task.FromResult(portal.Host.Audit.Entries.Any(entry => entry is { Act: "endSession", Who: "portal" } && entry.On == user.Id)));
        Assert.Empty((await portal.Host.Services.GetRequiredService<IKnownUsers>().GetAsync(user.Id, default))!.Roles);
    }

    [Fact]
    [Trait("Fault", "FLT-25")]
    public async Task Personal_tokens_of_who_has_left_are_woken_by_nothing_older_and_by_the_next_sign_in()
    {
        await using var portal = await ScriptedPortal.StartAsync(("OpenIdConnect:ApiAudience", "https://ops.example/api"));
        var (first, session) = await SignedInAsync(portal);
        var script = portal.Host.Caller();
        var made = await MakeTokenAsync(first);
        script.DefaultRequestHeaders.Authorization = new("Bearer", made);
        Assert.Equal(HttpStatusCode.OK, (await script.GetAsync("/api/fleet")).StatusCode);
        var claims = portal.Provider.Honest();
        claims["aud"] = "https://ops.example/api";
        claims.Remove("nonce");
        var jwt = portal.Provider.Sign(claims, "at+jwt");
        var (second, _) = await SignedInAsync(portal);
        portal.Provider.HasLeft = true;
        var store = portal.Host.Services.GetRequiredService<ISessionStore>();
        var kept = (await store.GetAsync(session, default))!;
        await store.RenewAsync(kept.Key, kept.User, kept.Provider! with { CheckAt = TimeProvider.System.GetUtcNow() }, default);
        await (await first.GetAsync("/api/me")).ProblemAsync(401);
        await (await script.GetAsync("/api/fleet")).ProblemAsync(401);

        // The other session is not asked about yet, and the access token holds until its own end.
        Assert.Equal(HttpStatusCode.OK, (await second.GetAsync("/api/me")).StatusCode);
        await (await script.GetAsync("/api/fleet")).ProblemAsync(401);
        var caller = portal.Host.Caller();
        caller.DefaultRequestHeaders.Authorization = new("Bearer", jwt);
        Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync("/api/me")).StatusCode);
        await (await script.GetAsync("/api/fleet")).ProblemAsync(401);

        portal.Provider.HasLeft = false;
        await SignedInAsync(portal);
        Assert.Equal(HttpStatusCode.OK, (await script.GetAsync("/api/fleet")).StatusCode);
    }

    [Fact]
    public async Task While_sessions_cannot_be_written_whoever_is_signed_in_reads_on_and_nobody_new_comes_in()
    {
        ReadOnlySessions? sessions = null;
        await using var portal = await ScriptedPortal.StartAsync(
            services => services.AddSingleton<ISessionStore>(provider => sessions ??= new ReadOnlySessions(provider.GetRequiredService<Adapters.Embedded.Access.EmbeddedSessionStore>())), [.. Quick, ("SignIn:IdleFor", "00:00:20")]);
        var (browser, _) = await SignedInAsync(portal);
        sessions!.IsFull = true;
        // Use is noted again after a quarter of the idle time; what then is asked must come before all of it is over, on a busy machine too.
        await Task.Delay(5_500);

        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/tokens")).StatusCode);
        var (late, sent) = await portal.BeginAsync();
        var answer = await ScriptedPortal.ComeBackAsync(late, sent["state"]);
        Assert.DoesNotContain(answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [], cookie => cookie.StartsWith("__Host-opsportal=", StringComparison.Ordinal));
        Assert.DoesNotContain("StoreUnavailable", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "FLT-33")]
    public async Task Who_has_left_loses_the_session_also_when_that_cannot_be_written_down()
    {
        await using var portal = await ScriptedPortal.StartAsync(Quick);
        var (browser, _) = await SignedInAsync(portal);
        (portal.Provider.HasLeft, portal.Host.Audit.IsBroken) = (true, true);
        await Task.Delay(1_100);

        var first = await browser.GetAsync("/api/me");
        portal.Host.Audit.IsBroken = false;

        Assert.NotEqual(HttpStatusCode.OK, first.StatusCode);
        await (await browser.GetAsync("/api/me")).ProblemAsync(401);
    }

    [Fact]
    [Trait("Fault", "FLT-33")]
    public async Task Who_comes_back_from_the_provider_while_nothing_can_be_written_down_hears_why_not_and_keeps_the_session_they_had()
    {
        await using var portal = await ScriptedPortal.StartAsync();
        var (browser, session) = await SignedInAsync(portal);
        using var hub = await OpenHub.OpenAsync(portal.Host, session);
        portal.Host.Audit.IsBroken = true;

        var (_, answer) = await portal.SignInAsync(browser: browser);
        var page = await browser.GetStringAsync(answer.Headers.Location);
        var kept = await browser.GetAsync("/api/me");
        portal.Host.Audit.IsBroken = false;
        var wasCut = hub.IsCut;
        var (_, later) = await portal.SignInAsync(browser: browser);

        Assert.Equal("/sign-in?error=notrecorded&returnUrl=%2Falerts", answer.Headers.Location?.OriginalString);
        Assert.Contains("Nobody can sign in now", page, StringComparison.Ordinal);
        Assert.Equal((HttpStatusCode.OK, false), (kept.StatusCode, wasCut));
        // Once it works, the new one takes the place of the former.
        Assert.Equal("/alerts", later.Headers.Location?.OriginalString);
        await Eventually.IsTrueAsync("the former one's feed is cut", Patience, () => Task.FromResult(hub.IsCut));
        Assert.Null(await portal.Host.Services.GetRequiredService<ISessionStore>().GetAsync(session, default));
    }

    [Fact]
    [Trait("Fault", "FLT-25")]
    public async Task Other_roles_and_another_scope_take_hold_within_the_interval()
    {
        await using var portal = await ScriptedPortal.StartAsync(Quick);
        var (browser, session) = await SignedInAsync(portal);
        using var hub = await OpenHub.OpenAsync(portal.Host, session);
        portal.Provider.Claims = new() { ["sub"] = "anna", ["name"] = "Anna", ["roles"] = "Business", ["depots"] = new[] { "Crofton" } };

        await Eventually.IsTrueAsync("the open feed is cut, to come back with the new rights", Patience, () => Task.FromResult(hub.IsCut));
        var me = await (await browser.GetAsync("/api/me")).JsonAsync();

        Assert.Equal(("""["Business"]""", """["Crofton"]"""), (me.GetProperty("roles").GetRawText(), me.GetProperty("scope").GetProperty("depots").GetRawText()));
        // The feed is cut first, then it is written down.
        await Eventually.IsTrueAsync("the change is audited", Patience, () => Task.FromResult(portal.Host.Audit.Entries.Any(entry => entry is { Act: "changeRights", Who: "Anna" })));
    }

    [Fact]
    [Trait("Fault", "FLT-25")]
    public async Task A_page_that_was_begun_with_other_rights_is_not_taken_up_again()
    {
        await using var portal = await ScriptedPortal.StartAsync(Quick);
        var (_, session) = await SignedInAsync(portal);
        using var page = await RawCircuit.OpenAsync(portal.Host, session, "/alerts");
        page.Dispose();
        using var same = await RawCircuit.ConnectAsync(portal.Host, session);
        Assert.True(await same.AskAsync("ConnectCircuit", page.Secret) is true);

        portal.Provider.Claims = new() { ["sub"] = "anna", ["name"] = "Anna", ["roles"] = "Business", ["depots"] = new[] { "Crofton" } };
        await Eventually.IsTrueAsync("the rights have changed", Patience, () => Task.FromResult(portal.Host.Audit.Entries.Any(entry => entry is { Act: "changeRights", Who: "Anna" })));
        same.Dispose();

        using var other = await RawCircuit.ConnectAsync(portal.Host, session);
        Assert.True(await other.AskAsync("ConnectCircuit", page.Secret) is false);
    }

    [Fact]
    [Trait("Fault", "FLT-25")]
    public async Task A_role_that_is_gone_ends_the_session()
    {
        await using var portal = await ScriptedPortal.StartAsync(Quick);
        var (browser, _) = await SignedInAsync(portal);
        portal.Provider.Claims = new() { ["sub"] = "anna", ["name"] = "Anna", ["roles"] = Array.Empty<string>() };
        await Task.Delay(1_100);

        await (await browser.GetAsync("/api/me")).ProblemAsync(401);
    }

    [Fact]
    public async Task Many_requests_at_once_ask_the_provider_once_and_each_refresh_token_is_used_once()
    {
        await using var portal = await ScriptedPortal.StartAsync(Quick);
        var watch = Stopwatch.StartNew();
        var (browser, _) = await SignedInAsync(portal);
        for (var round = 0; round < 2; round++)
        {
            await Task.Delay(1_100);
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => browser.GetAsync("/api/me")));
        }

        var used = portal.Provider.Asked.Where(asked => asked.Form.GetValueOrDefault("grant_type") == "refresh_token").Select(asked => asked.Form["refresh_token"]).ToList();
        // Once a second at most: twenty requests take longer than that on a busy machine.
        Assert.InRange(used.Count, 1, Math.Max(4, (int)watch.Elapsed.TotalSeconds));
        Assert.Equal(used.Count, used.Distinct().Count());
    }

    [Theory]
    [Trait("Fault", "FLT-23")]
    [InlineData("userinfo is down")]
    [InlineData("the renewed id_token is refused")]
    public async Task A_refresh_token_that_was_renewed_is_kept_also_when_the_rest_of_the_answer_fails(string what)
    {
        await using var portal = await ScriptedPortal.StartAsync([.. Quick, ("OpenIdConnect:UserInfo", "Always")]);
        portal.Provider.Rotates = true;
        var (browser, _) = await SignedInAsync(portal);

        portal.Provider.DownAt = what == "userinfo is down" ? "/me" : null;
        portal.Provider.IdToken = claims => portal.Provider.Sign(what == "userinfo is down" ? claims : new(claims) { ["aud"] = "another" });
        await RenewedAsync(portal, browser);
        (portal.Provider.DownAt, portal.Provider.IdToken) = (null, claims => portal.Provider.Sign(claims));
        await RenewedAsync(portal, browser);

        portal.Provider.Claims["roles"] = new[] { "Business" };
        await RenewedAsync(portal, browser);
        Assert.Equal("""["Business"]""", (await (await browser.GetAsync("/api/me")).JsonAsync()).GetProperty("roles").GetRawText());
    }

    // What is asked next, after the interval, asks the provider too.
    private static async Task RenewedAsync(ScriptedPortal portal, HttpClient browser)
    {
        int Renewals() => portal.Provider.Asked.Count(asked => asked.Form.GetValueOrDefault("grant_type") == "refresh_token");
        var before = Renewals();
        await Task.Delay(1_100);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/me")).StatusCode);
        Assert.True(Renewals() > before, "The provider was asked.");
    }

    [Fact]
    [Trait("Fault", "FLT-26")]
    public async Task Lost_keys_lead_to_a_clear_sign_in_again_and_to_no_failure()
    {
        await using var portal = await ScriptedPortal.StartAsync(Quick);
        var (browser, session) = await SignedInAsync(portal);
        var store = portal.Host.Services.GetRequiredService<ISessionStore>();
        var kept = (await store.GetAsync(session, default))!;
        await store.RenewAsync(kept.Key, kept.User, kept.Provider! with { Sealed = "CfDJ8-sealed-with-another-key-ring", CheckAt = TimeProvider.System.GetUtcNow() }, default);

        await (await browser.GetAsync("/api/me")).ProblemAsync(401);
        Assert.Equal("/sign-in?returnUrl=%2Falerts", (await browser.GetAsync("/alerts")).Headers.Location?.OriginalString);
        var stale = await browser.GetAsync("/sign-in/callback?code=a-code&state=CfDJ8-state-of-another-key-ring");
        Assert.StartsWith("/sign-in?error=failed", stale.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "SEC-12")]
    public async Task Signing_out_goes_on_to_the_provider_by_a_ticket_that_is_good_once()
    {
        await using var portal = await ScriptedPortal.StartAsync();
        string? token = null;
        portal.Provider.IdToken = claims => token = portal.Provider.Sign(claims);
        var (browser, session) = await SignedInAsync(portal);
        using var hub = await OpenHub.OpenAsync(portal.Host, session);

        var signedOut = await SignOutAsync(browser);
        var page = await browser.GetStringAsync(signedOut);
        var ticket = HttpUtility.ParseQueryString(signedOut.OriginalString.Split('?')[1])["ticket"]!;
        var leads = await browser.GetAsync($"/sign-out/provider?ticket={ticket}");
        var again = await browser.GetAsync($"/sign-out/provider?ticket={ticket}");

        Assert.Contains($"/sign-out/provider?ticket={ticket}", page, StringComparison.Ordinal);
        var query = HttpUtility.ParseQueryString(leads.Headers.Location!.Query);
        Assert.StartsWith($"{portal.Provider.Issuer}/end?", leads.Headers.Location.OriginalString, StringComparison.Ordinal);
        Assert.Equal((token, "https://localhost/signed-out"), (query["id_token_hint"], query["post_logout_redirect_uri"]));
        Assert.Equal("/signed-out", again.Headers.Location?.OriginalString);
        await (await browser.GetAsync("/api/me")).ProblemAsync(401);
        await Eventually.IsTrueAsync("the open feed is cut", Patience, () => Task.FromResult(hub.IsCut));
    }

    [Theory]
    [Trait("Fault", "SEC-18")]
    [InlineData("https://evil.example")]
    [InlineData("%22%3E%3Cscript%3Ealert(1)%3C/script%3E")]
    [InlineData("0;url=https://evil.example")]
    public async Task A_made_up_ticket_leads_nowhere_and_is_not_shown(string ticket)
    {
        await using var portal = await ScriptedPortal.StartAsync();
        var browser = portal.Host.Caller();

        var page = await browser.GetStringAsync($"/signed-out?ticket={ticket}");

        Assert.DoesNotContain("evil", page, StringComparison.Ordinal);
        Assert.DoesNotContain("alert(1)", page, StringComparison.Ordinal);
        Assert.Equal("/signed-out", (await browser.GetAsync($"/sign-out/provider?ticket={ticket}")).Headers.Location?.OriginalString);
    }

    internal static async Task<(HttpClient Browser, string Session)> SignedInAsync(ScriptedPortal portal)
    {
        var (browser, answer) = await portal.SignInAsync();
        return (browser, answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("__Host-opsportal=", StringComparison.Ordinal)).Split(';')[0].Split('=')[1]);
    }

    private static async Task<string> MakeTokenAsync(HttpClient browser)
    {
        var csrf = (await (await browser.GetAsync("/api/me")).JsonAsync()).GetProperty("csrf").GetString();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tokens") { Content = JsonContent.Create(new { name = "notebook" }) };
        request.Headers.Add("X-CSRF", csrf);
        return (await (await browser.SendAsync(request)).JsonAsync()).GetProperty("secret").GetString()!;
    }

    private static async Task<Uri> SignOutAsync(HttpClient browser)
    {
        var page = await browser.GetStringAsync("/tokens");
        var antiforgery = System.Text.RegularExpressions.Regex.Match(page, "name=\"antiforgery\" value=\"([^\"]+)\"").Groups[1].Value;
        using var form = new FormUrlEncodedContent([new("antiforgery", antiforgery)]);
        return (await browser.PostAsync("/sign-out", form)).Headers.Location!;
    }
}
