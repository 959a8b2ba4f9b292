using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Audit;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Audit;

/// <summary>What cannot be recorded is not done; reading goes on and says so.</summary>
[Trait("Fault", "FLT-33")]
public sealed class FailClosedTests : IDisposable
{
    private readonly PortalHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task While_the_audit_cannot_be_written_acts_are_refused_with_a_plain_reason()
    {
        var caller = await _host.SignedInAsync("operator", "Eager");
        _host.Audit.IsBroken = true;

        foreach (var answer in new[]
        {
            await caller.PostAsJsonAsync("/api/alerts/al-1/acknowledge", new { note = "seen" }),
            await caller.PostAsJsonAsync("/api/tokens", new { name = "mine", days = 1 }),
            await caller.DeleteAsync("/api/sessions"),
            await caller.PostAsync("/sign-out", null),
            await _host.Caller().PostAsJsonAsync("/sign-in/persona", new { persona = "operator", name = "Late" }),
        })
        {
            Assert.Equal([AuditWriting.Refusal], (await answer.ProblemAsync(503)).Values.Single());
            Assert.NotNull(answer.Headers.RetryAfter);
        }

        // Nothing of it was done: the session goes on.
        Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync("/api/me")).StatusCode);
        Assert.Empty((await (await caller.GetAsync("/api/tokens")).JsonAsync()).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task What_was_done_before_the_audit_broke_is_not_called_undone()
    {
        var caller = await _host.SignedInAsync("operator", "Eager");
        var alerts = _host.Services.GetRequiredService<IAlertStore>();
        foreach (var id in new[] { "a1", "a2", "a3", "a4" })
        {
            await alerts.PutAsync(Samples.Alert(id, Samples.Longsight(), Samples.Start), 0, CancellationToken.None);
        }

        // "Requested" and "acknowledged" of the first, "requested" of the second: then it is full.
        _host.Audit.BreaksAfter = 3;
        var answer = await caller.PostAsJsonAsync("/api/alerts/acknowledge", new { ids = new[] { "a1", "a2", "a3", "a4" }, note = "ours" });

        var results = (await answer.JsonAsync()).GetProperty("results").EnumerateArray().ToList();
        Assert.Equal(["acknowledged", "acknowledged", "refused", "refused"], results.Select(result => result.GetProperty("outcome").GetString()!));
        Assert.Equal([null, null, AuditWriting.Refusal, AuditWriting.Refusal], results.Select(result => result.GetProperty("why").GetString()));
        foreach (var (id, done) in new[] { ("a1", true), ("a2", true), ("a3", false), ("a4", false) })
        {
            Assert.Equal(done, (await alerts.GetAsync(Scope.WholeFleet, id, CancellationToken.None))!.Acknowledgement is not null);
        }
    }

    [Fact]
    public async Task A_refusal_stands_though_it_cannot_be_recorded()
    {
        var caller = await _host.SignedInAsync("operator", "Curious");
        _host.Audit.IsBroken = true;

        Assert.Equal(HttpStatusCode.Forbidden, (await caller.GetAsync("/api/audit")).StatusCode);
    }

    [Fact]
    public async Task Reading_goes_on_and_says_so_and_once_it_can_be_written_again_that_too_is_recorded()
    {
        var caller = await _host.SignedInAsync("operator", "Reader");
        Assert.DoesNotContain("nothing can be recorded", await caller.GetStringAsync("/alerts"), StringComparison.Ordinal);
        _host.Audit.IsBroken = true;
        await caller.PostAsJsonAsync("/api/tokens", new { name = "mine", days = 1 });

        Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync("/api/fleet")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await caller.GetAsync("/api/alerts")).StatusCode);
        Assert.Contains("nothing can be recorded in the audit", await caller.GetStringAsync("/alerts"), StringComparison.Ordinal);
        Assert.Contains("nothing can be recorded", await caller.GetStringAsync("/api/health/services"), StringComparison.Ordinal);

        _host.Audit.IsBroken = false;
        await Eventually.IsTrueAsync("recorded again", TimeSpan.FromSeconds(60), () => Task.FromResult(_host.Audit.Entries.Any(entry => entry.Act == "resumeAudit")));
        Assert.DoesNotContain("nothing can be recorded", await caller.GetStringAsync("/alerts"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_signs_in_by_form_comes_back_to_a_page_that_says_why_not()
    {
        _host.Audit.IsBroken = true;

        var answer = await _host.Caller().PostAsync("/sign-in", new FormUrlEncodedContent(new Dictionary<string, string> { ["persona"] = "operator", ["name"] = "Late" }));
        if (answer.StatusCode == HttpStatusCode.BadRequest)
        {
            // The form's antiforgery field comes with the page.
            var browser = _host.Caller(cookies: true);
            var page = await browser.GetStringAsync("/sign-in");
            var field = System.Text.RegularExpressions.Regex.Match(page, "name=\"antiforgery\" value=\"([^\"]+)\"").Groups[1].Value;
            answer = await browser.PostAsync("/sign-in", new FormUrlEncodedContent(new Dictionary<string, string> { ["persona"] = "operator", ["name"] = "Late", ["antiforgery"] = field }));
        }

        Assert.StartsWith("/sign-in?error=notrecorded", answer.Headers.Location?.ToString(), StringComparison.Ordinal);
        Assert.Contains("Nobody can sign in now", await _host.Caller().GetStringAsync(answer.Headers.Location), StringComparison.Ordinal);
    }
}
