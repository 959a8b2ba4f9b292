using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.Tokens;
using OpsPortal.Core.Access;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Oidc;

namespace OpsPortal.Tests.SignIn;

/// <summary>Sign-in at a provider that is honest: who comes out, what is kept, and what happens later.</summary>
public sealed class ProviderSignInTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task The_user_is_issuer_and_subject_with_roles_and_scope_from_claims()
    {
        await using var portal = await ScriptedPortal.StartAsync(("SignIn:Roles:Operator:0", "ops-desk"), ("SignIn:Roles:Administrator:0", "admins"));
        portal.Provider.Claims = new() { ["sub"] = "anna", ["name"] = "Anna\u202E", ["email"] = "root@example.com", ["groups"] = new[] { "ops-desk", "others" }, ["depots"] = "Longsight, Crofton", ["classes"] = new[] { "390" } };
        portal.Provider.IdToken = claims => portal.Provider.Sign(new(claims) { ["at_hash"] = Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes("an-access-token"))[..16]), ["exp"] = TimeProvider.System.GetUtcNow().AddSeconds(-60).ToUnixTimeSeconds() });

        var (browser, answer) = await portal.SignInAsync();
        var me = await (await browser.GetAsync("/api/me")).JsonAsync();

        Assert.Equal("/alerts", answer.Headers.Location?.OriginalString);
        Assert.Equal(($"{portal.Provider.Issuer}|anna", "Anna"), (me.GetProperty("id").GetString(), me.GetProperty("name").GetString()));
        Assert.Equal(["Operator"], me.GetProperty("roles").Deserialize<string[]>()!);
        Assert.Equal("""{"depots":["Crofton","Longsight"],"lines":null,"classes":["390"]}""", me.GetProperty("scope").GetRawText());
        Assert.Contains(portal.Host.Audit.Entries, entry => entry is { Act: "signIn", Who: "Anna", Outcome: "ok" });
    }

    [Fact]
    [Trait("Fault", "BAD-50")]
    [Trait("Fault", "SEC-17")]
    public async Task Two_people_with_one_e_mail_are_two_users()
    {
        await using var portal = await ScriptedPortal.StartAsync();
        var ids = new List<string>();
        foreach (var subject in new[] { "one", "two" })
        {
            portal.Provider.Claims = new() { ["sub"] = subject, ["email"] = "same@example.com", ["email_verified"] = subject == "one", ["name"] = "Same", ["roles"] = "Engineer" };
            ids.Add((await (await (await portal.SignInAsync()).Browser.GetAsync("/api/me")).JsonAsync()).GetProperty("id").GetString()!);
        }

        Assert.Equal([$"{portal.Provider.Issuer}|one", $"{portal.Provider.Issuer}|two"], ids);
    }

    [Theory]
    [InlineData("a role that is mapped to none", "norole")]
    [InlineData("no role at all", "norole")]
    public async Task Whoever_has_no_role_is_told_so_and_stays_outside(string who, string error)
    {
        await using var portal = await ScriptedPortal.StartAsync(("SignIn:Roles:Operator:0", "ops-desk"));
        portal.Provider.Claims = new() { ["sub"] = "x", ["name"] = "X", ["roles"] = who[0] == 'a' ? new[] { "Operator", "Administrator" } : null };

        var (browser, answer) = await portal.SignInAsync();

        Assert.StartsWith($"/sign-in?error={error}", answer.Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.Contains("no role in this portal", await browser.GetStringAsync(answer.Headers.Location), StringComparison.Ordinal);
        await (await browser.GetAsync("/api/me")).ProblemAsync(401);
    }

    [Fact]
    public async Task Whose_scope_nobody_has_said_sees_nothing_unless_the_configuration_says_all()
    {
        foreach (var (settings, scope) in new[] { (Array.Empty<(string, string)>(), """{"depots":[],"lines":null,"classes":null}"""), ([("SignIn:WithoutScope", "WholeFleet")], """{"depots":null,"lines":null,"classes":null}""") })
        {
            await using var portal = await ScriptedPortal.StartAsync(settings);
            portal.Provider.Claims = new() { ["sub"] = "x", ["name"] = "X", ["roles"] = "Executive" };
            var (browser, _) = await portal.SignInAsync();

            Assert.Equal(scope, (await (await browser.GetAsync("/api/me")).JsonAsync()).GetProperty("scope").GetRawText());
        }
    }

    [Fact]
    public async Task Userinfo_adds_what_the_token_lacks_and_must_be_about_the_same_person()
    {
        await using var portal = await ScriptedPortal.StartAsync();
        portal.Provider.Claims = new() { ["sub"] = "bob" };
        portal.Provider.UserInfo = new() { ["sub"] = "bob", ["name"] = "Bob", ["roles"] = new[] { "Supervisor" }, ["lines"] = new[] { "WCML" } };

        var me = await (await (await portal.SignInAsync()).Browser.GetAsync("/api/me")).JsonAsync();
        portal.Provider.UserInfo["sub"] = "somebody-else";
        var (_, other) = await portal.SignInAsync();

        Assert.Equal(("Bob", """["Supervisor"]""", """["WCML"]"""), (me.GetProperty("name").GetString(), me.GetProperty("roles").GetRawText(), me.GetProperty("scope").GetProperty("lines").GetRawText()));
        Assert.StartsWith("/sign-in?error=failed", other.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Too_many_groups_for_a_token_are_asked_for_or_refuse_the_sign_in()
    {
        foreach (var asks in new[] { true, false })
        {
            await using var portal = await ScriptedPortal.StartAsync(("OpenIdConnect:UserInfo", "Never"), ("SignIn:Roles:Engineer:0", "group-201"));
            await using var asking = asks ? await ScriptedPortal.StartAsync(("OpenIdConnect:UserInfo", "Never"), ("SignIn:Roles:Engineer:0", "group-201"), ("OpenIdConnect:GroupOverage", "Ask"), ("OpenIdConnect:GroupsEndpoint", $"{portal.Provider.Issuer}/groups")) : null;
            var tried = asking ?? portal;
            portal.Provider.Groups = ["group-1", "group-201"];
            tried.Provider.Claims = new() { ["sub"] = "m", ["name"] = "Member", ["_claim_names"] = new { groups = "src1" }, ["_claim_sources"] = new { src1 = new { endpoint = "https://evil.example/groups" } } };

            var (browser, answer) = await tried.SignInAsync();

            Assert.Equal(asks ? "/alerts" : "/sign-in?error=norole&returnUrl=%2F", answer.Headers.Location?.OriginalString);
            Assert.Equal(asks ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, (await browser.GetAsync("/api/me")).StatusCode);
        }
    }

    [Fact]
    [Trait("Fault", "FLT-24")]
    public async Task New_keys_are_read_once_and_then_hold()
    {
        await using var portal = await ScriptedPortal.StartAsync();
        var (first, _) = await portal.SignInAsync();
        portal.Provider.ChangeKey();
        var before = portal.Provider.Asked.Count(asked => asked.Path == "/jwks");

        var (second, answer) = await portal.SignInAsync();
        var (third, _) = await portal.SignInAsync();

        Assert.Equal("/alerts", answer.Headers.Location?.OriginalString);
        Assert.Equal(1, portal.Provider.Asked.Count(asked => asked.Path == "/jwks") - before);
        foreach (var browser in new[] { first, second, third })
        {
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/me")).StatusCode);
        }
    }

    [Fact]
    public async Task Made_up_keys_do_not_make_the_portal_read_the_providers_again_and_again()
    {
        await using var portal = await ScriptedPortal.StartAsync();
        await portal.SignInAsync();
        using var stranger = RSA.Create(2048);
        portal.Provider.IdToken = claims => ScriptedProvider.Make(new() { ["alg"] = "RS256", ["kid"] = $"made-up-{Guid.NewGuid()}" }, claims, text => stranger.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

        var watch = Stopwatch.StartNew();
        for (var i = 0; i < 10; i++)
        {
            await portal.SignInAsync();
        }

        // Every ten seconds at most: ten sign-ins take longer than that on a busy machine.
        Assert.InRange(portal.Provider.Asked.Count(asked => asked.Path == "/jwks"), 1, 2 + (int)(watch.Elapsed.TotalSeconds / 10));
    }

    [Fact]
    [Trait("Fault", "SEC-12")]
    public async Task Signing_in_again_gives_a_new_session_and_ends_the_old_one()
    {
        await using var portal = await ScriptedPortal.StartAsync();
        var (browser, first) = await portal.SignInAsync();
        var old = first.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("__Host-opsportal=", StringComparison.Ordinal)).Split(';')[0];

        var (_, second) = await portal.SignInAsync(browser: browser);

        Assert.DoesNotContain(second.Headers.GetValues("Set-Cookie"), cookie => cookie.StartsWith(old, StringComparison.Ordinal));
        var thief = portal.Host.Caller();
        thief.DefaultRequestHeaders.Add("Cookie", old);
        await (await thief.GetAsync("/api/me")).ProblemAsync(401);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/me")).StatusCode);
    }

    [Fact]
    public async Task Whoever_must_prove_anew_who_they_are_is_not_let_through_with_an_old_proof()
    {
        await using var portal = await ScriptedPortal.StartAsync();
        var (browser, sent) = await portal.BeginAsync(again: true);
        Assert.Equal(("0", "login"), (sent["max_age"], sent["prompt"]));
        portal.Provider.Claims["auth_time"] = TimeProvider.System.GetUtcNow().AddMinutes(-10).ToUnixTimeSeconds();
        var stale = await ScriptedPortal.ComeBackAsync(browser, sent["state"]);

        portal.Provider.Claims["auth_time"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var (_, fresh) = await portal.SignInAsync(again: true, browser: browser);

        Assert.StartsWith("/sign-in?error=failed", stale.Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.Equal("/alerts", fresh.Headers.Location?.OriginalString);
        var session = Assert.Single(await portal.Host.Services.GetRequiredService<ISessionStore>().FindAsync(null, 10, default));
        Assert.InRange(session.AuthenticatedAt, TimeProvider.System.GetUtcNow().AddMinutes(-1), TimeProvider.System.GetUtcNow());
    }

    [Fact]
    [Trait("Fault", "SEC-19")]
    [Trait("Fault", "SEC-38")]
    public async Task The_providers_tokens_stay_on_our_side_and_encrypted_and_the_secret_is_in_no_log()
    {
        var lines = new LinesLogged();
        await using var portal = await ScriptedPortal.StartAsync(
            services => services.AddSingleton<Microsoft.Extensions.Logging.ILoggerProvider>(lines), ("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:Microsoft.AspNetCore", "Trace"), ("Logging:Console:LogLevel:Default", "None"));
        string? token = null;
        portal.Provider.IdToken = claims => token = portal.Provider.Sign(claims);
        var (browser, sent) = await portal.BeginAsync();
        using var answer = await ScriptedPortal.ComeBackAsync(browser, sent["state"], "the-code-itself");
        var cookie = answer.Headers.GetValues("Set-Cookie").Single(set => set.StartsWith("__Host-opsportal=", StringComparison.Ordinal)).Split(';')[0].Split('=')[1];
        var session = Assert.Single(await portal.Host.Services.GetRequiredService<ISessionStore>().FindAsync(null, 10, default));

        Assert.DoesNotContain(token!, session.Provider!.Sealed, StringComparison.Ordinal);
        Assert.DoesNotContain("refresh-", session.Provider.Sealed, StringComparison.Ordinal);
        Assert.DoesNotContain(answer.Headers.GetValues("Set-Cookie"), set => set.Contains(token!, StringComparison.Ordinal));
        var secrets = new[] { token!, "the-code-itself", sent["state"], sent["nonce"], cookie, ScriptedProvider.Secret, "an-access-token" };
        Assert.NotEmpty(lines.All);
        var leaked = lines.All.Where(line => secrets.Any(secret => line.Contains(secret, StringComparison.Ordinal))).Distinct().ToList();
        Assert.True(leaked.Count == 0, string.Join('\n', leaked));
        Assert.DoesNotContain(portal.Host.Audit.Entries, entry => secrets.Any(secret => entry.ToString().Contains(secret, StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("file")]
    [InlineData("service")]
    [InlineData("none")]
    public async Task The_portals_secret_is_read_where_it_is_kept(string where)
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "a secret: of + a file\n");
        await using var portal = await ScriptedPortal.StartAsync(
            services => services.AddSingleton<ISecrets, OneSecret>(),
            ("OpenIdConnect:ClientSecret", ""), (where == "file" ? "OpenIdConnect:ClientSecretFile" : where == "service" ? "OpenIdConnect:ClientSecretId" : "OpenIdConnect:Name", where == "file" ? file : "portal#secret"));

        var (_, answer) = await portal.SignInAsync();

        var asked = portal.Provider.Asked.Single(asked => asked.Path == "/token").Form;
        var shown = where == "none" ? asked["client_id"] : Encoding.ASCII.GetString(Convert.FromBase64String(asked["authorization"]["Basic ".Length..]));
        Assert.Equal("/alerts", answer.Headers.Location?.OriginalString);
        Assert.Equal(where switch { "file" => "portal:a+secret%3A+of+%2B+a+file", "service" => "portal:of-portal%23secret", _ => "portal" }, shown);
        Assert.DoesNotContain("client_secret", asked.Keys);
        File.Delete(file);
    }

    private sealed class OneSecret : ISecrets
    {
        public ValueTask<string> GetAsync(string name, CancellationToken cancellationToken) => ValueTask.FromResult($"of-{name}");

        public void Forget(string name)
        {
        }
    }

    [Fact]
    [Trait("Fault", "FLT-23")]
    public async Task A_provider_that_is_down_lets_nobody_new_in_says_so_and_ends_nobodys_work()
    {
        await using var portal = await ScriptedPortal.StartAsync(("OpenIdConnect:AskEvery", "00:00:01"), ("OpenIdConnect:Timeout", "00:00:02"));
        var (browser, _) = await portal.SignInAsync();
        var (late, sent) = await portal.BeginAsync();
        portal.Provider.IsDown = true;

        var comesBack = await ScriptedPortal.ComeBackAsync(late, sent["state"]);
        Assert.StartsWith("/sign-in?error=provider", comesBack.Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.Contains("does not answer at the moment", await late.GetStringAsync(comesBack.Headers.Location), StringComparison.Ordinal);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/me")).StatusCode);
            await Task.Delay(1_100);
        }

        Assert.Contains(portal.Provider.Asked, asked => asked.Form.GetValueOrDefault("grant_type") == "refresh_token");
    }

    [Fact]
    [Trait("Fault", "FLT-23")]
    public async Task A_provider_that_is_down_at_the_start_is_said_on_the_sign_in_page_and_found_when_it_comes()
    {
        await using var provider = await ScriptedProvider.StartAsync();
        provider.IsDown = true;
        using var host = new PortalHost([.. ScriptedPortal.SettingsFor(provider.Issuer)]);
        var browser = host.Caller(cookies: true);
        await Eventually.IsTrueAsync("the page says that the provider is away", Patience, async () => (await browser.GetStringAsync("/sign-in")).Contains("does not answer at the moment", StringComparison.Ordinal));

        var away = await browser.GetAsync("/sign-in/start?returnUrl=/alerts");
        var start = await browser.GetAsync("/");
        provider.IsDown = false;

        Assert.Equal("/sign-in?error=provider&returnUrl=%2Falerts", away.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync(away.Headers.Location)).StatusCode);
        Assert.Equal("/sign-in?returnUrl=%2F", start.Headers.Location?.OriginalString);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/healthz/ready")).StatusCode);
        await Eventually.IsTrueAsync("the provider is found", Patience, async () => (await browser.GetAsync("/sign-in/start")).Headers.Location!.OriginalString.StartsWith(provider.Issuer, StringComparison.Ordinal));
    }

    [Theory]
    [Trait("Fault", "SEC-21")]
    [InlineData("/sign-in/persona")]
    [InlineData("/sign-in")]
    public async Task Personas_let_nobody_in_where_a_provider_does(string path)
    {
        await using var portal = await ScriptedPortal.StartAsync();

        var answer = await portal.Host.Caller().PostAsync(path, new StringContent("""{"persona":"administrator","name":"Jo"}""", Encoding.UTF8, "application/json"));

        Assert.True((int)answer.StatusCode is 404 or 400 or 415, answer.StatusCode.ToString());
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.DoesNotContain("persona", await portal.Host.Caller().GetStringAsync("/sign-in"), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    [Trait("Fault", "SEC-4")]
    [Trait("Fault", "SEC-20")]
    public async Task Behind_a_provider_browsers_come_by_https_only_to_the_portals_own_names_and_no_header_says_who_somebody_is()
    {
        await using var portal = await ScriptedPortal.StartAsync();
        var caller = portal.Host.Caller();
        using var foreign = new HttpRequestMessage(HttpMethod.Get, "/sign-in/start");
        foreign.Headers.Host = "evil.example";
        using var header = new HttpRequestMessage(HttpMethod.Get, "/api/me");
        foreach (var name in new[] { "X-Remote-User", "X-WEBAUTH-USER", "X-Forwarded-User", "X-MS-CLIENT-PRINCIPAL", "x-amzn-oidc-identity", "x-amzn-oidc-data" })
        {
            header.Headers.Add(name, "root");
        }

        Assert.Contains("max-age=31536000", string.Join(';', (await caller.GetAsync("/sign-in")).Headers.GetValues("Strict-Transport-Security")), StringComparison.Ordinal);
        await (await caller.SendAsync(header)).ProblemAsync(401);
        Assert.Equal(HttpStatusCode.BadRequest, (await caller.SendAsync(foreign)).StatusCode);
    }

    [Theory]
    [Trait("Fault", "BAD-45")]
    [Trait("Fault", "SEC-18")]
    [InlineData("https://evil.example")]
    [InlineData("//evil.example")]
    [InlineData("/\\evil.example")]
    [InlineData("/sign-out/provider?ticket=x")]
    [InlineData("/signed-out")]
    [InlineData("javascript:alert(1)")]
    public async Task After_signing_in_nobody_is_led_away(string returnUrl)
    {
        await using var portal = await ScriptedPortal.StartAsync();
        var (browser, sent) = await portal.BeginAsync(returnUrl);

        Assert.Equal("/", (await ScriptedPortal.ComeBackAsync(browser, sent["state"])).Headers.Location?.OriginalString);
        Assert.DoesNotContain("evil", await browser.GetStringAsync($"/sign-in?returnUrl={Uri.EscapeDataString(returnUrl)}"), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Fault", "SEC-31")]
    [InlineData("issuer", "https://evil.example")]
    [InlineData("issuer", null)]
    [InlineData("token_endpoint", "http://evil.example/token")]
    [InlineData("token_endpoint", null)]
    [InlineData("authorization_endpoint", "javascript:alert(1)")]
    [InlineData("authorization_endpoint", "https://user:pass@evil.example/")]
    [InlineData("userinfo_endpoint", "http://169.254.169.254/latest/meta-data")]
    [InlineData("end_session_endpoint", "http://evil.example/out")]
    [InlineData("jwks_uri", "http://169.254.169.254/latest/meta-data")]
    [InlineData("jwks_uri", "file:///etc/passwd")]
    [InlineData("jwks_uri", null)]
    public async Task A_description_that_does_not_fit_is_not_believed(string name, string? value)
    {
        await using var provider = await ScriptedProvider.StartAsync();
        provider.Description[name] = value;
        using var host = new PortalHost([.. ScriptedPortal.SettingsFor(provider.Issuer)]);
        var browser = host.Caller(cookies: true);

        var answer = await browser.GetAsync("/sign-in/start");

        Assert.Equal("/sign-in?error=provider&returnUrl=%2F", answer.Headers.Location?.OriginalString);
        Assert.DoesNotContain("evil", await browser.GetStringAsync(answer.Headers.Location), StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Fault", "SEC-17")]
    [InlineData(null, false)]
    [InlineData("own", true)]
    [InlineData("https://evil.example", false)]
    public async Task A_provider_that_says_its_answers_name_it_must_do_so(string? says, bool comesIn)
    {
        await using var provider = await ScriptedProvider.StartAsync();
        provider.Description["authorization_response_iss_parameter_supported"] = true;
        await using var portal = ScriptedPortal.On(provider);
        var (browser, sent) = await portal.BeginAsync();

        var answer = await ScriptedPortal.ComeBackAsync(browser, sent["state"], more: says is null ? "" : $"&iss={Uri.EscapeDataString(says == "own" ? provider.Issuer : says)}");

        Assert.Equal(comesIn ? "/alerts" : "/sign-in?error=failed&returnUrl=%2F", answer.Headers.Location?.OriginalString);
    }
}
