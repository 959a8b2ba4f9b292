using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Access;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Reports;

/// <summary>The dashboard's page and address in the portal, configured and not.</summary>
public sealed class DashboardTests(DashboardTests.Portal portal) : IClassFixture<DashboardTests.Portal>
{
    private const string Frames = "frame-src https://eu-west-2.quicksight.aws.amazon.com;";

    public sealed class Portal : IAsyncLifetime
    {
        public PortalHost Plain { get; } = new();

        public PortalHost Host { get; private set; } = null!;

        internal QuickSightPeer Peer { get; private set; } = null!;

        internal LinesLogged Lines { get; } = new();

        public async Task InitializeAsync()
        {
            Peer = await QuickSightPeer.StartAsync();
            Host = new PortalHost(
                services => services.AddSingleton<ICredentialSource>(new ScriptedKeys(ScriptedKeys.Lasting)).AddLogging(logging => logging.AddProvider(Lines)),
                [.. Peer.Settings, ("QuickSight:Title", "Fleet & money"), ("Aws:RetryDelay", "00:00:00.001"), ("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:Microsoft", "Trace")]);
        }

        public async Task DisposeAsync()
        {
            Host.Dispose();
            Plain.Dispose();
            await Peer.DisposeAsync();
            Lines.Dispose();
        }
    }

    [Fact]
    public async Task Where_none_is_configured_there_is_no_card_no_page_and_no_address()
    {
        using var caller = await portal.Plain.SignedInAsync("business", "Business One");

        using var page = await caller.GetAsync("/reports/dashboard");
        using var answer = await caller.PostAsync("/api/reports/dashboard", null);

        Assert.DoesNotContain("dashboard", await caller.GetStringAsync("/reports"), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(404, (int)page.StatusCode);
        Assert.Contains("frame-src 'none'", Policy(page), StringComparison.Ordinal);
        await answer.ProblemAsync(404);
    }

    [Fact]
    public async Task Where_one_is_configured_a_card_leads_to_its_page_whose_policy_alone_lets_its_frame_in()
    {
        using var caller = await portal.Host.SignedInAsync("business", "Business One");

        using var reports = await caller.GetAsync("/reports");
        using var page = await caller.GetAsync("/reports/dashboard");
        var text = await page.Content.ReadAsStringAsync();

        Assert.Contains("href=\"/reports/dashboard\"><b>Fleet &amp; money</b>", await reports.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Matches("id=\"dashboard\".*data-state=\"loading\"", text);
        Assert.DoesNotContain("<iframe", text, StringComparison.Ordinal);
        Assert.Contains(Frames, Policy(page), StringComparison.Ordinal);
        Assert.Equal(Policy(reports), Policy(page).Replace(Frames, "frame-src 'none';", StringComparison.Ordinal));
        foreach (var other in new[] { "/", "/alerts", "/reports/data", "/api/me" })
        {
            using var answer = await caller.GetAsync(other);
            Assert.Contains("frame-src 'none'", Policy(answer), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Opening_gives_the_address_once_writes_it_down_without_it_and_lets_nobody_keep_it()
    {
        using var caller = await portal.Host.SignedInAsync("executive", "Chief");

        using var answer = await caller.PostAsync("/api/reports/dashboard", null);
        var opened = await answer.JsonAsync();

        Assert.Equal((200, "no-store"), ((int)answer.StatusCode, answer.Headers.CacheControl?.ToString()));
        Assert.Equal(QuickSightPeer.EmbedUrl, opened.GetProperty("address").GetString());
        Assert.InRange(opened.GetProperty("seconds").GetInt32(), 3_590, 3_600);
        Assert.Equal("""["https://localhost"]""", portal.Peer.LastBody.GetProperty("AllowedDomains").GetRawText());
        var entry = Assert.Single(portal.Host.Audit.Entries, entry => entry is { Act: "openDashboard", Who: "Chief" });
        Assert.Equal(("fleet-1", "ok"), (entry.On, entry.Outcome));
        Assert.StartsWith($"as {QuickSightPeer.Readers}, until ", entry.Detail, StringComparison.Ordinal);
        Assert.DoesNotContain(portal.Host.Audit.Entries.Select(entry => entry.ToString()).Concat(portal.Lines.All), line => line.Contains(QuickSightPeer.Code, StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_cannot_be_written_down_is_not_given()
    {
        using var caller = await portal.Host.SignedInAsync("executive", "Unwritten");
        portal.Host.Audit.IsBroken = true;
        try
        {
            using var answer = await caller.PostAsync("/api/reports/dashboard", null);

            Assert.Contains("must be recorded", (await answer.ProblemAsync(503))["request"][0], StringComparison.Ordinal);
            Assert.DoesNotContain(QuickSightPeer.Code, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        finally
        {
            portal.Host.Audit.IsBroken = false;
        }
    }

    [Fact]
    public async Task Who_sees_a_part_of_the_fleet_is_told_why_not_and_the_refusal_is_audited()
    {
        using var caller = await portal.Host.SignedInAsync(new User("part", "Part", new HashSet<Role> { Role.Engineer }, Samples.OnlyLongsight("depot")));
        var before = portal.Peer.Received.Count;

        using var page = await caller.GetAsync("/reports/dashboard");
        using var answer = await caller.PostAsync("/api/reports/dashboard", null);
        var text = await page.Content.ReadAsStringAsync();

        Assert.Contains("You see a part of the fleet", text, StringComparison.Ordinal);
        Assert.DoesNotContain("dashboard.entry.js", text, StringComparison.Ordinal);
        Assert.Contains("frame-src 'none'", Policy(page), StringComparison.Ordinal);
        Assert.DoesNotContain("/reports/dashboard", await caller.GetStringAsync("/reports"), StringComparison.Ordinal);
        Assert.Contains("You see a part of the fleet", (await answer.ProblemAsync(403))["request"][0], StringComparison.Ordinal);
        Assert.Contains(portal.Host.Audit.Entries, entry => entry is { Act: "refuse", Who: "Part", On: "POST /api/reports/dashboard" });
        Assert.Equal(before, portal.Peer.Received.Count);
    }

    [Theory]
    [InlineData(403, "UnsupportedPricingPlanException", 502, "pricing plan")]
    [InlineData(404, "QuickSightUserNotFoundException", 502, "has no user default/fleet-readers")]
    [InlineData(429, "ThrottlingException", 503, "asked too often")]
    public async Task What_goes_wrong_over_there_is_a_problem_in_words_and_no_dashboard_was_opened(int theirs, string code, int ours, string words)
    {
        using var caller = await portal.Host.SignedInAsync("operator", $"Operator {code}");
        foreach (var again in Enumerable.Range(0, ours == 503 ? 3 : 1))
        {
            portal.Peer.Answers.Enqueue(QuickSightPeer.Error(theirs, code));
        }

        using var answer = await caller.PostAsync("/api/reports/dashboard", null);

        Assert.Contains(words, (await answer.ProblemAsync(ours))["request"][0], StringComparison.Ordinal);
        Assert.Equal(ours == 503, answer.Headers.RetryAfter is not null);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.DoesNotContain(portal.Host.Audit.Entries, entry => entry.Act == "openDashboard" && entry.Who == $"Operator {code}");
    }

    private static string Policy(HttpResponseMessage answer) => Assert.Single(answer.Headers.GetValues("Content-Security-Policy"));
}
