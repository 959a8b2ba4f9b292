using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Access;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit.Oidc;

namespace OpsPortal.Tests.SignIn;

/// <summary>Acts that ask that somebody has just proved who they are.</summary>
public sealed class FreshProofTests
{
    [Fact]
    public async Task With_an_old_proof_no_token_is_made_and_after_a_new_one_it_is()
    {
        await using var portal = await ScriptedPortal.StartAsync();
        portal.Provider.Claims["auth_time"] = Ago(TimeSpan.FromHours(1));
        var (browser, _) = await portal.SignInAsync();

        var page = await MakeAsync(browser);
        Assert.Contains("Sign in once more", page);
        Assert.Contains("/sign-in/start?again=true&amp;returnUrl=%2Ftokens", page);
        Assert.DoesNotContain("data-secret", page);
        using var refused = await CallAsync(browser, HttpMethod.Post, "/api/tokens", new { name = "by the API" });
        await refused.ProblemAsync(403);

        portal.Provider.Claims["auth_time"] = Ago(TimeSpan.Zero);
        await portal.SignInAsync(again: true, browser: browser);

        Assert.Contains("data-secret", await MakeAsync(browser));
        using var made = await CallAsync(browser, HttpMethod.Post, "/api/tokens", new { name = "by the API" });
        Assert.Equal(HttpStatusCode.OK, made.StatusCode);
    }

    [Fact]
    public async Task Who_was_let_in_without_being_asked_for_anything_has_no_fresh_proof()
    {
        await using var portal = await ScriptedPortal.StartAsync();
        portal.Provider.IdToken = claims => portal.Provider.Sign(claims.Where(claim => claim.Key != "auth_time").ToDictionary());
        var (browser, _) = await portal.SignInAsync();

        Assert.Contains("Sign in once more", await MakeAsync(browser));
        using var refused = await CallAsync(browser, HttpMethod.Post, "/api/tokens", new { name = "by the API" });
        await refused.ProblemAsync(403);
    }

    [Fact]
    public async Task The_cookie_shown_as_a_bearer_token_is_asked_the_same()
    {
        await using var portal = await ScriptedPortal.StartAsync();
        portal.Provider.Claims["auth_time"] = Ago(TimeSpan.FromHours(1));
        var (_, answer) = await portal.SignInAsync();
        var id = answer.Headers.GetValues("Set-Cookie").Single(cookie => cookie.StartsWith("__Host-opsportal=", StringComparison.Ordinal)).Split(';')[0].Split('=')[1];
        using var script = portal.Host.Caller();
        script.DefaultRequestHeaders.Authorization = new("Bearer", id);

        Assert.Equal(HttpStatusCode.OK, (await script.GetAsync("/api/me")).StatusCode);
        await (await script.PostAsJsonAsync("/api/tokens", new { name = "by the API" })).ProblemAsync(403);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.Forbidden)]
    [InlineData(60, HttpStatusCode.Forbidden)]
    [InlineData(0, HttpStatusCode.OK)]
    public async Task An_access_token_makes_a_token_when_it_says_that_somebody_has_just_proved_who_they_are(int? minutes, HttpStatusCode status)
    {
        await using var portal = await ScriptedPortal.StartAsync(("OpenIdConnect:ApiAudience", "https://ops.example/api"));
        var claims = portal.Provider.Honest();
        (claims["aud"], claims["auth_time"]) = ("https://ops.example/api", minutes is { } ago ? Ago(TimeSpan.FromMinutes(ago)) : null);
        using var script = portal.Host.Caller();
        script.DefaultRequestHeaders.Authorization = new("Bearer", portal.Provider.Sign(claims, "at+jwt"));

        Assert.Equal(status, (await script.PostAsJsonAsync("/api/tokens", new { name = "by the API" })).StatusCode);
    }

    [Fact]
    public async Task With_an_old_proof_an_administrator_ends_their_own_session_but_nobody_elses()
    {
        await using var portal = await ScriptedPortal.StartAsync();
        portal.Provider.Claims["auth_time"] = Ago(TimeSpan.FromHours(1));
        portal.Provider.Claims["roles"] = new[] { "Administrator" };
        var (admin, _) = await portal.SignInAsync();
        var (second, _) = await portal.SignInAsync();
        var own = (await portal.Host.Services.GetRequiredService<ISessionStore>().FindAsync(null, 10, default))[0].Key;
        await portal.Host.SessionOfAsync(new User("somebody", "Somebody", new HashSet<Role> { Role.Operator }, Scope.WholeFleet));
        var other = (await portal.Host.Services.GetRequiredService<ISessionStore>().FindAsync("somebody", 10, default)).Single().Key;

        using var refused = await CallAsync(admin, HttpMethod.Delete, $"/api/sessions/{other}");
        using var refusedAll = await CallAsync(admin, HttpMethod.Delete, "/api/sessions?userId=somebody");
        using var unknown = await CallAsync(admin, HttpMethod.Delete, "/api/sessions/none");
        using var ended = await CallAsync(admin, HttpMethod.Delete, $"/api/sessions/{own}");

        Assert.Equal((HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (refused.StatusCode, refusedAll.StatusCode));
        Assert.Equal(HttpStatusCode.Forbidden, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Single(await portal.Host.Services.GetRequiredService<ISessionStore>().FindAsync("somebody", 10, default));
        second.Dispose();
    }

    private static long Ago(TimeSpan by) => (TimeProvider.System.GetUtcNow() - by).ToUnixTimeSeconds();

    private static async Task<string> MakeAsync(HttpClient browser)
    {
        var token = Regex.Match(await browser.GetStringAsync("/tokens"), "name=\"antiforgery\" value=\"([^\"]+)\"").Groups[1].Value;
        using var form = new FormUrlEncodedContent([new("_handler", "make"), new("antiforgery", token), new("Making.Name", "laptop"), new("Making.Days", "1")]);
        using var answer = await browser.PostAsync("/tokens", form);
        return await answer.Content.ReadAsStringAsync();
    }

    private static async Task<HttpResponseMessage> CallAsync(HttpClient browser, HttpMethod method, string path, object? body = null)
    {
        var me = await browser.GetFromJsonAsync<System.Text.Json.JsonElement>("/api/me");
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("X-CSRF", me.GetProperty("csrf").GetString());
        return await browser.SendAsync(request);
    }
}
