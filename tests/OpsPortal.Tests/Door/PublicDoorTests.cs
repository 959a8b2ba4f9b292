using OpsPortal.Core.Access;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit.Oidc;

namespace OpsPortal.Tests.Door;

/// <summary>The door as it stands on the internet: behind an identity provider, under a name, with a proxy in front of it or without.</summary>
public sealed class PublicDoorTests(PublicDoorTests.House house) : IClassFixture<PublicDoorTests.House>
{
    private const string Name = "ops.example";
    private const string Upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    public sealed class House : IAsyncLifetime
    {
        private ScriptedProvider _provider = null!;

        /// <summary>Believes a proxy on this machine.</summary>
        public PortalHost Behind { get; private set; } = null!;

        /// <summary>Believes a proxy that is elsewhere: nobody who comes here.</summary>
        public PortalHost Bare { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            _provider = await ScriptedProvider.StartAsync();
            Behind = Start(("Door:Proxies:0", "127.0.0.1"));
            Bare = Start(("Door:Proxies:0", "10.0.0.5"));
        }

        public async Task DisposeAsync()
        {
            Behind.Dispose();
            Bare.Dispose();
            await _provider.DisposeAsync();
        }

        private PortalHost Start((string Key, string Value) proxy) =>
            PortalHost.OnKestrel([.. ScriptedPortal.SettingsFor(_provider.Issuer).Where(setting => !setting.Key.StartsWith("Door:Hosts", StringComparison.Ordinal)), ("Door:Hosts:0", Name), proxy]);
    }

    [Theory]
    [Trait("Fault", "SEC-4")]
    [InlineData("/sign-in")]
    [InlineData("/api/me")]
    [InlineData("/favicon.svg")]
    [InlineData("/nothing")]
    [InlineData("/healthz/live")]
    public async Task Over_https_every_answer_tells_browsers_to_come_by_https_only_for_a_year(string path)
    {
        var answer = await AskAsync(house.Behind, path, "X-Forwarded-Proto: https\r\nX-Forwarded-For: 203.0.113.9\r\n");

        Assert.Contains("Strict-Transport-Security: max-age=31536000; includeSubDomains\r\n", answer, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Fault", "SEC-4")]
    [InlineData(true, "")]
    [InlineData(true, "X-Forwarded-Proto: http\r\nX-Forwarded-For: 203.0.113.9\r\n")]
    [InlineData(false, "X-Forwarded-Proto: https\r\nX-Forwarded-For: 203.0.113.9\r\n")]
    public async Task In_the_clear_nothing_is_said_that_anybody_on_the_way_could_have_said(bool behind, string headers) =>
        Assert.DoesNotContain("Strict-Transport-Security", await AskAsync(behind ? house.Behind : house.Bare, "/sign-in", headers), StringComparison.Ordinal);

    [Theory]
    [Trait("Fault", "SEC-4")]
    [InlineData("/hubs/feed")]
    [InlineData("/_blazor")]
    public async Task A_live_connection_in_the_clear_from_elsewhere_is_refused_and_one_over_tls_is_not(string path)
    {
        var session = await SessionAsync(house.Behind);
        var clear = await AskAsync(house.Behind, path, $"{Upgrade}Authorization: Bearer {session}\r\nX-Forwarded-Proto: http\r\nX-Forwarded-For: 203.0.113.9\r\n");
        var secure = await AskAsync(house.Behind, path, $"{Upgrade}Authorization: Bearer {session}\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 203.0.113.9\r\n");

        Assert.StartsWith("HTTP/1.1 403", clear, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 101", secure, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Fault", "BAD-46")]
    [InlineData("Host: ops.example\r\n", 200)]
    [InlineData("Host: OPS.example:8443\r\n", 200)]
    [InlineData("Host: localhost\r\n", 400)]
    [InlineData("Host: 127.0.0.1\r\n", 400)]
    [InlineData("Host: ops.example.evil.example\r\n", 400)]
    [InlineData("Host: evil-ops.example\r\n", 400)]
    [InlineData("Host: evil.example\r\nX-Forwarded-Host: ops.example\r\n", 400)]
    [InlineData("Host: ops.example\r\nHost: evil.example\r\n", 400)]
    [InlineData("Host: ops.example@evil.example\r\n", 400)]
    public async Task It_answers_to_its_names_and_to_no_other(string headers, int status) =>
        Assert.Equal(status, await RawWire.StatusAsync(house.Behind.Address, $"GET /sign-in HTTP/1.1\r\n{headers}\r\n"));

    [Fact]
    [Trait("Fault", "BAD-46")]
    public async Task Probes_are_answered_by_any_name_and_say_nothing_else() =>
        Assert.Equal(200, await RawWire.StatusAsync(house.Behind.Address, "GET /healthz/live HTTP/1.1\r\nHost: 10.1.2.3:8080\r\n\r\n"));

    [Theory]
    [Trait("Fault", "BAD-46")]
    [InlineData(true, "https://ops.example/sign-in/callback")]
    [InlineData(false, "http://ops.example/sign-in/callback")]
    public async Task Only_a_named_proxy_is_believed_about_the_scheme(bool behind, string callback)
    {
        var answer = await AskAsync(behind ? house.Behind : house.Bare, "/sign-in/start", "X-Forwarded-Proto: https\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Prefix: /evil\r\nX-Forwarded-For: 203.0.113.9\r\n");

        Assert.Contains($"redirect_uri={Uri.EscapeDataString(callback)}", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", answer, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Fault", "BAD-46")]
    // The last that is no named proxy: everything before it is the caller's own word.
    [InlineData(true, "203.0.113.9", "203.0.113.9")]
    [InlineData(true, "198.51.100.1, 203.0.113.9", "203.0.113.9")]
    [InlineData(true, "198.51.100.1, 203.0.113.9, 127.0.0.1", "203.0.113.9")]
    [InlineData(true, "nonsense", "127.0.0.1")]
    [InlineData(false, "203.0.113.9", "127.0.0.1")]
    public async Task The_audit_holds_the_address_that_the_named_proxy_saw(bool behind, string forwarded, string from)
    {
        var host = behind ? house.Behind : house.Bare;
        var path = $"/hubs/feed/{Guid.NewGuid():N}";

        await AskAsync(host, path, $"Origin: https://evil.example\r\nX-Forwarded-For: {forwarded}\r\n");

        Assert.Equal(from, host.Audit.Entries.Single(entry => entry.On == $"GET {path}").From);
    }

    [Fact]
    [Trait("Fault", "SEC-11")]
    public async Task The_cookies_that_begin_a_sign_in_are_bound_to_the_host_too()
    {
        var answer = await AskAsync(house.Behind, "/sign-in/start", "X-Forwarded-Proto: https\r\nX-Forwarded-For: 203.0.113.9\r\n");

        var cookies = answer.Split("\r\n").Where(line => line.StartsWith("Set-Cookie:", StringComparison.OrdinalIgnoreCase)).ToList();
        Assert.NotEmpty(cookies);
        Assert.All(cookies, cookie =>
        {
            Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.True(cookie.Length < 4_096);
        });
    }

    private static async Task<string> AskAsync(PortalHost host, string path, string headers)
    {
        using var wire = await RawWire.OpenAsync(host.Address);
        await wire.SendAsync($"GET {path} HTTP/1.1\r\nHost: {(path.StartsWith("/healthz", StringComparison.Ordinal) ? "10.0.0.1" : Name)}\r\n{headers}\r\n");
        return await wire.ReadAsync();
    }

    private static Task<string> SessionAsync(PortalHost host) => host.SessionOfAsync(new User("public", "Public", new HashSet<Role> { Role.Operator }, Core.Access.Scope.WholeFleet));
}
