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
