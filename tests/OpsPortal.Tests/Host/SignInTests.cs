using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using OpsPortal.Adapters.Embedded.Access;
using OpsPortal.Core.Access;
using OpsPortal.SignIn;

namespace OpsPortal.Tests.Host;

public sealed class SignInTests(SignInTests.Portal portal) : IClassFixture<SignInTests.Portal>
{
    public sealed class Portal : IDisposable
    {
        public PortalHost Host { get; } = new();

        public void Dispose() => Host.Dispose();
    }

    [Theory]
    [InlineData("executive", "Executive")]
    [InlineData("operator", "Operator")]
    [InlineData("supervisor", "Supervisor")]
    [InlineData("engineer", "Engineer")]
    [InlineData("data-scientist", "DataScientist")]
    [InlineData("business", "Business")]
    [InlineData("administrator", "Administrator")]
    public async Task Every_persona_signs_in_with_its_role(string persona, string role)
    {
        var answer = await portal.Host.Caller().PostAsJsonAsync("/sign-in/persona", new { persona, name = "  Jo  " });

        var signedIn = await answer.JsonAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("Jo", signedIn.GetProperty("name").GetString());
        Assert.Equal([role], signedIn.GetProperty("roles").Deserialize<string[]>()!);
    }

    [Fact]
    [Trait("Fault", "SEC-11")]
    public async Task The_cookie_is_bound_to_the_host_and_out_of_reach_of_scripts()
    {
        var answer = await portal.Host.Caller().PostAsJsonAsync("/sign-in/persona", new { persona = "operator", name = "Jo" });

        var cookie = Assert.Single(answer.Headers.GetValues("Set-Cookie")).Split("; ");
        Assert.StartsWith("__Host-opsportal=", cookie[0], StringComparison.Ordinal);
        Assert.Superset(new HashSet<string> { "path=/", "secure", "samesite=lax", "httponly" }, cookie.ToHashSet());
        Assert.DoesNotContain(cookie, part => part.StartsWith("domain", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [Trait("Fault", "BAD-14")]
    [Trait("Fault", "BAD-16")]
    [InlineData("operator", "", "name")]
    [InlineData("operator", "   ", "name")]
    [InlineData("operator", null, "name")]
    [InlineData("operator", "Jo\u0007", "name")]
    [InlineData("operator", "Jo\nadmin", "name")]
    [InlineData("operator", "Jo\u202Etxe", "name")]
    [InlineData("operator", "0123456789012345678901234567890123456789012345678901234567890", "name")]
    [InlineData("Operator", "Jo", "persona")]
    [InlineData("root", "Jo", "persona")]
    [InlineData(null, "Jo", "persona")]
    public async Task A_bad_name_or_persona_is_refused_and_audited(string? persona, string? name, string field)
    {
        var before = portal.Host.Audit.Entries.Count;

        var answer = await portal.Host.Caller().PostAsJsonAsync("/sign-in/persona", new { persona, name });

        Assert.Equal([field], (await answer.ProblemAsync(400)).Keys);
        Assert.Contains(portal.Host.Audit.Entries.Skip(before), entry => entry is { Act: "refuse", Outcome: "refused" });
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("\"operator\"")]
    [InlineData("{\"persona\":7,\"name\":{}}")]
    public async Task A_body_that_is_not_the_json_asked_for_is_a_plain_400(string body)
    {
        var answer = await portal.Host.Caller().PostAsync("/sign-in/persona", new StringContent(body, MediaTypeHeaderValue.Parse("application/json")));

        Assert.NotEmpty(await answer.ProblemAsync(400));
    }

    [Fact]
    [Trait("Fault", "SEC-19")]
    public async Task The_token_opens_the_api_by_header_and_by_cookie_but_not_by_query()
    {
        var token = await portal.Host.TokenAsync();
        var byHeader = portal.Host.Caller();
        byHeader.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        var byCookie = portal.Host.Caller();
        byCookie.DefaultRequestHeaders.Add("Cookie", $"__Host-opsportal={token}");

        Assert.Equal(HttpStatusCode.OK, (await byHeader.GetAsync("/api/me")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await byCookie.GetAsync("/api/me")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await portal.Host.Caller().GetAsync($"/api/me?access_token={token}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await portal.Host.Caller().PostAsync($"/hubs/feed/negotiate?negotiateVersion=1&access_token={token}", null)).StatusCode);
    }

    [Fact]
    public async Task Two_names_are_two_people()
    {
        var one = await (await (await portal.Host.SignedInAsync(name: "Operator One")).GetAsync("/api/me")).JsonAsync();
        var two = await (await (await portal.Host.SignedInAsync(name: "Operator Two")).GetAsync("/api/me")).JsonAsync();

        Assert.NotEqual(one.GetProperty("id").GetString(), two.GetProperty("id").GetString());
        Assert.Equal("Operator Two", two.GetProperty("name").GetString());
    }

    [Theory]
    [Trait("Fault", "SEC-21")]
    [InlineData("GET", "/api/me")]
    [InlineData("GET", "/api/fleet")]
    [InlineData("GET", "/API/fleet")]
    [InlineData("GET", "/api//fleet")]
    [InlineData("GET", "/api/nothing/here")]
    [InlineData("POST", "/api/alerts/acknowledge")]
    [InlineData("POST", "/api/demo/faults")]
    [InlineData("GET", "/openapi/v1.json")]
    [InlineData("POST", "/hubs/feed/negotiate")]
    [InlineData("GET", "/hubs/feed")]
    [InlineData("POST", "/_blazor/negotiate")]
    [InlineData("POST", "/sign-out")]
    public async Task Without_a_session_programs_get_401(string method, string path) =>
        Assert.NotEmpty(await (await portal.Host.Caller().SendAsync(new HttpRequestMessage(new HttpMethod(method), path))).ProblemAsync(401));

    [Theory]
    [InlineData("/", "/")]
    [InlineData("/alerts?state=open", "/alerts?state=open")]
    [InlineData("/no-such-page", "/no-such-page")]
    public async Task Without_a_session_pages_lead_to_sign_in_and_back(string path, string target)
    {
        var answer = await portal.Host.Caller().GetAsync(path);

        Assert.Equal(HttpStatusCode.Redirect, answer.StatusCode);
        Assert.Equal($"/sign-in?returnUrl={Uri.EscapeDataString(target)}", answer.Headers.Location!.ToString());
    }

    [Fact]
    [Trait("Fault", "BAD-49")]
    public async Task A_made_up_session_is_refused_and_audited()
    {
        var caller = portal.Host.Caller();
        caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", SessionId.New());
        var before = portal.Host.Audit.Entries.Count;

        await (await caller.GetAsync("/api/me")).ProblemAsync(401);

        Assert.Contains(portal.Host.Audit.Entries.Skip(before), entry => entry is { Act: "refuse", On: "GET /api/me" });
    }

    [Fact]
    [Trait("Fault", "BAD-49")]
    [Trait("Fault", "SEC-12")]
    public async Task Signing_out_ends_the_session_for_cookie_and_token_alike()
    {
        var caller = await portal.Host.SignedInAsync(name: "Leaver");

        Assert.Equal(HttpStatusCode.NoContent, (await caller.PostAsync("/sign-out", null)).StatusCode);

        await (await caller.GetAsync("/api/me")).ProblemAsync(401);
        Assert.Contains(portal.Host.Audit.Entries, entry => entry is { Act: "signIn", Who: "Leaver", Outcome: "ok" });
        Assert.Contains(portal.Host.Audit.Entries, entry => entry is { Act: "signOut", Who: "Leaver", Outcome: "ok" });
    }

    [Fact]
    [Trait("Fault", "SEC-14")]
    public async Task A_session_ends_at_its_time_however_much_it_is_used()
    {
        using var data = new Kit.DataFolder();
        var time = new Kit.ManualTime();
        using var store = new EmbeddedSessionStore(data.AsOptions(), time, NullLogger<EmbeddedSessionStore>.Instance);
        var id = SessionId.New();
        var user = new User("persona:operator:Jo", "Jo", new HashSet<Role> { Role.Operator }, Contracts.Samples.OnlyLongsight("depot"));
        await store.KeepAsync(id, new Session(user, time.GetUtcNow(), time.GetUtcNow().AddHours(12)), CancellationToken.None);

        time.Advance(TimeSpan.FromHours(12) - TimeSpan.FromSeconds(1));
        var kept = await store.GetAsync(id, CancellationToken.None);
        time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal((user.Id, user.Name, user.Scope.Key), (kept!.User.Id, kept.User.Name, kept.User.Scope.Key));
        Assert.Equal(user.Roles, kept.User.Roles);
        Assert.Null(await store.GetAsync(id, CancellationToken.None));
    }

    [Fact]
    public async Task Sessions_survive_a_restart()
    {
        using var data = new Kit.DataFolder();
        var (id, now) = (SessionId.New(), TimeProvider.System.GetUtcNow());
        using (var before = new EmbeddedSessionStore(data.AsOptions(), TimeProvider.System, NullLogger<EmbeddedSessionStore>.Instance))
        {
            await before.KeepAsync(id, new Session(new User("persona:operator:Jo", "Jo", new HashSet<Role> { Role.Operator }, Scope.WholeFleet), now, now.AddHours(12)), CancellationToken.None);
        }

        using var after = new EmbeddedSessionStore(data.AsOptions(), TimeProvider.System, NullLogger<EmbeddedSessionStore>.Instance);

        Assert.True((await after.GetAsync(id, CancellationToken.None))!.User.Scope.IsWholeFleet);
    }

    [Fact]
    public async Task Sessions_are_kept_only_as_hashes()
    {
        var token = await portal.Host.TokenAsync();
        var store = portal.Host.Services.GetRequiredService<ISessionStore>();

        Assert.NotNull(await store.GetAsync(token, CancellationToken.None));
        Assert.Null(await store.GetAsync(SessionId.Hash(token), CancellationToken.None));
    }

    [Fact]
    [Trait("Fault", "FLT-33")]
    public async Task What_cannot_be_audited_signs_nobody_in()
    {
        using var host = new PortalHost();
        host.Audit.IsBroken = true;

        var answer = await host.Caller().PostAsJsonAsync("/sign-in/persona", new { persona = "operator", name = "Jo" });

        await answer.ProblemAsync(503);
        Assert.False(answer.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [Trait("Fault", "BAD-45")]
    [Trait("Fault", "SEC-18")]
    [InlineData("/", "/")]
    [InlineData("/alerts?state=open#x", "/alerts?state=open#x")]
    [InlineData("/trains/390-042", "/trains/390-042")]
    [InlineData(null, "/")]
    [InlineData("", "/")]
    [InlineData("https://evil.example", "/")]
    [InlineData("//evil.example", "/")]
    [InlineData("/\\evil.example", "/")]
    [InlineData("\\\\evil.example", "/")]
    [InlineData("/%5cevil.example", "/")]
    [InlineData("/%2fevil.example", "/")]
    [InlineData("https:evil.example", "/")]
    [InlineData("javascript:alert(1)", "/")]
    [InlineData("data:text/html,x", "/")]
    [InlineData("/x\r\nSet-Cookie: a=b", "/")]
    [InlineData("/x%0d%0aSet-Cookie: a=b", "/")]
    [InlineData(" /alerts", "/")]
    [InlineData("/alerts?line=S%C3%BCd", "/alerts?line=S%C3%BCd")]
    [InlineData("/alerts?line=S\u00fcd", "/")]
    [InlineData("/\u202ealerts", "/")]
    [InlineData("alerts", "/")]
    [InlineData("/sign-in", "/")]
    [InlineData("/sign-out", "/")]
    public void Only_local_paths_are_returned_to(string? asked, string target) => Assert.Equal(target, LocalUrl.OrRoot(asked));

    [Fact]
    public void A_very_long_return_path_is_not_returned_to() => Assert.Equal("/", LocalUrl.OrRoot("/" + new string('a', 4_000)));
}
