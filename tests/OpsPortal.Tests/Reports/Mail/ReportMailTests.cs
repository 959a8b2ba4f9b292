using System.Collections.Frozen;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Adapters.Embedded.Warehouse;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Reports.Mail;
using OpsPortal.Core.Telemetry;
using OpsPortal.Reports.Mail;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit.Mail;

namespace OpsPortal.Tests.Reports.Mail;

/// <summary>Reports by mail in the portal, handed to npm's <c>smtp-server</c>.</summary>
[Trait("Peer", "smtp-server")]
public sealed class ReportMailTests : IAsyncLifetime
{
    private const string Hostile = "<img src=x onerror=alert(1)>";

    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();

    // In the last whole day, whatever the time is.
    private static readonly DateTimeOffset Raised = new DateTimeOffset(Now.UtcDateTime.Date, TimeSpan.Zero).AddHours(-2);

    private static readonly TrainIdentity Odd = new("999-001", Samples.Longsight().Depot, Hostile, "390");

    private MailServer _server = null!;
    private PortalHost _portal = null!;

    private IMailedReports Store => _portal.Services.GetRequiredService<IMailedReports>();

    private Mailer Mailer => _portal.Services.GetRequiredService<Mailer>();

    public async Task InitializeAsync()
    {
        _server = await MailServer.StartAsync();
        _portal = new PortalHost(
            ("Smtp:Host", "127.0.0.1"), ("Smtp:Port", $"{_server.Port}"), ("Smtp:Security", "None"), ("Smtp:From", "portal@trains.example"), ("Smtp:Timeout", "00:00:10"),
            ("ReportMail:Domains:0", "trains.example"), ("ReportMail:PublicAddress", "https://portal.trains.example"), ("ReportMail:MostPerUser", "2"), ("ReportMail:LookEvery", "00:10:00"));
        var services = _portal.Services;
        foreach (var (train, i) in new[] { Samples.Longsight(), Samples.Crofton(), Odd }.Select((train, i) => (train, i)))
        {
            await services.GetRequiredService<ITrainStore>().KeepAsync([Samples.State(train, i + 1)], default);
            await services.GetRequiredService<IAlertStore>().PutAsync(Samples.Alert($"a{i}", train, Raised.AddMinutes(i)), 0, default);
            var window = new ReadingWindow(train, Raised.AddHours(-30), 1, 10, Raised, i == 1, new Dictionary<string, ReadingFigures> { ["oilTemperature.car1"] = new(1, 1, 1, 1) });
            await services.GetRequiredService<IReadingStore>().KeepAsync([window], default);
        }

        await services.GetRequiredService<WarehouseFilling>().FillAsync(default);
    }

    public async Task DisposeAsync()
    {
        _portal.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task A_mail_that_is_due_brings_the_figures_of_the_last_day_once_and_the_next_is_due_a_day_later()
    {
        using var jo = await _portal.SignedInAsync("business", "Jo");
        var id = await MakeAsync(jo, new { report = "worst", every = "day", at = "00:00", to = "jo@trains.example" });
        var due = await MakeDueAsync(id);

        await Mailer.SendDueAsync(default);
        await Mailer.SendDueAsync(default);

        var mail = Assert.Single(await _server.MailsAsync(1));
        Assert.Equal("jo@trains.example", Assert.Single(mail.To));
        var day = Raised.UtcDateTime.Date;
        var csv = await jo.GetStringAsync($"/api/reports/worst?from={day:yyyy-MM-dd}T00:00:00Z&to={day.AddDays(1):yyyy-MM-dd}T00:00:00Z&format=csv");
        Assert.Equal(WithoutAsOf(csv), WithoutAsOf(mail.Csv));
        Assert.Contains($"{day:d MMM yyyy}", mail.Subject, StringComparison.Ordinal);
        Assert.Contains($"https://portal.trains.example/reports/worst?from={day:yyyy-MM-dd}", mail.Text, StringComparison.Ordinal);
        Assert.Contains("Sent because Jo asked for it", mail.Text, StringComparison.Ordinal);
        Assert.Equal(due.AddDays(1), (await Store.GetAsync(id, default))!.DueAt);
        var listed = Assert.Single((await (await jo.GetAsync("/api/report-mails")).JsonAsync()).GetProperty("items").EnumerateArray());
        Assert.Equal(JsonValueKind.String, listed.GetProperty("sentAt").ValueKind);
        Assert.Contains(_portal.Audit.Entries, entry => entry is { Act: "mailReport", Who: "Jo" } && entry.On == id);
    }

    [Fact]
    [Trait("Fault", "BAD-13")]
    public async Task Names_of_trains_and_lines_are_text_in_the_mail()
    {
        using var jo = await _portal.SignedInAsync("business", "Jo");
        var id = await MakeAsync(jo, new { report = "alerts", every = "day", at = "00:00", to = "jo@trains.example", line = Hostile });
        await MakeDueAsync(id);

        await Mailer.SendDueAsync(default);

        var mail = Assert.Single(await _server.MailsAsync(1));
        Assert.DoesNotContain("<img", mail.Html, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("&lt;img src=x onerror=alert(1)&gt;", mail.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("://", mail.Html.Replace("https://portal.trains.example", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_holds_what_its_owner_may_see_when_it_is_made_and_nothing_when_their_role_is_gone()
    {
        var whole = new User("mail|eve", "Eve", new HashSet<Role> { Role.Business }, Core.Access.Scope.WholeFleet);
        using var eve = await _portal.SignedInAsync(whole);
        var id = await MakeAsync(eve, new { report = "worst", every = "day", at = "00:00", to = "eve@trains.example" });
        var users = _portal.Services.GetRequiredService<IKnownUsers>();
        await users.NoteAsync(whole with { Scope = Core.Access.Scope.WholeFleet with { Depots = FrozenSet.Create(Samples.Crofton().Depot) } }, TimeProvider.System.GetUtcNow(), default);
        await MakeDueAsync(id);
        await Mailer.SendDueAsync(default);

        var mail = Assert.Single(await _server.MailsAsync(1));
        Assert.All([mail.Csv, mail.Text, mail.Html], text =>
        {
            Assert.Contains("222 007", text, StringComparison.Ordinal);
            Assert.DoesNotContain("390 042", text, StringComparison.Ordinal);
        });

        await users.NoteAsync(whole with { Roles = new HashSet<Role>() }, TimeProvider.System.GetUtcNow(), default);
        await MakeDueAsync(id);
        await Mailer.SendDueAsync(default);

        Assert.Single(_server.Mails);
        Assert.Equal("Its owner's role gives no reports by mail any more.", (await Store.GetAsync(id, default))!.Problem);
    }

    [Fact]
    public async Task A_mail_that_is_not_taken_is_tried_again_later_and_later_says_so_and_goes_once_when_it_is()
    {
        using var jo = await _portal.SignedInAsync("business", "Jo");
        var id = await MakeAsync(jo, new { report = "alerts", every = "month", to = "jo@trains.example" });
        await MakeDueAsync(id);
        await _server.DoesAsync("refuse 451");
        var waits = new List<TimeSpan>();
        for (var i = 0; i < 4; i++)
        {
            var before = TimeProvider.System.GetUtcNow();
            await Mailer.SendDueAsync(default);
            var failed = (await Store.GetAsync(id, default))!;
            Assert.Equal((i + 1, "The mail server did not take the mail (451)."), (failed.Tries, failed.Problem));
            waits.Add(failed.TryAt - before);
            await Mailer.SendDueAsync(default);
            Assert.Equal(failed, await Store.GetAsync(id, default));
            await Store.NoteAsync(failed with { TryAt = before }, default);
        }

        // Half of a wait is chance: from half of 1, 2, 4 and 8 minutes to all of them, and the seconds a try takes.
        Assert.All(waits.Zip([1, 2, 4, 8]), wait => Assert.InRange(wait.First.TotalMinutes, wait.Second / 2.0, wait.Second + 0.5));
        Assert.Contains((await (await jo.GetAsync("/api/health/services")).JsonAsync()).GetProperty("items").EnumerateArray(), service =>
            service.GetProperty("service").GetString() == "report mail" && service.GetProperty("problem").GetString() == "The mail server did not take the mail (451).");
        await _server.DoesAsync("accept");
        await Mailer.SendDueAsync(default);

        Assert.Single(await _server.MailsAsync(1));
        Assert.Equal((null, 0), (await Store.GetAsync(id, default)) is { } sent ? (sent.Problem, sent.Tries) : default);
    }

    [Fact]
    public async Task Two_who_look_at_the_same_time_send_each_mail_once()
    {
        foreach (var name in new[] { "A", "B", "C", "D" })
        {
            using var somebody = await _portal.SignedInAsync("business", name);
            await MakeDueAsync(await MakeAsync(somebody, new { report = "data", every = "day", to = $"{name.ToLowerInvariant()}@trains.example" }));
        }

        await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => Mailer.SendDueAsync(default)));

        Assert.Equal(["a@trains.example", "b@trains.example", "c@trains.example", "d@trains.example"], (await _server.MailsAsync(4)).Select(mail => Assert.Single(mail.To)).Order());
    }

    [Fact]
    public async Task Of_mails_missed_while_nobody_could_send_only_the_newest_goes()
    {
        using var jo = await _portal.SignedInAsync("business", "Jo");
        var id = await MakeAsync(jo, new { report = "data", every = "day", at = "00:00", to = "jo@trains.example" });
        await Store.NoteAsync((await Store.GetAsync(id, default))! with { DueAt = Raised.AddDays(-5), TryAt = Raised.AddDays(-5) }, default);

        await Mailer.SendDueAsync(default);
        await Mailer.SendDueAsync(default);

        Assert.Contains($"{Raised.UtcDateTime.Date:d MMM yyyy}", Assert.Single(await _server.MailsAsync(1)).Subject, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_cannot_be_written_down_is_not_sent()
    {
        using var jo = await _portal.SignedInAsync("business", "Jo");
        var id = await MakeAsync(jo, new { report = "data", every = "day", to = "jo@trains.example" });
        await MakeDueAsync(id);
        _portal.Audit.IsBroken = true;

        await Mailer.SendDueAsync(default);
        using var sent = await jo.PostAsync($"/api/report-mails/{id}/send", null);
        using var made = await jo.PostAsJsonAsync("/api/report-mails", new { report = "data", every = "day", to = "jo@trains.example" });

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (sent.StatusCode, made.StatusCode));
        Assert.Single(await Store.FindAsync(null, 10, default));
        Assert.Empty(_server.Mails);
    }

    [Fact]
    [Trait("Fault", "BAD-13")]
    public async Task No_address_leads_out_of_the_domains_that_mails_may_go_to()
    {
        const string Other = "Reports go to addresses of trains.example only", None = "Must be one mail address alone";
        using var jo = await _portal.SignedInAsync("business", "Jo");
        foreach (var (to, why) in new[]
        {
            ("jo@elsewhere.example", Other),
            ("jo@sub.trains.example", Other),
            ("jo@trains.example.elsewhere.example", Other),
            ("jo@trains.example, thief@elsewhere.example", None),
            ("thief@elsewhere.example@trains.example", None),
            ("Jo <jo@trains.example>", None),
            ("<thief@elsewhere.example>jo@trains.example", None),
            ("\"thief@elsewhere.example \"@trains.example", None),
            ("jo(comment)@trains.example", None),
            ("jo@trains.example\r\nBcc: thief@elsewhere.example", None),
            ("jö@trains.example", None),
            ("jo", None),
            ("", None),
        })
        {
            using var answer = await jo.PostAsJsonAsync("/api/report-mails", new { report = "data", every = "day", to });

            Assert.Equal((HttpStatusCode.BadRequest, to), (answer.StatusCode, to));
            Assert.StartsWith(why, (await answer.JsonAsync()).GetProperty("errors").GetProperty("to")[0].GetString(), StringComparison.Ordinal);
        }

        Assert.Empty(await Store.FindAsync(null, 10, default));
    }

    [Fact]
    public async Task All_that_is_wrong_is_said_at_once_and_one_too_many_is_refused()
    {
        using var jo = await _portal.SignedInAsync("business", "Jo");
        using var wrong = await jo.PostAsJsonAsync("/api/report-mails", new { report = "all", every = "hour", at = "25:00", zone = "Mars", to = "x" });
        Assert.Equal(["at", "every", "report", "to", "zone"], (await wrong.JsonAsync()).GetProperty("errors").EnumerateObject().Select(error => error.Name).Order());

        await MakeAsync(jo, new { report = "data", to = "jo@trains.example" });
        await MakeAsync(jo, new { report = "alerts", to = "jo@trains.example" });
        using var many = await jo.PostAsJsonAsync("/api/report-mails", new { report = "worst", to = "jo@trains.example" });

        Assert.Equal(HttpStatusCode.Conflict, many.StatusCode);
        Assert.Equal(2, (await Store.FindAsync(null, 10, default)).Count);
    }

    [Fact]
    public async Task Others_mails_are_not_there_administrators_end_them_and_scripts_make_none()
    {
        using var jo = await _portal.SignedInAsync("business", "Jo");
        using var other = await _portal.SignedInAsync("engineer", "Other");
        using var admin = await _portal.SignedInAsync("administrator", "Admin");
        var id = await MakeAsync(jo, new { report = "data", to = "jo@trains.example" });

        Assert.Empty((await (await other.GetAsync("/api/report-mails?all=true")).JsonAsync()).GetProperty("items").EnumerateArray());
        foreach (var caller in new[] { other, admin })
        {
            Assert.Equal(HttpStatusCode.NotFound, (await caller.PostAsync($"/api/report-mails/{id}/send", null)).StatusCode);
            Assert.Equal(HttpStatusCode.NotFound, (await caller.PostAsync($"/api/report-mails/{id}/prolong", null)).StatusCode);
        }

        Assert.Equal(HttpStatusCode.NotFound, (await other.DeleteAsync($"/api/report-mails/{id}")).StatusCode);
        Assert.Equal(id, Assert.Single((await (await admin.GetAsync("/api/report-mails?all=true")).JsonAsync()).GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
        using var token = await jo.PostAsJsonAsync("/api/tokens", new { name = "script", days = 1 });
        using var script = _portal.Caller();
        script.DefaultRequestHeaders.Authorization = new("Bearer", (await token.JsonAsync()).GetProperty("secret").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, (await script.PostAsJsonAsync("/api/report-mails", new { report = "data", to = "jo@trains.example" })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await admin.DeleteAsync($"/api/report-mails/{id}")).StatusCode);
        Assert.Null(await Store.GetAsync(id, default));
        Assert.Empty(_server.Mails);
    }

    [Fact]
    public async Task One_is_sent_at_once_when_asked_for_and_a_refusal_is_told()
    {
        using var jo = await _portal.SignedInAsync("business", "Jo");
        var id = await MakeAsync(jo, new { report = "response", every = "week", zone = "Europe/London", to = "jo@trains.example" });
        var due = (await Store.GetAsync(id, default))!.DueAt;

        Assert.Equal(HttpStatusCode.NoContent, (await jo.PostAsync($"/api/report-mails/{id}/send", null)).StatusCode);
        Assert.Single(await _server.MailsAsync(1));
        await _server.DoesAsync("refuse-address 550");
        using var refused = await jo.PostAsync($"/api/report-mails/{id}/send", null);

        Assert.Equal((HttpStatusCode.BadGateway, "The mail server does not take mail for this address (550)."), (refused.StatusCode, (await refused.JsonAsync()).GetProperty("detail").GetString()));
        Assert.Equal(due, (await Store.GetAsync(id, default))!.DueAt);
    }

    [Fact]
    public async Task Without_a_mail_server_the_page_and_the_api_say_so_and_nothing_is_made()
    {
        using var portal = new PortalHost();
        using var jo = await portal.SignedInAsync("business", "Jo");

        using var refused = await jo.PostAsJsonAsync("/api/report-mails", new { report = "data", to = "jo@trains.example" });

        Assert.Equal((HttpStatusCode.Conflict, MailDesk.NotSetUp), (refused.StatusCode, (await refused.JsonAsync()).GetProperty("detail").GetString()));
        Assert.Contains("No reports are sent by mail here", WebUtility.HtmlDecode(await jo.GetStringAsync("/reports/mail")), StringComparison.Ordinal);
    }

    private static async Task<string> MakeAsync(HttpClient caller, object wish)
    {
        using var answer = await caller.PostAsJsonAsync("/api/report-mails", wish);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        return (await answer.JsonAsync()).GetProperty("id").GetString()!;
    }

    // As it is when its time has come.
    private async Task<DateTimeOffset> MakeDueAsync(string id)
    {
        var report = (await Store.GetAsync(id, default))!;
        var due = report.Times.LastUntil(TimeProvider.System.GetUtcNow());
        await Store.NoteAsync(report with { DueAt = due, TryAt = due }, default);
        return due;
    }

    private static IEnumerable<string> WithoutAsOf(string csv) => csv.Split("\r\n").Select(line => string.Join(',', line.Split(',').Where((_, column) => column != 3)));
}
