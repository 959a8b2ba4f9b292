using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpsPortal.Core.Access;
using OpsPortal.Door;

using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Door;

/// <summary>Headers, limits, reports and who owns a connection.</summary>
public sealed class HardeningTests(HardeningTests.Portal portal) : IClassFixture<HardeningTests.Portal>
{
    public sealed class Portal : IDisposable
    {
        public PortalHost Host { get; } = new();

        public void Dispose() => Host.Dispose();
    }

    private static User Somebody(string id) => new(id, id, new HashSet<Role> { Role.Operator }, Core.Access.Scope.WholeFleet);

    [Theory]
    [Trait("Fault", "SEC-7")]
    [Trait("Fault", "SEC-8")]
    [InlineData("GET", "/sign-in", 200)]
    [InlineData("GET", "/favicon.svg", 200)]
    [InlineData("GET", "/js/none.js", 401)]
    [InlineData("GET", "/api/me", 401)]
    [InlineData("GET", "/", 302)]
    [InlineData("POST", "/sign-in/persona", 400)]
    [InlineData("DELETE", "/api/me", 401)]
    [InlineData("GET", "/healthz/live", 200)]
    public async Task Every_answer_says_what_the_portal_never_does(string method, string path, int status)
    {
        var answer = await portal.Host.Caller().SendAsync(new HttpRequestMessage(new HttpMethod(method), path));

        Assert.Equal(status, path.EndsWith("none.js", StringComparison.Ordinal) && answer.StatusCode == HttpStatusCode.Redirect ? 401 : (int)answer.StatusCode);
        string Header(string name) => Assert.Single(answer.Headers.GetValues(name));
        var policy = Header("Content-Security-Policy");
        Assert.All(new[] { "default-src 'self'", "script-src 'self'", "object-src 'none'", "base-uri 'self'", "frame-ancestors 'none'", "form-action 'self'", "report-uri /csp-reports" }, part => Assert.Contains(part, policy, StringComparison.Ordinal));
        Assert.DoesNotContain("unsafe", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("http:", policy, StringComparison.Ordinal);
        Assert.Equal(("nosniff", "same-origin", "same-origin", "DENY"), (Header("X-Content-Type-Options"), Header("Cross-Origin-Opener-Policy"), Header("Cross-Origin-Resource-Policy"), Header("X-Frame-Options")));
        Assert.False(answer.Headers.Contains("Server"));
        Assert.False(answer.Headers.Contains("X-Powered-By"));
    }

    [Theory]
    [Trait("Fault", "SEC-2")]
    [Trait("Fault", "SEC-25")]
    [InlineData("cross-site")]
    [InlineData("same-site")]
    [InlineData("Cross-Site")]
    public async Task Acts_are_taken_from_our_own_pages_only(string site)
    {
        var caller = await portal.Host.SignedInAsync(Somebody("acts"));
        foreach (var path in new[] { "/api/alerts/acknowledge", "/sign-out", "/tokens", "/hubs/feed/negotiate?negotiateVersion=1" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = JsonContent.Create(new { }) };
            request.Headers.Add("Sec-Fetch-Site", site);
            Assert.Equal(HttpStatusCode.Forbidden, (await caller.SendAsync(request)).StatusCode);
        }
    }

    [Fact]
    [Trait("Fault", "SEC-3")]
    public async Task A_negotiated_connection_is_good_for_its_own_user_only()
    {
        var (one, other) = (await portal.Host.SignedInAsync(Somebody("one")), await portal.Host.SignedInAsync(Somebody("other")));
        var token = (await (await one.PostAsync("/hubs/feed/negotiate?negotiateVersion=1", null)).JsonAsync()).GetProperty("connectionToken").GetString();

        await (await other.GetAsync($"/hubs/feed?id={token}")).ProblemAsync(403);
        using var send = new StringContent("{}\u001e");
        await (await other.PostAsync($"/hubs/feed?id={token}", send)).ProblemAsync(403);
        await (await other.DeleteAsync($"/hubs/feed?id={token}")).ProblemAsync(403);

        Assert.Equal(HttpStatusCode.OK, (await one.GetAsync($"/hubs/feed?id={token}", HttpCompletionOption.ResponseHeadersRead)).StatusCode);
        Assert.Contains(portal.Host.Audit.Entries, entry => entry is { Act: "refuse", Who: "other", On: "GET /hubs/feed" });
    }

    [Fact]
    [Trait("Fault", "SEC-35")]
    public async Task Who_asks_too_often_is_told_when_to_go_on_and_the_others_notice_nothing()
    {
        using var host = new PortalHost(("Limits:ApiPerMinute", "5"), ("Limits:SignInsPerMinute", "3"), ("Limits:ReportsPerMinute", "2"), ("Limits:ConnectionsPerMinute", "2"));
        var (busy, calm) = (await host.SignedInAsync(Somebody("busy")), await host.SignedInAsync(Somebody("calm")));
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await busy.GetAsync("/api/me")).StatusCode);
        }

        var refused = await busy.GetAsync("/api/me");
        await refused.ProblemAsync(429);
        Assert.True(refused.Headers.RetryAfter!.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await calm.GetAsync("/api/me")).StatusCode);
        Assert.Contains(HttpStatusCode.TooManyRequests, await ManyAsync(4, () => host.Caller().PostAsJsonAsync("/sign-in/persona", new { persona = "x" })));
        Assert.Contains(HttpStatusCode.TooManyRequests, await ManyAsync(3, () => host.Caller().PostAsJsonAsync("/csp-reports", new { })));
        Assert.Contains(HttpStatusCode.TooManyRequests, await ManyAsync(3, () => calm.PostAsync("/hubs/feed/negotiate?negotiateVersion=1", null)));
    }

    [Fact]
    [Trait("Fault", "SEC-16")]
    [Trait("Fault", "SEC-35")]
    public async Task Nobody_holds_more_live_connections_than_allowed_and_closing_one_frees_its_place()
    {
        using var host = new PortalHost(("Limits:ConnectionsPerUser", "2"));
        var (session, other) = (await host.SessionOfAsync(Somebody("many")), await host.SessionOfAsync(Somebody("few")));
        using var first = await host.OpenSocketAsync("/hubs/feed", session);
        var second = await host.OpenSocketAsync("/hubs/feed", session);

        await Assert.ThrowsAnyAsync<Exception>(() => host.OpenSocketAsync("/hubs/feed", session));
        using var others = await host.OpenSocketAsync("/hubs/feed", other);
        second.Abort();
        second.Dispose();

        await Eventually.IsTrueAsync("the place is free", TimeSpan.FromSeconds(30), async () =>
        {
            try
            {
                using var third = await host.OpenSocketAsync("/hubs/feed", session);
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        });
    }

    [Theory]
    [Trait("Fault", "BAD-16")]
    [InlineData("""{"csp-report":{"effective-directive":"script-src","blocked-uri":"https://evil.example/x.js?token=secret","document-uri":"https://localhost/alerts?q=secret"}}""", "https://evil.example/x.js")]
    [InlineData("""[{"type":"csp-violation","body":{"effectiveDirective":"img-src","blockedURL":"inline\r\nfail: forged","documentURL":"https://localhost/"}}]""", "inline__fail:_forged")]
    [InlineData("""[{"body":{"effectiveDirective":"\u001b[31mred"}}]""", "__31mred")]
    public async Task A_report_of_a_broken_policy_is_one_short_plain_line_in_the_log(string report, string words)
    {
        var lines = new LinesLogged();
        using var host = new PortalHost(services => services.AddSingleton<ILoggerProvider>(lines));

        var answer = await host.Caller().PostAsync("/csp-reports", new StringContent(report, Encoding.UTF8, MediaTypeHeaderValue.Parse("application/csp-report")));

        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        var line = Assert.Single(lines.All, line => line.Contains("A browser reports", StringComparison.Ordinal));
        Assert.Contains(words.Replace("__31mred", "_[31mred", StringComparison.Ordinal), line, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", line, StringComparison.Ordinal);
        Assert.DoesNotContain(line, char.IsControl);
    }

    [Theory]
    [Trait("Fault", "BAD-3")]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("nonsense")]
    public async Task A_report_that_is_none_is_a_plain_400(string body) =>
        Assert.Equal(HttpStatusCode.BadRequest, (await portal.Host.Caller().PostAsync("/csp-reports", new StringContent(body))).StatusCode);

    [Theory]
    [Trait("Fault", "BAD-3")]
    [Trait("Fault", "BAD-4")]
    [InlineData("deep")]
    [InlineData("twice")]
    [InlineData("utf16")]
    public async Task A_body_that_is_deep_doubled_or_not_utf8_is_a_plain_400(string kind)
    {
        var body = kind switch
        {
            "deep" => Encoding.UTF8.GetBytes($"{{\"note\":{new string('[', 1_000)}{new string(']', 1_000)}}}"),
            "twice" => Encoding.UTF8.GetBytes("{\"note\":\"a\",\"note\":\"b\"}"),
            _ => [0xFF, 0xFE, (byte)'{', 0, 0xD8, 0],
        };
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new("application/json") } };

        Assert.NotEmpty(await (await (await portal.Host.SignedInAsync(Somebody("deep"))).PostAsync("/api/alerts/x/acknowledge", content)).ProblemAsync(400));
    }

    [Theory]
    [Trait("Fault", "BAD-51")]
    [InlineData("Door", "Proxies:0", "everybody", "Door:Proxies:0")]
    [InlineData("Door", "Proxies:0", "10.0.0.0/99", "Door:Proxies:0")]
    [InlineData("Door", "Hosts:0", "https://ops.example", "Door:Hosts:0")]
    [InlineData("Door", "AllowedOrigins:0", "*", "Door:AllowedOrigins:0")]
    [InlineData("Door", "AllowedOrigins:0", "https://wall.example/path", "Door:AllowedOrigins:0")]
    public void A_door_that_cannot_be_is_named_with_its_key(string section, string key, string value, string named)
    {
        var options = new ConfigurationBuilder().AddInMemoryCollection([new($"{section}:{key}", value)]).Build().GetSection(section).Get<DoorOptions>()!;

        Assert.Contains(named, new DoorOptionsCheck().Validate(null, options).FailureMessage, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Fault", "SEC-30")]
    [InlineData("/js/../appsettings.json")]
    [InlineData("/js/%2e%2e/appsettings.json")]
    [InlineData("/js/..%2f..%2fappsettings.json")]
    [InlineData("/js/..%5c..%5cappsettings.json")]
    [InlineData("/appsettings.json")]
    [InlineData("/data/keys/key.xml")]
    [InlineData("/map/....//....//etc/passwd")]
    [InlineData("/_framework/../../etc/passwd")]
    public async Task No_path_leads_out_of_the_web_root(string path)
    {
        var answer = await (await portal.Host.SignedInAsync(Somebody("digger"))).GetAsync(path);

        Assert.Contains((int)answer.StatusCode, new[] { 400, 404 });
        Assert.DoesNotContain("ReloadStaticAssetsAtRuntime", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "SEC-37")]
    public void What_fails_says_no_details_to_browsers()
    {
        var circuits = portal.Host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<Microsoft.AspNetCore.Components.Server.CircuitOptions>>().Value;
        var hub = portal.Host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<Microsoft.AspNetCore.SignalR.HubOptions>>().Value;

        Assert.False(circuits.DetailedErrors);
        Assert.False(hub.EnableDetailedErrors);
        Assert.Equal((100, TimeSpan.FromMinutes(3), 10, 10), (circuits.DisconnectedCircuitMaxRetained, circuits.DisconnectedCircuitRetentionPeriod, circuits.PersistedCircuitInMemoryMaxRetained, circuits.MaxBufferedUnacknowledgedRenderBatches));
        Assert.Equal((32_768L, 1, TimeSpan.FromSeconds(15)), (hub.MaximumReceiveMessageSize, hub.MaximumParallelInvocationsPerClient, hub.HandshakeTimeout));
    }

    private static async Task<List<HttpStatusCode>> ManyAsync(int count, Func<Task<HttpResponseMessage>> ask)
    {
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < count; i++)
        {
            answers.Add((await ask()).StatusCode);
        }

        return answers;
    }
}
