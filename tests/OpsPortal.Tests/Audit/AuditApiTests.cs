using System.Net;
using System.Text.RegularExpressions;
using OpsPortal.Tests.Host;

namespace OpsPortal.Tests.Audit;

/// <summary>The audit as administrators read it: API, download, page.</summary>
public sealed class AuditApiTests(AuditApiTests.Portal portal) : IClassFixture<AuditApiTests.Portal>
{
    public sealed class Portal : IDisposable
    {
        public PortalHost Host { get; } = new();

        public void Dispose() => Host.Dispose();
    }

    private Task<HttpClient> AdministratorAsync() => portal.Host.SignedInAsync("administrator", "Admin");

    [Fact]
    public async Task Acts_are_listed_newest_first_page_by_page_though_new_ones_come_in_between()
    {
        var caller = await AdministratorAsync();
        foreach (var i in Enumerable.Range(0, 7))
        {
            await portal.Host.TokenAsync(name: $"Pager {i}");
        }

        var first = await (await caller.GetAsync("/api/audit?act=signIn&limit=3")).JsonAsync();
        await portal.Host.TokenAsync(name: "Latecomer");
        var second = await (await caller.GetAsync($"/api/audit?act=signIn&limit=3&after={first.GetProperty("next").GetString()}")).JsonAsync();

        var names = first.GetProperty("items").EnumerateArray().Concat(second.GetProperty("items").EnumerateArray()).Select(item => item.GetProperty("who").GetString());
        Assert.Equal(["Pager 6", "Pager 5", "Pager 4", "Pager 3", "Pager 2", "Pager 1"], names);
        Assert.NotNull(first.GetProperty("limited").GetString());
    }

    [Theory]
    [InlineData("from=yesterday", "from")]
    [InlineData("from=2026-11-21T00:00:00Z&to=2026-11-20T00:00:00Z", "to")]
    [InlineData("limit=0", "limit")]
    [InlineData("after=zzz", "after")]
    [InlineData("who=", "who")]
    [InlineData("what=x", "what")]
    public async Task A_bad_filter_is_refused_by_name(string query, string field) =>
        Assert.Contains(field, (await (await (await AdministratorAsync()).GetAsync($"/api/audit?{query}")).ProblemAsync(400)).Keys);

    [Fact]
    [Trait("Fault", "SEC-39")]
    public async Task Every_act_says_who_what_when_from_where_and_what_came_of_it_and_everything_of_one_request_has_one_id()
    {
        var operatorOne = await portal.Host.SignedInAsync(name: "Who Acts");
        var refused = await operatorOne.GetAsync("/api/audit");
        var problem = await refused.JsonAsync();

        var row = (await (await (await AdministratorAsync()).GetAsync("/api/audit?who=Who%20Acts&act=refuse&limit=1")).JsonAsync()).GetProperty("items")[0];

        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(("GET /api/audit", "refused"), (row.GetProperty("on").GetString(), row.GetProperty("outcome").GetString()));
        Assert.Matches("^[0-9a-f]{32}$", row.GetProperty("correlation").GetString()!);
        Assert.Contains(row.GetProperty("correlation").GetString()!, problem.GetProperty("traceId").GetString()!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verified_over_the_api_it_is_intact()
    {
        var caller = await AdministratorAsync();
        await Kit.Eventually.IsTrueAsync("intact", TimeSpan.FromSeconds(30), async () => (await (await caller.GetAsync("/api/audit/verify")).JsonAsync()).GetProperty("intact").GetBoolean());

        var verdict = await (await caller.GetAsync("/api/audit/verify")).JsonAsync();

        Assert.StartsWith("Intact:", verdict.GetProperty("words").GetString(), StringComparison.Ordinal);
        Assert.Contains(portal.Host.Audit.Entries, entry => entry is { Act: "verifyAudit", Who: "Admin", Outcome: "intact" });
    }

    [Fact]
    [Trait("Fault", "BAD-15")]
    public async Task The_download_is_whole_and_no_cell_begins_like_a_formula()
    {
        foreach (var name in new[] { "=HYPERLINK(1)", "+1+1", "-1", "@SUM(A1)", "a,b", "say \"hi\"" })
        {
            await portal.Host.TokenAsync(name: name);
        }

        var answer = await (await AdministratorAsync()).GetAsync("/api/audit/download?act=signIn");
        var text = await answer.Content.ReadAsStringAsync();

        Assert.Equal("text/csv", answer.Content.Headers.ContentType!.MediaType);
        Assert.Matches("^attachment; filename=\"?audit-.*\\.csv", answer.Content.Headers.ContentDisposition!.ToString());
        foreach (var cell in new[] { ",'=HYPERLINK(1),", ",'+1+1,", ",'-1,", ",'@SUM(A1),", ",\"a,b\",", ",\"say \"\"hi\"\"\"," })
        {
            Assert.Contains(cell, text, StringComparison.Ordinal);
        }

        Assert.DoesNotMatch(new Regex("(^|,)\"?[=+@-]", RegexOptions.Multiline), text);
        Assert.Contains(portal.Host.Audit.Entries, entry => entry is { Act: "downloadAudit", Who: "Admin", Detail: "?act=signIn" });
    }

    [Fact]
    public async Task The_page_shows_filters_from_the_address_and_says_when_nothing_matches_or_a_filter_is_wrong()
    {
        var caller = await AdministratorAsync();
        await portal.Host.TokenAsync(name: "<b>Shown</b>");

        var shown = await caller.GetStringAsync("/audit?act=signIn&who=%3Cb%3EShown%3C%2Fb%3E");
        Assert.Contains("&lt;b&gt;Shown&lt;/b&gt;", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>Shown", shown, StringComparison.Ordinal);
        Assert.Contains("value=\"signIn\"", shown, StringComparison.Ordinal);
        Assert.Contains("No act matches the filter", await caller.GetStringAsync("/audit?who=nobody%20at%20all"), StringComparison.Ordinal);
        Assert.Contains("From must be a time", await caller.GetStringAsync("/audit?from=yesterday"), StringComparison.Ordinal);
        Assert.Contains("From must be before To", await caller.GetStringAsync("/audit?from=2026-11-21T20:00&to=2026-11-21T19:00"), StringComparison.Ordinal);
        Assert.Contains("must be the number", await caller.GetStringAsync("/audit?before=x"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nobody_else_sees_the_page_and_the_refusal_is_recorded()
    {
        var answer = await (await portal.Host.SignedInAsync("operator", "Curious")).GetAsync("/audit");

        Assert.Equal("/not-allowed", answer.Headers.Location?.ToString());
        Assert.Contains(portal.Host.Audit.Entries, entry => entry is { Act: "refuse", Who: "Curious", On: "GET /audit" });
        Assert.DoesNotContain("href=\"/audit\"", await (await portal.Host.SignedInAsync("operator", "Curious")).GetStringAsync("/alerts"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_administrator_who_sees_a_part_of_the_fleet_reads_no_audit_of_the_whole()
    {
        var narrow = new Core.Access.User("narrow", "Narrow", new HashSet<Core.Access.Role> { Core.Access.Role.Administrator }, new Core.Access.Scope(System.Collections.Frozen.FrozenSet.ToFrozenSet(["Longsight"]), null, null));

        Assert.Equal(HttpStatusCode.Forbidden, (await (await portal.Host.SignedInAsync(narrow)).GetAsync("/api/audit")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await portal.Host.SignedInAsync(narrow)).GetAsync("/api/audit/download")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await portal.Host.SignedInAsync(narrow)).GetAsync("/api/audit/verify")).StatusCode);
        Assert.Equal("/not-allowed", (await (await portal.Host.SignedInAsync(narrow)).GetAsync("/audit")).Headers.Location?.ToString());
    }

    [Fact]
    public async Task The_start_is_recorded_with_the_keys_that_are_set_and_hashes_of_their_values()
    {
        using var host = new PortalHost(("OpenSearch:Password", "hunter2hunter2"), ("OpenIdConnect:ClientSecret", "swordfish-swordfish"));
        await host.TokenAsync();
        await Kit.Eventually.IsTrueAsync("a start", TimeSpan.FromSeconds(30), () => Task.FromResult(host.Audit.Entries.Any(entry => entry.Act == "start")));

        var detail = host.Audit.Entries.First(entry => entry.Act == "start").Detail!;

        Assert.Matches("Trains:Count=[0-9a-f]{12}|Parts=[0-9a-f]{12}", detail);
        Assert.Contains("OpenIdConnect:ClientSecret=set", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("swordfish", detail, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", detail, StringComparison.Ordinal);
    }
}
