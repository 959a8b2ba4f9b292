using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.IdentityModel.Tokens;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit.Oidc;

namespace OpsPortal.Tests.SignIn;

/// <summary>BAD-50: what comes back from a provider, or from somebody who plays one, in every wrong form. One page, nothing reflected, nobody signed in.</summary>
[Trait("Fault", "BAD-50")]
[Trait("Fault", "SEC-17")]
public sealed class HostileProviderTests(HostileProviderTests.House house) : IClassFixture<HostileProviderTests.House>
{
    public sealed class House : IAsyncLifetime
    {
        internal ScriptedPortal Portal { get; private set; } = null!;

        public async Task InitializeAsync() => Portal = await ScriptedPortal.StartAsync();

        public async Task DisposeAsync() => await Portal.DisposeAsync();
    }

    private ScriptedPortal Portal => house.Portal;

    private ScriptedProvider Provider => house.Portal.Provider;

    private static readonly Dictionary<string, Func<ScriptedProvider, Dictionary<string, object?>, string>> Tokens = new()
    {
        ["wrong nonce"] = (provider, claims) => provider.Sign(With(claims, "nonce", "another")),
        ["no nonce"] = (provider, claims) => provider.Sign(With(claims, "nonce", null)),
        ["wrong audience"] = (provider, claims) => provider.Sign(With(claims, "aud", "another-portal")),
        ["no audience"] = (provider, claims) => provider.Sign(With(claims, "aud", null)),
        ["two audiences without azp"] = (provider, claims) => provider.Sign(With(claims, "aud", new[] { ScriptedProvider.Client, "another" })),
        ["another azp"] = (provider, claims) => provider.Sign(With(claims, "azp", "another")),
        ["wrong issuer"] = (provider, claims) => provider.Sign(With(claims, "iss", "https://evil.example")),
        ["issuer with a slash more"] = (provider, claims) => provider.Sign(With(claims, "iss", provider.Issuer + "/")),
        ["expired"] = (provider, claims) => provider.Sign(With(claims, "exp", Now(-121))),
        ["never expires"] = (provider, claims) => provider.Sign(With(claims, "exp", null)),
        ["not yet"] = (provider, claims) => provider.Sign(With(claims, "nbf", Now(150))),
        ["made in the future"] = (provider, claims) => provider.Sign(With(claims, "iat", Now(150))),
        ["no subject"] = (provider, claims) => provider.Sign(With(claims, "sub", null)),
        ["empty subject"] = (provider, claims) => provider.Sign(With(claims, "sub", "")),
        ["subject that is a list"] = (provider, claims) => provider.Sign(With(claims, "sub", new[] { "anna" })),
        ["wrong at_hash"] = (provider, claims) => provider.Sign(With(claims, "at_hash", "AAAAAAAAAAAAAAAAAAAAAA")),
        ["alg none"] = (_, claims) => ScriptedProvider.Make(new() { ["alg"] = "none", ["typ"] = "JWT" }, claims, _ => []),
        ["alg None"] = (_, claims) => ScriptedProvider.Make(new() { ["alg"] = "None" }, claims, _ => []),
        ["no alg"] = (provider, claims) => ScriptedProvider.Make(new() { ["kid"] = provider.KeyId }, claims, _ => []),
        ["signature cut off"] = (provider, claims) => provider.Sign(claims)[..^8],
        ["signature taken away"] = (provider, claims) => string.Concat(provider.Sign(claims).Split('.')[..2].Select(part => part + ".")),
        ["claims changed after signing"] = (provider, claims) => Changed(provider.Sign(claims), With(claims, "sub", "root")),
        ["HS256 with the public key"] = (provider, claims) => Symmetric(provider, claims, Encoding.ASCII.GetBytes(provider.Key.ExportSubjectPublicKeyInfoPem())),
        ["HS256 with the public modulus"] = (provider, claims) => Symmetric(provider, claims, provider.Key.ExportParameters(false).Modulus!),
        ["HS256 with the client's secret"] = (provider, claims) => Symmetric(provider, claims, Encoding.ASCII.GetBytes(ScriptedProvider.Secret)),
        ["a stranger's key under the right name"] = (provider, claims) => Strange(new() { ["alg"] = "RS256", ["kid"] = provider.KeyId }, claims),
        ["a stranger's key inside the head"] = (_, claims) => Strange(new() { ["alg"] = "RS256", ["jwk"] = new { kty = "RSA", e = "AQAB", n = "AQAB" } }, claims),
        ["a stranger's key by address"] = (_, claims) => Strange(new() { ["alg"] = "RS256", ["jku"] = "https://evil.example/keys", ["x5u"] = "https://evil.example/x" }, claims),
        ["key name that is a path"] = (_, claims) => Strange(new() { ["alg"] = "RS256", ["kid"] = "../../../../dev/null" }, claims),
        ["a megabyte"] = (provider, claims) => provider.Sign(With(claims, "stuff", new string('x', 1 << 20))),
        ["no token"] = (_, _) => "<script>alert(1)</script>",
        ["claims that are no object"] = (provider, _) => Changed(provider.Sign([]), null),
        ["email in place of a subject"] = (provider, claims) => provider.Sign(With(With(claims, "sub", null), "email", "admin@example.com")),
    };

    public static TheoryData<string> Wrong() => [.. Tokens.Keys];

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task A_token_that_does_not_fit_signs_nobody_in(string what)
    {
        Provider.IdToken = claims => Tokens[what](Provider, claims);
        var before = Portal.Host.Audit.Entries.Count;

        var (browser, answer) = await Portal.SignInAsync();

        await RefusedAsync(browser, answer, before);
    }

    [Theory]
    [InlineData("state missing", "?code=a-code")]
    [InlineData("state made up", "?code=a-code&state=made-up")]
    [InlineData("state twice", "?code=a-code&state={state}&state={state}")]
    [InlineData("code missing", "?state={state}")]
    [InlineData("code twice", "?code=a&code=b&state={state}")]
    [InlineData("code used before", "?code=used&state={state}")]
    [InlineData("another provider's answer", "?code=a-code&state={state}&iss=https%3A%2F%2Fevil.example")]
    [InlineData("an error with a script in it", "?error=%3Cscript%3Ealert(1)%3C%2Fscript%3E&error_description=%3Cimg%20src%3Dx%3E&state={state}")]
    [InlineData("an error without state", "?error=server_error&error_description=evil-words")]
    [InlineData("nothing at all", "")]
    [InlineData("a code of 9 KB", "?code={long}&state={state}")]
    public async Task An_answer_that_does_not_fit_signs_nobody_in(string what, string query)
    {
        Provider.IdToken = claims => Provider.Sign(claims);
        var (browser, sent) = await Portal.BeginAsync();
        var before = Portal.Host.Audit.Entries.Count;

        var answer = await browser.GetAsync("/sign-in/callback" + query.Replace("{state}", Uri.EscapeDataString(sent["state"]), StringComparison.Ordinal).Replace("{long}", new string('c', 9_000), StringComparison.Ordinal));

        Assert.NotEmpty(what);
        await RefusedAsync(browser, answer, before);
    }

    [Fact]
    [Trait("Fault", "FLT-24")]
    public async Task An_answer_in_another_browser_than_the_one_that_began_signs_nobody_in()
    {
        Provider.IdToken = claims => Provider.Sign(claims);
        var (_, sent) = await Portal.BeginAsync();
        var before = Portal.Host.Audit.Entries.Count;

        // The other browser has the state, but not the cookie that goes with it.
        var other = Portal.Host.Caller(cookies: true);
        await RefusedAsync(other, await ScriptedPortal.ComeBackAsync(other, sent["state"]), before);
    }

    [Fact]
    public async Task An_answer_is_good_once()
    {
        Provider.IdToken = claims => Provider.Sign(claims);
        var (browser, sent) = await Portal.BeginAsync();
        Assert.Equal("/alerts", (await ScriptedPortal.ComeBackAsync(browser, sent["state"])).Headers.Location?.OriginalString);

        var again = await ScriptedPortal.ComeBackAsync(browser, sent["state"]);

        Assert.StartsWith("/sign-in?error=failed", again.Headers.Location?.OriginalString, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("HEAD")]
    public async Task The_answer_comes_by_get_only(string method)
    {
        var (browser, sent) = await Portal.BeginAsync();
        var answer = await browser.SendAsync(new HttpRequestMessage(new HttpMethod(method), $"/sign-in/callback?code=a-code&state={Uri.EscapeDataString(sent["state"])}"));

        Assert.DoesNotContain(answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [], cookie => cookie.StartsWith("__Host-opsportal=", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Code_flow_with_pkce_state_and_nonce_is_what_is_asked_for()
    {
        var (_, sent) = await Portal.BeginAsync();

        Assert.Equal(("code", "S256", ScriptedProvider.Client, "https://localhost/sign-in/callback"), (sent["response_type"], sent["code_challenge_method"], sent["client_id"], sent["redirect_uri"]));
        Assert.Contains("openid", sent["scope"].Split(' '));
        Assert.True(sent["nonce"].Length >= 43 && sent["state"].Length > 43 && sent["code_challenge"].Length == 43);
        // Asks when the person proved who they are, and not that they do so now.
        Assert.DoesNotContain("prompt", sent.Keys);
        Assert.True(TimeSpan.FromSeconds(long.Parse(sent["max_age"], System.Globalization.CultureInfo.InvariantCulture)) > TimeSpan.FromDays(365));
    }

    private async Task RefusedAsync(HttpClient browser, HttpResponseMessage answer, int before)
    {
        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Matches("^/sign-in\\?error=(failed|denied)&returnUrl=%2F(alerts)?$", answer.Headers.Location!.OriginalString);
        Assert.DoesNotContain(answer.Headers.TryGetValues("Set-Cookie", out var cookies) ? cookies : [], cookie => cookie.StartsWith("__Host-opsportal=", StringComparison.Ordinal));
        var page = await browser.GetAsync(answer.Headers.Location);
        var text = await page.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.OK, page.StatusCode);
        Assert.Matches("[Ss]tart again", text);
        Assert.DoesNotContain("alert(1)", text, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        await (await browser.GetAsync("/api/me")).ProblemAsync(401);
        Assert.Contains(Portal.Host.Audit.Entries.Skip(before), entry => entry is { Act: "refuse", On: "GET /sign-in/callback" });
    }

    private static Dictionary<string, object?> With(Dictionary<string, object?> claims, string name, object? value)
    {
        var changed = new Dictionary<string, object?>(claims) { [name] = value };
        if (value is null)
        {
            changed.Remove(name);
        }

        return changed;
    }

    private static long Now(int seconds) => TimeProvider.System.GetUtcNow().AddSeconds(seconds).ToUnixTimeSeconds();

    private static string Changed(string token, Dictionary<string, object?>? claims)
    {
        var parts = token.Split('.');
        return $"{parts[0]}.{Base64UrlEncoder.Encode(claims is null ? "[]" : System.Text.Json.JsonSerializer.Serialize(claims))}.{parts[2]}";
    }

    private static string Symmetric(ScriptedProvider provider, Dictionary<string, object?> claims, byte[] secret) =>
        ScriptedProvider.Make(new() { ["alg"] = "HS256", ["kid"] = provider.KeyId, ["typ"] = "JWT" }, claims, text => HMACSHA256.HashData(secret, text));

    private static string Strange(Dictionary<string, object?> head, Dictionary<string, object?> claims)
    {
        using var stranger = RSA.Create(2048);
        return ScriptedProvider.Make(head, claims, text => stranger.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
    }
}
