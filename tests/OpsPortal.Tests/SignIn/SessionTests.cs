using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Access;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.SignIn;

/// <summary>Sessions after signing in: who sees and ends them, and when they end by themselves.</summary>
public sealed class SessionTests(SessionTests.Portal portal) : IClassFixture<SessionTests.Portal>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public sealed class Portal : IDisposable
    {
        public PortalHost Host { get; } = new(("SignIn:CheckEvery", "00:00:01"));

        public void Dispose() => Host.Dispose();
    }

    private static User Somebody(string id, Role role = Role.Operator) => new(id, $"Name of {id}", new HashSet<Role> { role }, Core.Access.Scope.WholeFleet);

    [Fact]
    [Trait("Fault", "SEC-15")]
    public async Task A_user_sees_their_own_sessions_and_ends_them_and_nobody_elses()
    {
        var (mine, other) = (await portal.Host.SignedInAsync(Somebody("owner")), await portal.Host.SignedInAsync(Somebody("neighbour")));
        var second = await portal.Host.SessionOfAsync(Somebody("owner"));
        var others = (await ListAsync(other))[0];

        var sessions = await ListAsync(mine);
        await (await mine.DeleteAsync($"/api/sessions/{others}")).ProblemAsync(404);
        await (await mine.DeleteAsync("/api/sessions/none")).ProblemAsync(404);
        await (await mine.DeleteAsync("/api/sessions?userId=neighbour")).ProblemAsync(403);
        var ended = await mine.DeleteAsync($"/api/sessions/{SessionId.Hash(second)}");

        Assert.Equal(2, sessions.Count);
        Assert.DoesNotContain(others, sessions);
        Assert.Equal(HttpStatusCode.NoContent, ended.StatusCode);
        Assert.Single(await ListAsync(mine));
        Assert.Equal(HttpStatusCode.OK, (await other.GetAsync("/api/me")).StatusCode);
        Assert.Contains(portal.Host.Audit.Entries, entry => entry is { Act: "endSession", Who: "Name of owner", On: "owner" });
    }

    [Fact]
    [Trait("Fault", "SEC-15")]
    public async Task An_administrator_ends_anybodys_session_and_what_is_open_in_it_closes_at_once()
    {
        var admin = await portal.Host.SignedInAsync(Somebody("admin", Role.Administrator));
        var session = await portal.Host.SessionOfAsync(Somebody("ended"));
        using var hub = await OpenHub.OpenAsync(portal.Host, session);

        Assert.Contains(SessionId.Hash(session), await ListAsync(admin, "?all=true"));
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync($"/api/sessions/{SessionId.Hash(session)}")).StatusCode);

        await Eventually.IsTrueAsync("the open feed is cut", Patience, () => Task.FromResult(hub.IsCut));
    }

    [Fact]
    [Trait("Fault", "SEC-13")]
    public async Task What_is_open_in_a_session_that_another_process_has_ended_closes_within_the_interval()
    {
        var session = await portal.Host.SessionOfAsync(Somebody("elsewhere"));
        using var hub = await OpenHub.OpenAsync(portal.Host, session);
        await Task.Delay(1_500);
        Assert.False(hub.IsCut);

        await portal.Host.Services.GetRequiredService<ISessionStore>().EndAsync(SessionId.Hash(session), default);

        await Eventually.IsTrueAsync("the open feed is cut", Patience, () => Task.FromResult(hub.IsCut));
    }

    [Fact]
    [Trait("Fault", "SEC-12")]
    public async Task Signing_out_everywhere_ends_every_session_of_the_user()
    {
        var one = await portal.Host.SignedInAsync(Somebody("everywhere"));
        var two = await portal.Host.SignedInAsync(Somebody("everywhere"));

        var answer = await (await one.DeleteAsync("/api/sessions")).JsonAsync();

        Assert.Equal(2, answer.GetProperty("ended").GetInt32());
        await (await one.GetAsync("/api/me")).ProblemAsync(401);
        await (await two.GetAsync("/api/me")).ProblemAsync(401);
    }

    [Fact]
    public async Task The_page_shows_sessions_and_ends_one_by_a_plain_form()
    {
        var browser = portal.Host.Caller(cookies: true);
        await browser.PostAsJsonAsync("/sign-in/persona", new { persona = "operator", name = "Pagewise" });
        var other = await portal.Host.SignedInAsync("operator", "Pagewise");
        var page = await browser.GetStringAsync("/sessions");
        string Field(string pattern) => System.Text.RegularExpressions.Regex.Match(page, pattern).Groups[1].Value;

        using var form = new FormUrlEncodedContent([new("_handler", "end"), new("antiforgery", Field("name=\"antiforgery\" value=\"([^\"]+)\"")), new("Ending", Field("name=\"Ending\" value=\"([^\"]+)\""))]);
        var answer = await browser.PostAsync("/sessions", form);

        Assert.Contains("this one", page, StringComparison.Ordinal);
        Assert.Contains("The session has ended.", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await (await other.GetAsync("/api/me")).ProblemAsync(401);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/api/me")).StatusCode);
    }

    [Fact]
    [Trait("Fault", "SEC-16")]
    public async Task More_sessions_at_a_time_than_allowed_are_refused_in_words()
    {
        using var host = new PortalHost(("SignIn:SessionsPerUser", "2"));
        await host.TokenAsync(name: "Many");
        await host.TokenAsync(name: "Many");

        await (await host.Caller().PostAsJsonAsync("/sign-in/persona", new { persona = "operator", name = "Many" })).ProblemAsync(429);
        Assert.NotEmpty(await host.TokenAsync(name: "Other"));
    }

    [Fact]
    [Trait("Fault", "SEC-16")]
    public async Task More_sessions_of_an_address_than_allowed_are_refused_whoever_asks()
    {
        using var host = PortalHost.OnKestrel(("SignIn:SessionsPerAddress", "2"));
        using var caller = new HttpClient { BaseAddress = host.Address };
        var (first, second, third) = (await SignInAsync("One"), await SignInAsync("Two"), await SignInAsync("Three"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (first.StatusCode, second.StatusCode));
        await third.ProblemAsync(429);
        Assert.Contains(host.Audit.Entries, entry => entry is { Who: "Three", Act: "signIn", Outcome: "refused" } && entry.Detail!.Contains("from this address", StringComparison.Ordinal));

        // Whoever leaves makes room.
        var leaver = (await first.JsonAsync()).GetProperty("token").GetString();
        using var leaving = new HttpRequestMessage(HttpMethod.Post, "/sign-out") { Headers = { Authorization = new("Bearer", leaver) } };
        await caller.SendAsync(leaving);
        Assert.Equal(HttpStatusCode.OK, (await SignInAsync("Four")).StatusCode);

        Task<HttpResponseMessage> SignInAsync(string name) => caller.PostAsJsonAsync("/sign-in/persona", new { persona = "operator", name });
    }

    [Fact]
    [Trait("Fault", "SEC-16")]
    public async Task The_session_that_a_browser_has_does_not_stand_in_the_way_of_its_next_and_stays_where_there_is_no_next()
    {
        using var host = PortalHost.OnKestrel(("SignIn:SessionsPerUser", "1"), ("SignIn:SessionsPerAddress", "2"));
        using var caller = new HttpClient { BaseAddress = host.Address };
        var store = host.Services.GetRequiredService<ISessionStore>();
        var first = await SignInAsync("Mine", null);
        var second = await SignInAsync("Mine", first);
        var other = await SignInAsync("Other", null);
        Assert.Equal((null, "Mine", "Other"), ((await store.GetAsync(first!, default))?.User.Name, (await store.GetAsync(second!, default))?.User.Name, (await store.GetAsync(other!, default))?.User.Name));

        Assert.Null(await SignInAsync("Other", second));
        Assert.NotNull(await store.GetAsync(second!, default));

        // As many as the address may have, and yet one may take the place of another.
        Assert.NotNull(await SignInAsync("Third", second));
        Assert.Null(await store.GetAsync(second!, default));

        // The session's token, or null where there are too many.
        async Task<string?> SignInAsync(string name, string? former)
        {
            using var request = new HttpRequestMessage(HttpMethod.Post, "/sign-in/persona") { Content = JsonContent.Create(new { persona = "operator", name }) };
            request.Headers.Add("Cookie", $"__Host-opsportal={former}");
            using var answer = await caller.SendAsync(request);
            return answer.StatusCode == HttpStatusCode.TooManyRequests ? null : (await answer.JsonAsync()).GetProperty("token").GetString();
        }
    }

    [Fact]
    [Trait("Fault", "SEC-14")]
    public async Task A_session_that_nobody_uses_ends_however_much_its_pages_fetch()
    {
        using var host = new PortalHost(("SignIn:IdleFor", "00:00:10"), ("SignIn:CheckEvery", "00:00:01"));
        var (polled, touched) = (host.Caller(cookies: true), host.Caller(cookies: true));
        foreach (var (browser, name) in new[] { (polled, "Polled"), (touched, "Touched") })
        {
            await browser.PostAsJsonAsync("/sign-in/persona", new { persona = "operator", name });
        }

        using var hub = await OpenHub.OpenAsync(host, await OfAsync(host, "Idle"));
        for (var second = 0; second < 13; second++)
        {
            await polled.GetAsync("/api/fleet");
            await polled.PostAsync("/hubs/feed/negotiate?negotiateVersion=1", null);
            Assert.Equal(HttpStatusCode.NoContent, (await touched.PostAsync("/sign-in/here", null)).StatusCode);
            await Task.Delay(1_000);
        }

        await (await polled.GetAsync("/api/me")).ProblemAsync(401);
        Assert.Equal(HttpStatusCode.OK, (await touched.GetAsync("/api/me")).StatusCode);
        await Eventually.IsTrueAsync("the open feed is cut", Patience, () => Task.FromResult(hub.IsCut));
    }

    [Fact]
    public async Task A_personal_token_looks_after_no_sessions()
    {
        var maker = await portal.Host.SignedInAsync(Somebody("maker"));
        var secret = (await (await maker.PostAsJsonAsync("/api/tokens", new { name = "x", days = 1 })).JsonAsync()).GetProperty("secret").GetString();
        var script = portal.Host.Caller();
        script.DefaultRequestHeaders.Authorization = new("Bearer", secret);

        await (await script.GetAsync("/api/sessions")).ProblemAsync(403);
        await (await script.DeleteAsync("/api/sessions")).ProblemAsync(403);
    }

    // A session as the sign-in would begin it, whose id is known.
    private static async Task<string> OfAsync(PortalHost host, string id)
    {
        var (session, now) = (SessionId.New(), TimeProvider.System.GetUtcNow());
        await host.Services.GetRequiredService<ISessionStore>().KeepAsync(session, new Session(Somebody(id), now, now.AddHours(1)) { IdleAt = now.AddSeconds(10) }, default);
        return session;
    }

    private static async Task<List<string>> ListAsync(HttpClient caller, string query = "") =>
        [.. (await (await caller.GetAsync($"/api/sessions{query}")).JsonAsync()).GetProperty("items").EnumerateArray().Select(session => session.GetProperty("id").GetString()!)];
}
