using System.Net;
using System.Net.Http.Json;

namespace OpsPortal.Tests.Host;

public sealed class DoorTests(DoorTests.Portal portal) : IClassFixture<DoorTests.Portal>
{
    public sealed class Portal : IDisposable
    {
        public PortalHost Host { get; } = new(("Door:AllowedOrigins:0", "https://wall.example"));

        public void Dispose() => Host.Dispose();
    }

    public static TheoryData<string, string?, int> Origins()
    {
        var cases = new TheoryData<string, string?, int>();
        foreach (var path in new[] { "/hubs/feed/negotiate?negotiateVersion=1", "/HUBS/feed/negotiate?negotiateVersion=1", "/hubs/feed?id=x", "/_blazor/negotiate?negotiateVersion=1", "/_blazor?id=x" })
        {
            foreach (var origin in new[] { "https://evil.example", "null", "https://localhost:5099", "http://localhost", "https://localhost.evil.example", "https://evil-localhost", "https://localhost/", "file://" })
            {
                cases.Add(path, origin, 403);
            }
        }

        cases.Add("/hubs/feed/negotiate?negotiateVersion=1", "https://localhost", 200);
        cases.Add("/hubs/feed/negotiate?negotiateVersion=1", "https://wall.example", 200);
        cases.Add("/hubs/feed/negotiate?negotiateVersion=1", null, 200);
        return cases;
    }

    [Theory]
    [Trait("Fault", "SEC-1")]
    [Trait("Fault", "SEC-2")]
    [MemberData(nameof(Origins))]
    public async Task Hubs_and_circuits_open_for_the_own_origin_only(string path, string? origin, int status)
    {
        var caller = await portal.Host.SignedInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        if (origin is not null)
        {
            Assert.True(request.Headers.TryAddWithoutValidation("Origin", origin));
        }

        Assert.Equal(status, (int)(await caller.SendAsync(request)).StatusCode);
    }

    [Theory]
    [Trait("Fault", "SEC-25")]
    [InlineData(null, 403)]
    [InlineData("", 403)]
    [InlineData("made-up", 403)]
    [InlineData("right", 400)]
    public async Task A_call_that_stands_on_the_cookie_needs_the_sessions_antiforgery_token(string? token, int status)
    {
        var caller = portal.Host.Caller(cookies: true);
        await caller.PostAsJsonAsync("/sign-in/persona", new { persona = "operator", name = "Jo" });
        var csrf = (await (await caller.GetAsync("/api/me")).JsonAsync()).GetProperty("csrf").GetString();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/alerts/acknowledge") { Content = JsonContent.Create(new { ids = Array.Empty<string>(), note = "x" }) };
        if (token is not null)
        {
            request.Headers.TryAddWithoutValidation("X-CSRF", token == "right" ? csrf : token);
        }

        await (await caller.SendAsync(request)).ProblemAsync(status);
    }

    [Fact]
    [Trait("Fault", "SEC-25")]
    public async Task Another_sessions_antiforgery_token_does_not_help()
    {
        var other = (await (await (await portal.Host.SignedInAsync(name: "Other")).GetAsync("/api/me")).JsonAsync()).GetProperty("csrf").GetString();
        var caller = portal.Host.Caller(cookies: true);
        await caller.PostAsJsonAsync("/sign-in/persona", new { persona = "operator", name = "Jo" });
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/alerts/x/acknowledge") { Content = JsonContent.Create(new { note = "x" }) };
        request.Headers.Add("X-CSRF", other);

        await (await caller.SendAsync(request)).ProblemAsync(403);
    }

    [Theory]
    [Trait("Fault", "SEC-2")]
    [Trait("Fault", "SEC-25")]
    [InlineData("/api/alerts/acknowledge")]
    [InlineData("/sign-in/persona")]
    [InlineData("/sign-out")]
    public async Task Nothing_is_changed_from_another_sites_page(string path)
    {
        var caller = await portal.Host.SignedInAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new { persona = "operator", name = "Jo" }) };
        request.Headers.Add("Sec-Fetch-Site", "cross-site");

        await (await caller.SendAsync(request)).ProblemAsync(403);
    }

    [Fact]
    [Trait("Fault", "SEC-25")]
    public async Task Signing_out_by_cookie_alone_is_refused()
    {
        var caller = portal.Host.Caller(cookies: true);
        await caller.PostAsJsonAsync("/sign-in/persona", new { persona = "operator", name = "Jo" });

        await (await caller.PostAsync("/sign-out", null)).ProblemAsync(403);

        Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync("/api/me")).StatusCode);
    }

    [Fact]
    public async Task A_sign_in_form_without_its_antiforgery_field_is_refused()
    {
        using var form = new FormUrlEncodedContent([new("persona", "operator"), new("name", "Jo"), new("returnUrl", "/")]);

        var answer = await portal.Host.Caller().PostAsync("/sign-in", form);

        await answer.ProblemAsync(400);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [Trait("Fault", "SEC-7")]
    [Trait("Fault", "SEC-8")]
    [Trait("Fault", "SEC-9")]
    [Trait("Fault", "SEC-43")]
    [InlineData("/api/me")]
    [InlineData("/healthz/live")]
    [InlineData("/api/nothing")]
    [InlineData("/")]
    public async Task Every_answer_carries_the_security_headers(string path)
    {
        var answer = await (await portal.Host.SignedInAsync()).GetAsync(path);

        string Header(string name) => string.Join(", ", answer.Headers.GetValues(name));
        var policy = Header("Content-Security-Policy");
        Assert.Contains("default-src 'self'", policy, StringComparison.Ordinal);
        Assert.Contains("frame-ancestors 'none'", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", Header("X-Content-Type-Options"));
        Assert.Equal("same-origin", Header("Cross-Origin-Opener-Policy"));
        Assert.Contains("geolocation=()", Header("Permissions-Policy"), StringComparison.Ordinal);
        Assert.NotEmpty(Header("Referrer-Policy"));
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task Refusals_are_audited_with_who_where_and_why()
    {
        var caller = await portal.Host.SignedInAsync(name: "Curious");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/hubs/feed/negotiate");
        request.Headers.Add("Origin", "https://evil.example");
        await caller.SendAsync(request);

        await (await caller.PostAsJsonAsync("/api/alerts/x/acknowledge", new { note = "x" })).ProblemAsync(404);

        Assert.Contains(portal.Host.Audit.Entries, entry => entry is { Act: "refuse", On: "POST /hubs/feed/negotiate", Outcome: "refused" });
    }
}
