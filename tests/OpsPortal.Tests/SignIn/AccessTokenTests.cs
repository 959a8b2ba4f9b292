using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit.Oidc;

namespace OpsPortal.Tests.SignIn;

/// <summary>The provider's access tokens at the HTTP API.</summary>
[Trait("Fault", "SEC-17")]
public sealed class AccessTokenTests(AccessTokenTests.House house) : IClassFixture<AccessTokenTests.House>
{
    private const string Audience = "https://ops.example/api";

    public sealed class House : IAsyncLifetime
    {
        internal ScriptedPortal Portal { get; private set; } = null!;

        public async Task InitializeAsync() => Portal = await ScriptedPortal.StartAsync(("OpenIdConnect:ApiAudience", Audience));

        public async Task DisposeAsync() => await Portal.DisposeAsync();
    }

    private ScriptedProvider Provider => house.Portal.Provider;

    [Fact]
    public async Task An_access_token_for_the_api_reads_and_acts_as_its_claims_say()
    {
        var script = Show(Provider.Sign(Claims(), "at+jwt"));

        var me = await (await script.GetAsync("/api/me")).JsonAsync();
        var acknowledged = await (await script.PostAsJsonAsync("/api/alerts/acknowledge", new { ids = new[] { "none" }, note = "x" })).JsonAsync();

        Assert.Equal(($"{Provider.Issuer}|robot", """["Operator"]""", """["Longsight"]"""), (me.GetProperty("id").GetString(), me.GetProperty("roles").GetRawText(), me.GetProperty("scope").GetProperty("depots").GetRawText()));
        Assert.Equal("notFound", acknowledged.GetProperty("results")[0].GetProperty("outcome").GetString());
        Assert.DoesNotContain(house.Portal.Host.Audit.Entries, entry => entry is { Act: "signIn" } && entry.On.EndsWith("|robot", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/alerts")]
    [InlineData("/hubs/feed/negotiate?negotiateVersion=1")]
    [InlineData("/_blazor/negotiate?negotiateVersion=1")]
    public async Task It_opens_the_api_and_nothing_else(string path)
    {
        var answer = await Show(Provider.Sign(Claims())).SendAsync(new HttpRequestMessage(path.Contains("negotiate", StringComparison.Ordinal) ? HttpMethod.Post : HttpMethod.Get, path));

        await answer.ProblemAsync(401);
    }

    private static readonly Dictionary<string, Func<ScriptedProvider, string>> Wrong = new()
    {
        ["for another audience"] = provider => provider.Sign(With("aud", "https://other.example")),
        ["for the sign-in"] = provider => provider.Sign(With("aud", ScriptedProvider.Client)),
        ["for nobody"] = provider => provider.Sign(With("aud", null)),
        ["of another issuer"] = provider => provider.Sign(With("iss", "https://evil.example")),
        ["expired"] = provider => provider.Sign(With("exp", TimeProvider.System.GetUtcNow().AddMinutes(-3).ToUnixTimeSeconds())),
        ["that never expires"] = provider => provider.Sign(With("exp", null)),
        ["without a role"] = provider => provider.Sign(With("roles", null)),
        ["about nobody"] = provider => provider.Sign(With("sub", null)),
        ["that is an id_token"] = provider => provider.Sign(With("nonce", "x")),
        ["that is a logout token"] = provider => provider.Sign(With("a", "b"), "logout+jwt"),
        ["unsigned"] = provider => ScriptedProvider.Make(new() { ["alg"] = "none" }, With("a", "b"), _ => []),
        ["HS256 with the public key"] = provider => ScriptedProvider.Make(new() { ["alg"] = "HS256", ["kid"] = provider.KeyId }, With("a", "b"), text => HMACSHA256.HashData(provider.Key.ExportSubjectPublicKeyInfo(), text)),
        ["three dots"] = _ => "...",
        ["dots and nothing"] = _ => "a.b.c",
    };

    private static ScriptedProvider? _provider;

    public static TheoryData<string> WrongTokens() => [.. Wrong.Keys];

    [Theory]
    [Trait("Fault", "BAD-50")]
    [MemberData(nameof(WrongTokens))]
    public async Task A_token_that_is_none_opens_nothing(string what)
    {
        _provider = Provider;
        var before = house.Portal.Host.Audit.Entries.Count;

        await (await Show(Wrong[what](Provider)).GetAsync("/api/me")).ProblemAsync(401);

        Assert.Contains(house.Portal.Host.Audit.Entries.Skip(before), entry => entry is { Act: "refuse", On: "GET /api/me" });
    }

    [Fact]
    [Trait("Fault", "FLT-24")]
    public async Task The_first_call_with_a_token_of_a_new_key_reads_the_keys_and_is_answered()
    {
        await using var portal = await ScriptedPortal.StartAsync(("OpenIdConnect:ApiAudience", Audience));
        var script = portal.Host.Caller();
        script.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", portal.Provider.Sign(Claims(portal.Provider)));
        Assert.Equal(HttpStatusCode.OK, (await script.GetAsync("/api/me")).StatusCode);
        portal.Provider.ChangeKey();

        script.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", portal.Provider.Sign(Claims(portal.Provider)));

        Assert.Equal(HttpStatusCode.OK, (await script.GetAsync("/api/me")).StatusCode);
    }

    [Fact]
    public async Task Without_an_audience_no_access_token_opens_anything()
    {
        await using var portal = await ScriptedPortal.StartAsync();
        var script = portal.Host.Caller();
        _provider = portal.Provider;
        script.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", portal.Provider.Sign(Claims(portal.Provider)));

        Assert.Equal(HttpStatusCode.Unauthorized, (await script.GetAsync("/api/me")).StatusCode);
    }

    private HttpClient Show(string token)
    {
        var caller = house.Portal.Host.Caller();
        caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return caller;
    }

    private Dictionary<string, object?> Claims() => Claims(Provider);

    private static Dictionary<string, object?> Claims(ScriptedProvider provider) => new()
    {
        ["iss"] = provider.Issuer, ["sub"] = "robot", ["aud"] = Audience, ["roles"] = new[] { "Operator" }, ["depots"] = new[] { "Longsight" }, ["exp"] = TimeProvider.System.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds(),
    };

    private static Dictionary<string, object?> With(string name, object? value)
    {
        var claims = Claims(_provider!);
        claims[name] = value;
        if (value is null)
        {
            claims.Remove(name);
        }

        return claims;
    }
}
