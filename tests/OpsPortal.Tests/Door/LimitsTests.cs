using System.Diagnostics;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Door;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Door;

/// <summary>How much one caller, and all of them, can hold open: on bare sockets, against the real server.</summary>
public sealed class LimitsTests
{
    private const string Upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";

    private static User Somebody(string id = "limited") => new(id, id, new HashSet<Role> { Role.Operator }, Core.Access.Scope.WholeFleet);

    [Fact]
    [Trait("Fault", "SEC-36")]
    public async Task A_stranger_who_is_refused_without_end_does_not_fill_the_audit_and_those_known_are_written_down()
    {
        using var host = new PortalHost(("Limits:RefusalsPerMinute", "5"));
        var stranger = host.Caller();
        stranger.DefaultRequestHeaders.Authorization = new("Bearer", "guess");
        var business = await host.SignedInAsync("business", "Business One");

        for (var guess = 0; guess < 30; guess++)
        {
            Assert.Equal(401, (int)(await stranger.GetAsync("/api/me")).StatusCode);
        }

        Assert.Equal(403, (int)(await business.GetAsync("/api/audit")).StatusCode);
        var refused = host.Audit.Entries.Where(entry => entry.Act == "refuse").ToList();
        Assert.Equal((6, "Business One"), (refused.Count(entry => entry.Who == "unknown"), refused[^1].Who));
        Assert.Contains("further ones are counted only", refused.Last(entry => entry.Who == "unknown").Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_counted_only_is_said_with_the_next_that_is_written()
    {
        var time = new ManualTime(new DateTimeOffset(2026, 11, 21, 20, 0, 0, TimeSpan.Zero));
        var strangers = new StrangerRefusals(Options.Create(new LimitsOptions { RefusalsPerMinute = 2 }), time);

        var told = Enumerable.Range(0, 5).Select(_ => strangers.Take("a")).ToList();
        Assert.Equal(["", ""], told[..2]);
        Assert.Contains("further ones are counted only", told[2], StringComparison.Ordinal);
        Assert.Equal([null, null], told[3..]);
        Assert.Equal("", strangers.Take("b"));
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.Contains("2 more from this address were counted only", strangers.Take("a"), StringComparison.Ordinal);
        Assert.Equal("", strangers.Take("a"));
    }

    [Fact]
    [Trait("Fault", "SEC-35")]
    public void Nothing_of_the_server_is_unlimited()
    {
        using var host = PortalHost.OnKestrel();
        var limits = host.Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits;

        Assert.Equal((20_000L, 10_000L, 1_000_000L), (limits.MaxConcurrentConnections, limits.MaxConcurrentUpgradedConnections, limits.MaxRequestBodySize));
        Assert.Equal((32_768, 100, 8_192), (limits.MaxRequestHeadersTotalSize, limits.MaxRequestHeaderCount, limits.MaxRequestLineSize));
        Assert.Equal((TimeSpan.FromSeconds(15), 240, 240), (limits.RequestHeadersTimeout, limits.MinRequestBodyDataRate!.BytesPerSecond, limits.MinResponseDataRate!.BytesPerSecond));
    }

    [Fact]
    [Trait("Fault", "SEC-35")]
    [Trait("Fault", "SEC-36")]
    public async Task Above_the_most_live_connections_of_all_nobody_gets_one_more_and_pages_go_on()
    {
        using var host = PortalHost.OnKestrel(("Door:MostWebSockets", "10"));
        var wires = await OpenAsync(host, "/hubs/feed", 10);

        Assert.All(wires, wire => Assert.StartsWith("HTTP/1.1 101", wire.Answer, StringComparison.Ordinal));
        var above = await OpenAsync(host, "/_blazor", 1);
        Assert.DoesNotContain(" 101 ", above[0].Answer, StringComparison.Ordinal);
        Assert.Equal(200, await RawWire.StatusAsync(host.Address, "GET /healthz/live HTTP/1.1\r\nHost: localhost\r\n\r\n"));
        wires.Concat(above).ToList().ForEach(wire => wire.Wire.Dispose());
    }

    [Fact]
    [Trait("Fault", "SEC-16")]
    [Trait("Fault", "SEC-36")]
    public async Task Of_a_thousand_circuits_one_user_gets_as_many_as_allowed_and_a_clear_refusal()
    {
        // None of them shakes hands: those let in must not lose their places before the last has asked, however long a busy machine takes.
        using var host = PortalHost.OnKestrel(("Limits:ConnectionsPerUser", "20"), ("Limits:Handshake", "00:01:00"));
        var wires = await OpenAsync(host, "/_blazor", 1_000);

        Assert.Equal(20, wires.Count(wire => wire.Answer.StartsWith("HTTP/1.1 101", StringComparison.Ordinal)));
        Assert.Equal(980, wires.Count(wire => wire.Answer.StartsWith("HTTP/1.1 429", StringComparison.Ordinal) && wire.Answer.Contains("Retry-After: 30", StringComparison.Ordinal)));
        wires.ForEach(wire => wire.Wire.Dispose());
        using var other = (await OpenAsync(host, "/_blazor", 1, "other"))[0].Wire;
    }

    [Theory]
    [Trait("Fault", "SEC-36")]
    [Trait("Fault", "BAD-39")]
    [InlineData("/hubs/feed", "json")]
    [InlineData("/_blazor", "blazorpack")]
    public async Task A_handshake_that_comes_a_byte_at_a_time_is_not_waited_for(string path, string protocol)
    {
        using var host = PortalHost.OnKestrel(("Limits:Handshake", "00:00:01"));
        // From before the server begins to count.
        var watch = Stopwatch.StartNew();
        var (wire, answer) = (await OpenAsync(host, path, 1))[0];
        Assert.StartsWith("HTTP/1.1 101", answer, StringComparison.Ordinal);
        var dripping = DripAsync(wire, $"{{\"protocol\":\"{protocol}\",\"version\":1}}");

        await wire.ReadAsync(toEnd: true);

        Assert.InRange(watch.Elapsed, TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(15));
        await dripping;
        wire.Dispose();
    }

    [Theory]
    [Trait("Fault", "BAD-39")]
    [InlineData("""{"protocol":"none","version":1}""")]
    [InlineData("""{"protocol":"json","version":99}""")]
    [InlineData("""{"protocol":"messagepack","version":1}""")]
    [InlineData("""{}""")]
    [InlineData("""not json""")]
    public async Task A_protocol_that_is_none_is_refused_and_the_connection_closed(string handshake)
    {
        using var host = PortalHost.OnKestrel();
        var (wire, _) = (await OpenAsync(host, "/hubs/feed", 1))[0];
        await wire.SendAsync(Frame(handshake + '\u001e'));

        var answer = await wire.ReadAsync(toEnd: true);

        Assert.Contains("error", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
        wire.Dispose();
    }

    [Fact]
    [Trait("Fault", "SEC-36")]
    public async Task A_message_that_never_ends_is_cut_at_the_limit()
    {
        using var host = PortalHost.OnKestrel();
        var (wire, _) = (await OpenAsync(host, "/hubs/feed", 1))[0];
        await wire.SendAsync(Frame("{\"protocol\":\"json\",\"version\":1}\u001e"));
        try
        {
            for (var i = 0; i < 2_000; i++)
            {
                await wire.SendAsync(Frame(new string('x', 100)));
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // Closed while it was still sent.
        }

        await wire.ReadAsync(toEnd: true);
        wire.Dispose();
    }

    [Fact]
    [Trait("Fault", "SEC-10")]
    public async Task Live_connections_are_not_compressed_even_for_who_offers_it()
    {
        using var host = PortalHost.OnKestrel();
        foreach (var path in new[] { "/hubs/feed", "/_blazor" })
        {
            var (wire, answer) = (await OpenAsync(host, path, 1, more: "Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"))[0];
            Assert.StartsWith("HTTP/1.1 101", answer, StringComparison.Ordinal);
            Assert.DoesNotContain("permessage-deflate", answer, StringComparison.OrdinalIgnoreCase);
            wire.Dispose();
        }
    }

    private static async Task<List<(RawWire Wire, string Answer)>> OpenAsync(PortalHost host, string path, int count, string who = "limited", string more = "")
    {
        var session = await host.SessionOfAsync(Somebody(who));
        var wires = new List<(RawWire, string)>();
        for (var i = 0; i < count; i++)
        {
            var wire = await RawWire.OpenAsync(host.Address);
            await wire.SendAsync($"GET {path} HTTP/1.1\r\nHost: localhost\r\n{Upgrade}{more}Authorization: Bearer {session}\r\n\r\n");
            wires.Add((wire, await wire.ReadAsync()));
        }

        return wires;
    }

    // A text frame as browsers send it, masked with nothing.
    private static string Frame(string text) =>
        text.Length < 126 ? $"\u0081{(char)(0x80 | text.Length)}\0\0\0\0{text}" : throw new ArgumentException("Short ones only.", nameof(text));

    private static async Task DripAsync(RawWire wire, string text)
    {
        try
        {
            await wire.SendAsync($"\u0081{(char)(0x80 | text.Length)}\0\0\0\0");
            foreach (var character in text)
            {
                await wire.SendAsync(character.ToString());
                await Task.Delay(200);
            }
        }
        catch (Exception e) when (e is IOException or InvalidOperationException)
        {
            // Cut off, as it should be.
        }
    }
}
