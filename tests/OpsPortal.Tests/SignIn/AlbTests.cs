using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpsPortal.Core.Access;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.SignIn;

/// <summary>Behind a load balancer that signs people in: what its header opens, and what one that is not its header opens: nothing.</summary>
[Trait("Fault", "SEC-20")]
public sealed class AlbTests : IAsyncLifetime
{
    private const string Anna = "https://login.example|anna";
    private const string Signer = "arn:aws:elasticloadbalancing:eu-west-2:123456789012:loadbalancer/app/ops/0123456789abcdef";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly string _keyId = Guid.NewGuid().ToString();
    private readonly List<string> _asked = [];
    private WebApplication _keys = null!;
    private PortalHost _host = null!;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.None);
        _keys = builder.Build();
        _keys.Run(context =>
        {
            _asked.Add(context.Request.Path);
            context.Response.StatusCode = context.Request.Path == $"/{_keyId}" ? 200 : 404;
            return context.Response.WriteAsync(_key.ExportSubjectPublicKeyInfoPem());
        });
        await _keys.StartAsync();
        _host = new PortalHost(
            ("SignIn:Mode", "Alb"), ("Door:Hosts:0", "localhost"), ("Alb:Region", "eu-west-2"), ("Alb:Signers:0", Signer), ("Alb:Issuer", "https://login.example"), ("Alb:ClientId", "portal"), ("Alb:KeysEndpoint", _keys.Urls.First()));
    }

    public async Task DisposeAsync()
    {
        _host.Dispose();
        await _keys.DisposeAsync();
        _key.Dispose();
    }

    [Fact]
    public async Task The_load_balancers_header_and_a_click_begin_a_session_that_holds_with_the_header_only()
    {
        var browser = _host.Caller(cookies: true);

        var outside = await AskAsync(browser, "/api/me", Header());
        var begun = await AskAsync(browser, "/sign-in/start?returnUrl=/alerts", Header());
        var me = await (await AskAsync(browser, "/api/me", Header())).JsonAsync();

        Assert.Equal((HttpStatusCode.Unauthorized, "/alerts"), (outside.StatusCode, begun.Headers.Location?.OriginalString));
        Assert.Equal(("https://login.example|anna", "Anna", """["Operator"]"""), (me.GetProperty("id").GetString(), me.GetProperty("name").GetString(), me.GetProperty("roles").GetRawText()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(browser, "/api/me", null)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(browser, "/api/me", Header())).StatusCode);
        Assert.Single(_asked);
    }

    private static readonly Dictionary<string, Action<Dictionary<string, object?>>> Words = new()
    {
        ["another person"] = claims => claims["sub"] = "bob",
        ["another person without a role"] = claims => (claims["sub"], claims["roles"]) = ("bob", "nobody"),
        ["another role"] = claims => claims["roles"] = "Business",
        ["another scope"] = claims => claims["depots"] = "Crofton",
        ["no role"] = claims => claims["roles"] = "nobody",
    };

    public static TheoryData<string> Said() => [.. Words.Keys];

    [Theory]
    [Trait("Fault", "FLT-25")]
    [MemberData(nameof(Said))]
    public async Task Another_word_of_the_load_balancer_ends_the_session_and_what_stands_open(string what)
    {
        var (browser, hub) = await OpenAsync();
        using var open = hub;
        await Task.Delay(1_000);
        Assert.False(hub.IsCut);

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(browser, "/api/me", Header(claims: Words[what]))).StatusCode);

        await Eventually.IsTrueAsync("the open feed is cut", TimeSpan.FromSeconds(30), () => Task.FromResult(hub.IsCut));
        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(browser, "/api/me", Header())).StatusCode);
        Assert.Single(_host.Audit.Entries, entry => entry is { Act: "endSession", Who: "portal", On: Anna });
        // Of Anna herself another person's header says nothing.
        var known = (await _host.Services.GetRequiredService<IKnownUsers>().GetAsync(Anna, default))!;
        Assert.Equal(what.StartsWith("another person", StringComparison.Ordinal) ? 1 : 0, known.Roles.Count);
    }

    [Theory]
    [Trait("Fault", "FLT-25")]
    [InlineData("none")]
    [InlineData("signature of another")]
    [InlineData("expired")]
    [InlineData("no subject")]
    public async Task A_header_that_is_missing_or_does_not_count_ends_nothing(string what)
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var (browser, hub) = await OpenAsync();
        using var open = hub;

        var answer = await AskAsync(browser, "/api/me", what switch
        {
            "none" => null,
            "signature of another" => Header(claims: Words["another person"], key: stranger),
            "expired" => Header(Heads["expired"], Words["another role"]),
            _ => Header(claims: claims => claims.Remove("sub")),
        });
        await Task.Delay(1_000);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
        Assert.False(hub.IsCut);
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(browser, "/api/me", Header())).StatusCode);
    }

    private static readonly Dictionary<string, Action<Dictionary<string, object?>>> Heads = new()
    {
        ["another load balancer"] = head => head["signer"] = "arn:aws:elasticloadbalancing:eu-west-2:999999999999:loadbalancer/app/evil/0123456789abcdef",
        ["no signer"] = head => head.Remove("signer"),
        ["expired"] = head => head["exp"] = TimeProvider.System.GetUtcNow().AddMinutes(-3).ToUnixTimeSeconds(),
        ["never expires"] = head => head.Remove("exp"),
        ["another issuer"] = head => head["iss"] = "https://evil.example",
        ["another client"] = head => head["client"] = "other",
        ["alg none"] = head => head["alg"] = "none",
        ["alg HS256"] = head => head["alg"] = "HS256",
        ["a key nobody knows"] = head => head["kid"] = Guid.NewGuid().ToString(),
        ["a key name that is a path"] = head => head["kid"] = "../../latest/meta-data",
        ["a key name that is an address"] = head => head["kid"] = "@169.254.169.254/",
        ["no key name"] = head => head.Remove("kid"),
    };

    public static TheoryData<string> Wrong() => [.. Heads.Keys, "claims changed", "signature of another", "signature cut", "two headers", "nothing", "no token", "half of a character", "a role that is none", "a list of nothing as roles"];

    [Theory]
    [MemberData(nameof(Wrong))]
    public async Task Another_header_opens_nothing(string what)
    {
        using var stranger = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var good = Header();
        string?[] headers = what switch
        {
            "claims changed" => [$"{good.Split('.')[0]}.{Padded(JsonSerializer.SerializeToUtf8Bytes(new { sub = "root", name = "Root", roles = "Administrator" }))}.{good.Split('.')[2]}"],
            "signature of another" => [Header(key: stranger)],
            "signature cut" => [good[..^12]],
            "two headers" => [good, good],
            "nothing" => [null],
            "no token" => ["<script>alert(1)</script>"],
            "half of a character" => [$"{Padded("{\"alg\":\"\\ud800\"}"u8.ToArray())}.e30=.x"],
            "a list of nothing as roles" => [Header(claims: claims => claims["roles"] = "[null]")],
            "a role that is none" => [Header(claims: claims => claims["roles"] = "nobody")],
            _ => [Header(Heads[what])],
        };
        var browser = _host.Caller(cookies: true);

        var answer = await AskAsync(browser, "/sign-in/start?returnUrl=/alerts", headers);

        Assert.StartsWith("/sign-in?error=", answer.Headers.Location?.OriginalString, StringComparison.Ordinal);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
        Assert.DoesNotContain(_asked, path => path.Contains("meta", StringComparison.Ordinal));
        Assert.Contains(_host.Audit.Entries, entry => entry is { Act: "refuse", On: "GET /sign-in/start" });
    }

    [Fact]
    [Trait("Fault", "FLT-33")]
    public async Task While_nothing_can_be_written_down_the_click_leads_to_the_page_that_says_so_and_the_session_goes_on()
    {
        var (browser, hub) = await OpenAsync();
        using var open = hub;
        _host.Audit.IsBroken = true;

        var answer = await AskAsync(browser, "/sign-in/start?returnUrl=/alerts", Header());

        Assert.Equal("/sign-in?error=notrecorded&returnUrl=%2Falerts", answer.Headers.Location?.OriginalString);
        Assert.Equal((HttpStatusCode.OK, false), ((await AskAsync(browser, "/api/me", Header())).StatusCode, hub.IsCut));
    }

    [Fact]
    public async Task In_other_modes_the_header_is_a_header_like_any()
    {
        using var host = new PortalHost();

        Assert.Equal(HttpStatusCode.Unauthorized, (await AskAsync(host.Caller(), "/api/me", Header())).StatusCode);
        Assert.Equal("/sign-in", (await AskAsync(host.Caller(), "/sign-in/start", Header())).Headers.Location?.OriginalString);
    }

    // Signed in as Anna, with a feed that stands open.
    private async Task<(HttpClient Browser, OpenHub Hub)> OpenAsync()
    {
        var browser = _host.Caller(cookies: true);
        var begun = await AskAsync(browser, "/sign-in/start?returnUrl=/alerts", Header());
        var session = begun.Headers.GetValues("Set-Cookie").Single().Split(';')[0].Split('=')[1];
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(browser, "/api/me", Header())).StatusCode);
        return (browser, await OpenHub.OpenAsync(_host, session, ("x-amzn-oidc-data", Header())));
    }

    private string Header(Action<Dictionary<string, object?>>? head = null, Action<Dictionary<string, object?>>? claims = null, ECDsa? key = null)
    {
        var ends = TimeProvider.System.GetUtcNow().AddMinutes(2).ToUnixTimeSeconds();
        var heads = new Dictionary<string, object?> { ["typ"] = "JWT", ["kid"] = _keyId, ["alg"] = "ES256", ["iss"] = "https://login.example", ["client"] = "portal", ["signer"] = Signer, ["exp"] = ends };
        var says = new Dictionary<string, object?> { ["sub"] = "anna", ["name"] = "Anna", ["roles"] = new[] { "Operator" }, ["depots"] = "Longsight", ["exp"] = ends, ["iss"] = "https://login.example" };
        head?.Invoke(heads);
        claims?.Invoke(says);
        var text = $"{Padded(JsonSerializer.SerializeToUtf8Bytes(heads))}.{Padded(JsonSerializer.SerializeToUtf8Bytes(says))}";
        return $"{text}.{Padded((key ?? _key).SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256))}";
    }

    // As load balancers write it: for addresses, and yet padded.
    private static string Padded(byte[] bytes) => Convert.ToBase64String(bytes).Replace('+', '-').Replace('/', '_');

    private static Task<HttpResponseMessage> AskAsync(HttpClient caller, string path, params string?[]? headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        foreach (var header in headers ?? [])
        {
            if (header is not null)
            {
                request.Headers.TryAddWithoutValidation("x-amzn-oidc-data", header);
            }
        }

        return caller.SendAsync(request);
    }
}
