using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Access;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Feed;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Tokens;

/// <summary>Personal tokens over HTTP.</summary>
public sealed class TokenTests(TokenTests.Portal portal) : IClassFixture<TokenTests.Portal>
{
    public sealed class Portal : IAsyncLifetime
    {
        public PortalHost Host { get; } = new(("Tokens:Longest", "30.00:00:00"), ("Tokens:MostPerUser", "3"));

        public async Task InitializeAsync()
        {
            await Host.Services.GetRequiredService<ITrainStore>().KeepAsync([Samples.State(Samples.Longsight(), 1), Samples.State(Samples.Crofton(), 2)], default);
            var feed = Host.Services.GetRequiredService<LiveFeed>();
            await Eventually.IsTrueAsync("the feed has the trains", TimeSpan.FromSeconds(20), () => Task.FromResult(feed.Find(Core.Access.Scope.WholeFleet, "222-007") is not null));
        }

        public Task DisposeAsync()
        {
            Host.Dispose();
            return Task.CompletedTask;
        }
    }

    private static User Somebody(string id, Core.Access.Scope? scope = null, Role role = Role.Operator) => new(id, $"Name of {id}", new HashSet<Role> { role }, scope ?? Core.Access.Scope.WholeFleet);

    [Fact]
    public async Task A_token_reads_what_its_maker_reads_and_changes_nothing()
    {
        var script = await ScriptAsync(Somebody("reader"));

        Assert.Equal(["read", "readReports"], (await (await script.GetAsync("/api/me")).JsonAsync()).GetProperty("verbs").EnumerateArray().Select(verb => verb.GetString()));
        Assert.Equal(HttpStatusCode.OK, (await script.GetAsync("/api/fleet")).StatusCode);
        await (await script.PostAsJsonAsync("/api/alerts/acknowledge", new { ids = new[] { "x" }, note = "x" })).ProblemAsync(403);
        await (await script.PostAsJsonAsync("/api/alerts/x/acknowledge", new { note = "x" })).ProblemAsync(403);
        await (await script.PostAsJsonAsync("/api/tokens", new { name = "another" })).ProblemAsync(403);
        await (await script.GetAsync("/api/tokens")).ProblemAsync(403);
        await (await script.DeleteAsync("/api/tokens/x")).ProblemAsync(403);
    }

    [Theory]
    [Trait("Fault", "SEC-20")]
    [InlineData("/")]
    [InlineData("/alerts")]
    [InlineData("/tokens")]
    [InlineData("/hubs/feed/negotiate?negotiateVersion=1")]
    [InlineData("/_blazor/negotiate?negotiateVersion=1")]
    public async Task A_token_opens_no_page_no_hub_and_no_circuit(string path)
    {
        var script = await ScriptAsync(Somebody("walker" + path.Length));

        var answer = path.Contains("negotiate", StringComparison.Ordinal) ? await script.PostAsync(path, null) : await script.GetAsync(path);

        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_token_follows_its_makers_present_roles_and_scope()
    {
        var script = await ScriptAsync(Somebody("mover"));
        Assert.Equal(2, await CountAsync(script));

        // The maker's next sign-in comes with less.
        await (await portal.Host.SignedInAsync(Somebody("mover", Samples.OnlyLongsight("depot")))).GetAsync("/api/me");

        Assert.Equal(1, await CountAsync(script));
        await (await script.GetAsync("/api/trains/222-007")).ProblemAsync(404);
    }

    [Fact]
    public async Task The_secret_is_shown_once_and_kept_nowhere()
    {
        using var host = new PortalHost();
        var maker = await host.SignedInAsync(Somebody("careful"));
        var secret = (await (await maker.PostAsJsonAsync("/api/tokens", new { name = "notebook", days = 7 })).JsonAsync()).GetProperty("secret").GetString()!;

        Assert.True(BearerSecret.OfPerson.IsWellFormed(secret));
        Assert.DoesNotContain(secret, await maker.GetStringAsync("/api/tokens"), StringComparison.Ordinal);
        Assert.DoesNotContain(secret, await maker.GetStringAsync("/tokens"), StringComparison.Ordinal);
        Assert.DoesNotContain(host.Audit.Entries, entry => entry.ToString().Contains(secret, StringComparison.Ordinal));
        Assert.Contains(host.Audit.Entries, entry => entry is { Act: "makeToken", Who: "Name of careful", Outcome: "ok" });
        var store = host.Services.GetRequiredService<IPersonalTokenStore>();
        Assert.Null(await store.FindBySecretAsync(secret, default));
        Assert.NotNull(await store.FindBySecretAsync(BearerSecret.Hash(secret), default));
    }

    [Fact]
    [Trait("Fault", "SEC-23")]
    public async Task Its_maker_and_an_administrator_revoke_it_and_nobody_else()
    {
        var (maker, stranger, administrator) = (await portal.Host.SignedInAsync(Somebody("maker")), await portal.Host.SignedInAsync(Somebody("stranger")), await portal.Host.SignedInAsync(Somebody("boss", role: Role.Administrator)));
        var (first, second) = (await MakeAsync(maker), await MakeAsync(maker));

        await (await stranger.DeleteAsync($"/api/tokens/{first.Id}")).ProblemAsync(404);
        Assert.DoesNotContain(first.Id, await stranger.GetStringAsync("/api/tokens?all=true"), StringComparison.Ordinal);
        Assert.Contains(first.Id, await administrator.GetStringAsync("/api/tokens?all=true"), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.NoContent, (await maker.DeleteAsync($"/api/tokens/{first.Id}")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await administrator.DeleteAsync($"/api/tokens/{second.Id}")).StatusCode);

        await (await Script(first.Secret).GetAsync("/api/me")).ProblemAsync(401);
        await (await Script(second.Secret).GetAsync("/api/me")).ProblemAsync(401);
        Assert.Contains(portal.Host.Audit.Entries, entry => entry is { Act: "revokeToken", Who: "Name of boss" } && entry.On == second.Id);
        Assert.Contains(portal.Host.Audit.Entries, entry => entry is { Act: "refuse", On: "GET /api/me" });
    }

    [Theory]
    [InlineData("", 1, "name")]
    [InlineData(" ", 1, "name")]
    [InlineData("two\nlines", 1, "name")]
    [InlineData("turned\u202Eround", 1, "name")]
    [InlineData("long", 31, "days")]
    [InlineData("long", 0, "days")]
    [InlineData("long", -1, "days")]
    [InlineData("long", 1e300, "days")]
    public async Task A_name_or_a_life_that_cannot_be_is_refused(string name, double days, string field) =>
        Assert.Equal([field], (await (await (await portal.Host.SignedInAsync(Somebody("sloppy"))).PostAsJsonAsync("/api/tokens", new { name, days })).ProblemAsync(400)).Keys);

    [Fact]
    public async Task Nobody_holds_more_tokens_than_allowed()
    {
        var maker = await portal.Host.SignedInAsync(Somebody("hoarder"));
        for (var i = 0; i < 3; i++)
        {
            await MakeAsync(maker);
        }

        await (await maker.PostAsJsonAsync("/api/tokens", new { name = "one more", days = 1 })).ProblemAsync(400);
    }

    [Theory]
    [InlineData("opt_")]
    [InlineData("opt_short")]
    [InlineData("opt_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    [InlineData("OPT_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")]
    public async Task A_made_up_token_opens_nothing(string secret) => await (await Script(secret).GetAsync("/api/me")).ProblemAsync(401);

    [Fact]
    public async Task A_session_in_the_cookie_does_not_save_a_bad_token()
    {
        var script = Script(BearerSecret.OfPerson.New());
        script.DefaultRequestHeaders.Add("Cookie", $"__Host-opsportal={await portal.Host.TokenAsync()}");

        await (await script.GetAsync("/api/me")).ProblemAsync(401);
    }

    [Fact]
    [Trait("Fault", "FLT-33")]
    public async Task What_cannot_be_audited_makes_no_token()
    {
        using var host = new PortalHost();
        var maker = await host.SignedInAsync(Somebody("unlucky"));
        host.Audit.IsBroken = true;

        await (await maker.PostAsJsonAsync("/api/tokens", new { name = "x", days = 1 })).ProblemAsync(503);

        Assert.Empty(await host.Services.GetRequiredService<IPersonalTokenStore>().FindAsync(null, 10, default));
    }

    [Fact]
    public async Task The_page_makes_a_token_shows_it_once_and_revokes_it()
    {
        var maker = await portal.Host.SignedInAsync(Somebody("clicker"));
        var page = await SendFormAsync(maker, "make", new("Making.Name", "<b>lab</b>"), new("Making.Days", "2"));

        var secret = Regex.Match(page, "data-secret>(opt_[^<]+)<").Groups[1].Value;
        Assert.Equal(HttpStatusCode.OK, (await Script(secret).GetAsync("/api/me")).StatusCode);
        Assert.Contains("&lt;b&gt;lab&lt;/b&gt;", page, StringComparison.Ordinal);
        var id = Regex.Match(page, "name=\"Revoking\" value=\"([0-9a-f]+)\"").Groups[1].Value;

        var after = await SendFormAsync(maker, "revoke", new KeyValuePair<string, string>("Revoking", id));

        Assert.Contains("revoked by Name of clicker", after, StringComparison.Ordinal);
        await (await Script(secret).GetAsync("/api/me")).ProblemAsync(401);
    }

    private static async Task<string> SendFormAsync(HttpClient caller, string form, params KeyValuePair<string, string>[] fields)
    {
        var shown = await caller.GetAsync("/tokens");
        var html = await shown.Content.ReadAsStringAsync();
        var token = Regex.Match(html, "name=\"antiforgery\" value=\"([^\"]+)\"").Groups[1].Value;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/tokens") { Content = new FormUrlEncodedContent([new("_handler", form), new("antiforgery", token), .. fields]) };
        request.Headers.Add("Cookie", string.Join("; ", shown.Headers.GetValues("Set-Cookie").Select(cookie => cookie.Split(';')[0])));
        var answer = await caller.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, body);
        return body;
    }

    private async Task<HttpClient> ScriptAsync(User maker) => Script((await MakeAsync(await portal.Host.SignedInAsync(maker))).Secret);

    private HttpClient Script(string secret)
    {
        var caller = portal.Host.Caller();
        caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", secret);
        return caller;
    }

    private static async Task<(string Id, string Secret)> MakeAsync(HttpClient maker)
    {
        var made = await (await maker.PostAsJsonAsync("/api/tokens", new { name = "notebook", days = 7 })).JsonAsync();
        return (made.GetProperty("id").GetString()!, made.GetProperty("secret").GetString()!);
    }

    private static async Task<int> CountAsync(HttpClient caller) => (await (await caller.GetAsync("/api/fleet")).JsonAsync()).GetProperty("items").GetArrayLength();
}
