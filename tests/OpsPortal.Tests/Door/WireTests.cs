using OpsPortal.Tests.Host;

namespace OpsPortal.Tests.Door;

/// <summary>Requests as no browser sends them, over a bare socket.</summary>
public sealed class WireTests(WireTests.Portal portal) : IClassFixture<WireTests.Portal>
{
    public sealed class Portal : IDisposable
    {
        public PortalHost Host { get; } = PortalHost.OnKestrel(("Door:HeadersWithin", "00:00:01"), ("Limits:Handshake", "00:00:01"), ("Door:SlowFor", "00:00:02"));

        public void Dispose() => Host.Dispose();
    }

    private Uri Address => portal.Host.Address;

    [Theory]
    [Trait("Fault", "BAD-46")]
    [InlineData("Host: localhost\r\nHost: evil.example\r\n", 400)]
    [InlineData("Host: evil.example\r\n", 400)]
    [InlineData("Host: localhost.evil.example\r\n", 400)]
    [InlineData("Host: localhost@evil.example\r\n", 400)]
    [InlineData("", 400)]
    public Task A_host_that_is_not_ours_is_refused(string headers, int status) => AnswersAsync(status, $"GET /sign-in HTTP/1.1\r\n{headers}\r\n");

    [Theory]
    [Trait("Fault", "BAD-46")]
    [Trait("Fault", "SEC-20")]
    [InlineData("X-Remote-User: admin")]
    [InlineData("X-WEBAUTH-USER: admin")]
    [InlineData("X-Forwarded-User: admin")]
    [InlineData("X-MS-CLIENT-PRINCIPAL: eyJ1c2VySWQiOiJhZG1pbiJ9")]
    [InlineData("X-MS-CLIENT-PRINCIPAL-NAME: admin")]
    [InlineData("X-Amzn-Oidc-Identity: admin")]
    [InlineData("X-Amzn-Oidc-Data: e30.e30.e30")]
    [InlineData("Remote-User: admin")]
    [InlineData("X-Original-URL: /sign-in")]
    [InlineData("X-Rewrite-URL: /sign-in")]
    [InlineData("X-HTTP-Method-Override: GET")]
    public Task No_header_makes_a_user_or_another_address(string header) => AnswersAsync(401, $"GET /api/me HTTP/1.1\r\nHost: localhost\r\n{header}\r\n\r\n");

    [Fact]
    [Trait("Fault", "BAD-46")]
    public async Task A_proxy_that_nobody_named_is_not_believed()
    {
        using var wire = await RawWire.OpenAsync(Address);
        await wire.SendAsync("GET / HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-Host: evil.example\r\nX-Forwarded-Proto: https\r\nX-Forwarded-For: 203.0.113.9\r\nX-Forwarded-Prefix: /evil\r\n\r\n");

        var answer = await wire.ReadAsync();

        Assert.Contains("Location: /sign-in?returnUrl=%2F\r\n", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("evil", answer, StringComparison.Ordinal);
    }

    public static TheoryData<string, int> TooMuch => new()
    {
        { $"GET / HTTP/1.1\r\nHost: localhost\r\nX: {new string('a', 33 * 1024)}\r\n\r\n", 431 },
        { $"GET / HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 101).Select(i => $"X{i}: a\r\n"))}\r\n", 431 },
        { $"GET /{new string('a', 8_300)} HTTP/1.1\r\nHost: localhost\r\n\r\n", 414 },
    };

    [Theory]
    [Trait("Fault", "BAD-47")]
    [MemberData(nameof(TooMuch))]
    public Task Too_many_too_long_headers_and_lines_are_refused(string request, int status) => AnswersAsync(status, request);

    [Theory]
    [Trait("Fault", "BAD-48")]
    [InlineData("POST /sign-in/persona HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: x\r\n\r\n")]
    [InlineData("POST /sign-in/persona HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}")]
    [InlineData("POST /sign-in/persona HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n")]
    [InlineData("POST /sign-in/persona HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n2;a\nb\r\n{}\r\n0\r\n\r\n")]
    [InlineData("GET / HTTP/1.1\nHost: localhost\n bad\n\n")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost\r\nX : a\r\n\r\n")]
    [InlineData("GET\0/ HTTP/1.1\r\nHost: localhost\r\n\r\n")]
    public Task What_two_servers_could_read_in_two_ways_is_refused(string request) => AnswersAsync(400, request);

    // CVE-2025-55315: with both lengths the chunks count and the connection must not be used for a second request.
    [Fact]
    [Trait("Fault", "BAD-48")]
    public async Task A_request_of_two_lengths_smuggles_no_second_one()
    {
        using var wire = await RawWire.OpenAsync(Address);
        await wire.SendAsync("POST /sign-in/persona HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\nGET /healthz/live HTTP/1.1\r\nHost: localhost\r\n\r\n");

        var answer = await wire.ReadAsync(toEnd: true);

        Assert.StartsWith("HTTP/1.1 400", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("\r\n\r\nok", answer, StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "BAD-48")]
    [Trait("Fault", "SEC-36")]
    public async Task Headers_that_do_not_come_are_not_waited_for()
    {
        using var wire = await RawWire.OpenAsync(Address);
        await wire.SendAsync("GET / HTTP/1.1\r\nHost: loc");

        var answer = await wire.ReadAsync(toEnd: true);

        Assert.True(answer.Length == 0 || answer.StartsWith("HTTP/1.1 408", StringComparison.Ordinal), answer);
    }

    [Fact]
    [Trait("Fault", "SEC-36")]
    public async Task A_body_of_a_byte_now_and_then_is_cut_off()
    {
        using var wire = await RawWire.OpenAsync(Address);
        await wire.SendAsync("POST /sign-in/persona HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 900000\r\n\r\n{");

        Assert.StartsWith("HTTP/1.1 408", await wire.ReadAsync(toEnd: true), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "BAD-39")]
    public async Task A_hub_connection_that_never_says_what_it_speaks_is_closed()
    {
        using var wire = await RawWire.OpenAsync(Address);
        await wire.SendAsync($"GET /hubs/feed HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer {await TokenAsync()}\r\n\r\n");

        var answer = await wire.ReadAsync(toEnd: true);

        Assert.StartsWith("HTTP/1.1 101", answer, StringComparison.Ordinal);
        Assert.Contains("Handshake was canceled", answer, StringComparison.Ordinal);
    }

    [Theory]
    [Trait("Fault", "SEC-1")]
    [InlineData("/hubs/feed", "https://evil.example")]
    [InlineData("/hubs/feed", "null")]
    [InlineData("/hubs/feed", "http://localhost:1")]
    [InlineData("/_blazor", "http://localhost.evil.example")]
    [InlineData("/_blazor", "null")]
    public async Task A_websocket_from_another_sites_page_is_refused(string path, string origin) =>
        await AnswersAsync(403, $"GET {path} HTTP/1.1\r\nHost: localhost:{Address.Port}\r\nOrigin: {origin}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer {await TokenAsync()}\r\n\r\n");

    [Fact]
    [Trait("Fault", "BAD-2")]
    public Task A_body_above_the_limit_is_refused_unread() =>
        AnswersAsync(413, "POST /sign-in/persona HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 2000000\r\n\r\n");

    private Task<string> TokenAsync() => portal.Host.SessionOfAsync(new("wire", "Wire", new HashSet<Core.Access.Role> { Core.Access.Role.Operator }, Core.Access.Scope.WholeFleet));

    private async Task AnswersAsync(int status, string request) => Assert.Equal(status, await RawWire.StatusAsync(Address, request));
}
