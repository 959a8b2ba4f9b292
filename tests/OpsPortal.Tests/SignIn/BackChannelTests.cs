using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Access;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Oidc;

namespace OpsPortal.Tests.SignIn;

/// <summary>What the provider sends of its own: somebody has signed out over there.</summary>
public sealed class BackChannelTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_providers_own_sign_out_ends_the_session_here(bool bySession)
    {
        await using var portal = await ScriptedPortal.StartAsync();
        var (browser, session) = await ProviderLaterTests.SignedInAsync(portal);
        using var hub = await OpenHub.OpenAsync(portal.Host, session);
        portal.Provider.Claims = new() { ["sub"] = "other", ["name"] = "Other", ["roles"] = "Operator" };
        portal.Provider.IdToken = claims => portal.Provider.Sign(new(claims) { ["sid"] = "another-session" });
        var (other, _) = await ProviderLaterTests.SignedInAsync(portal);

        var claims = LogoutClaims(portal.Provider);
        claims.Remove(bySession ? "sub" : "sid");
        var answer = await LogOutAsync(portal, portal.Provider.Sign(claims, "logout+jwt"));
        var again = await LogOutAsync(portal, portal.Provider.Sign(claims, "logout+jwt"));

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.True(answer.Headers.CacheControl?.NoStore);
        Assert.Equal(HttpStatusCode.BadRequest, again.StatusCode);
        await (await browser.GetAsync("/api/me")).ProblemAsync(401);
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/api/me")).StatusCode);
        await Eventually.IsTrueAsync("the open feed is cut", Patience, () => Task.FromResult(hub.IsCut));
        Assert.Contains(portal.Host.Audit.Entries, entry => entry is { Act: "providerSignOut" });
    }

    [Fact]
    [Trait("Fault", "FLT-25")]
    public async Task A_logout_token_that_could_not_be_obeyed_is_obeyed_when_it_is_sent_again_and_once_only()
    {
        ReadOnlySessions? sessions = null;
        await using var portal = await ScriptedPortal.StartAsync(
            services => services.AddSingleton<ISessionStore>(provider => sessions ??= new ReadOnlySessions(provider.GetRequiredService<Adapters.Embedded.Access.EmbeddedSessionStore>())));
        var (browser, _) = await ProviderLaterTests.SignedInAsync(portal);
        var token = portal.Provider.Sign(LogoutClaims(portal.Provider), "logout+jwt");

        sessions!.IsFull = true;
        await (await LogOutAsync(portal, token)).ProblemAsync(503);
        sessions.IsFull = false;
        Assert.Equal(HttpStatusCode.OK, (await LogOutAsync(portal, token)).StatusCode);
        await (await browser.GetAsync("/api/me")).ProblemAsync(401);

        // Somebody who shows it once more, and again, ends nothing that has begun since.
        var (later, _) = await ProviderLaterTests.SignedInAsync(portal);
        await (await LogOutAsync(portal, token)).ProblemAsync(400);
        await (await LogOutAsync(portal, token)).ProblemAsync(400);
        Assert.Equal(HttpStatusCode.OK, (await later.GetAsync("/api/me")).StatusCode);
    }

    public static TheoryData<string> WrongForms() => ["multipart/form-data", "multipart/form-data; boundary=x", "application/x-www-form-urlencoded"];

    [Theory]
    [MemberData(nameof(WrongForms))]
    public async Task A_form_that_cannot_be_read_is_refused_and_no_failure(string type)
    {
        await using var portal = await ScriptedPortal.StartAsync();
        foreach (var text in new[] { "--x\r\nContent-Disposition: form-data; name=\"logout_token\"\r\n\r\ncut", string.Concat(Enumerable.Range(0, 1_100).Select(i => $"f{i}=&")), new string('k', 3_000) + "=" })
        {
            using var form = new ByteArrayContent(System.Text.Encoding.ASCII.GetBytes(text));
            form.Headers.TryAddWithoutValidation("Content-Type", type);

            await (await portal.Host.Caller().PostAsync("/sign-in/back-channel", form)).ProblemAsync(400);
        }

        Assert.Contains(portal.Host.Audit.Entries, entry => entry is { Act: "refuse", On: "POST /sign-in/back-channel" });
    }

    private static readonly Dictionary<string, Action<Dictionary<string, object?>>> Wrong = new()
    {
        ["nonce"] = claims => claims["nonce"] = "x",
        ["no events"] = claims => claims.Remove("events"),
        ["other events"] = claims => claims["events"] = new Dictionary<string, object?> { ["http://schemas.openid.net/event/other"] = new { } },
        ["events that are a text"] = claims => claims["events"] = "http://schemas.openid.net/event/backchannel-logout",
        ["no jti"] = claims => claims.Remove("jti"),
        ["nobody"] = claims => { claims.Remove("sub"); claims.Remove("sid"); },
        ["another audience"] = claims => claims["aud"] = "another",
        ["another issuer"] = claims => claims["iss"] = "https://evil.example",
        ["old"] = claims => claims["iat"] = TimeProvider.System.GetUtcNow().AddMinutes(-8).ToUnixTimeSeconds(),
        ["no time"] = claims => claims.Remove("iat"),
        ["expired"] = claims => claims["exp"] = TimeProvider.System.GetUtcNow().AddMinutes(-3).ToUnixTimeSeconds(),
    };

    public static TheoryData<string> WrongTokens() => [.. Wrong.Keys, "unsigned", "an id_token", "nothing", "of another kind"];

    [Theory]
    [MemberData(nameof(WrongTokens))]
    public async Task A_logout_token_that_does_not_fit_ends_nothing(string what)
    {
        await using var portal = await ScriptedPortal.StartAsync();
        var (browser, _) = await ProviderLaterTests.SignedInAsync(portal);
        var claims = LogoutClaims(portal.Provider);
        Wrong.GetValueOrDefault(what)?.Invoke(claims);

        var answer = await LogOutAsync(portal, what switch
        {
            "unsigned" => ScriptedProvider.Make(new() { ["alg"] = "none" }, claims, _ => []),
            "an id_token" => portal.Provider.Sign(portal.Provider.Honest()),
            "of another kind" => portal.Provider.Sign(claims, "at+jwt"),
            "nothing" => "",
            _ => portal.Provider.Sign(claims, "logout+jwt"),
        });

        await answer.ProblemAsync(400);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/me")).StatusCode);
    }

    [Fact]
    public async Task Where_there_is_no_provider_there_is_no_back_channel()
    {
        using var host = new PortalHost();

        await (await host.Caller().PostAsync("/sign-in/back-channel", new FormUrlEncodedContent([new("logout_token", "x")]))).ProblemAsync(404);
    }

    private static Dictionary<string, object?> LogoutClaims(ScriptedProvider provider) => new()
    {
        ["iss"] = provider.Issuer, ["aud"] = ScriptedProvider.Client, ["iat"] = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), ["exp"] = TimeProvider.System.GetUtcNow().AddMinutes(2).ToUnixTimeSeconds(),
        ["jti"] = "one", ["sub"] = "anna", ["sid"] = "their-session", ["events"] = new Dictionary<string, object?> { ["http://schemas.openid.net/event/backchannel-logout"] = new { } },
    };

    private static Task<HttpResponseMessage> LogOutAsync(ScriptedPortal portal, string token) =>
        portal.Host.Caller().PostAsync("/sign-in/back-channel", new FormUrlEncodedContent([new("logout_token", token)]));
}
