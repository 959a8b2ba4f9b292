using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Adapters.Embedded.Warehouse;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Host;

namespace OpsPortal.Tests.Reports;

public sealed class ReportApiTests(ReportApiTests.Portal portal) : IClassFixture<ReportApiTests.Portal>
{
    private const string Hostile = "=cmd|' /C calc'!A0 \"x\"";

    // Over an hour ago, so that it lies within the usual period at any time of day.
    private static readonly DateTimeOffset Raised = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().AddHours(-2).ToUnixTimeSeconds() / 60 * 60);

    private static readonly TrainIdentity Odd = new("999-001", "Longsight", Hostile, "390");

    public sealed class Portal : IAsyncLifetime
    {
        public PortalHost Host { get; } = new();

        public async Task InitializeAsync()
        {
            var services = Host.Services;
            foreach (var (train, i) in new[] { Samples.Longsight(), Samples.Crofton(), Odd }.Select((train, i) => (train, i)))
            {
                await services.GetRequiredService<ITrainStore>().KeepAsync([Samples.State(train, i + 1)], default);
                await services.GetRequiredService<IAlertStore>().PutAsync(Samples.Alert($"a{i}", train, Raised.AddMinutes(i)), 0, default);
                var window = new ReadingWindow(train, Raised, 1, 10, Raised, i == 1, new Dictionary<string, ReadingFigures> { ["oilTemperature.car1"] = new(1, 1, 1, 1) });
                await services.GetRequiredService<IReadingStore>().KeepAsync([window], default);
            }

            await services.GetRequiredService<WarehouseFilling>().FillAsync(default);
        }

        public Task DisposeAsync()
        {
            Host.Dispose();
            return Task.CompletedTask;
        }
    }

    [Theory]
    [InlineData("data")]
    [InlineData("alerts")]
    [InlineData("response")]
    [InlineData("worst")]
    public async Task A_report_says_its_figures_in_words_and_as_of_when(string name)
    {
        var report = await (await (await portal.Host.SignedInAsync("business", "Business One")).GetAsync($"/api/reports/{name}?zone=Europe/London")).JsonAsync();

        Assert.Equal((name, "Europe/London"), (report.GetProperty("name").GetString(), report.GetProperty("zone").GetString()));
        Assert.All(report.GetProperty("figures").EnumerateArray(), figure =>
        {
            Assert.NotEmpty(figure.GetProperty("name").GetString()!);
            Assert.NotEmpty(figure.GetProperty("counts").GetString()!);
            Assert.Contains(figure.GetProperty("unit").GetString(), new[] { "count", "percent", "seconds" });
            Assert.Equal(report.GetProperty("asOf").GetString(), figure.GetProperty("asOf").GetString());
            Assert.Equal(figure.GetProperty("value").ValueKind == JsonValueKind.Null, figure.GetProperty("text").GetString() == "–");
        });
        Assert.NotEmpty(report.GetProperty("tables").EnumerateArray());
        Assert.Contains("since", report.GetProperty("limited").GetString());
        Assert.Equal(["222", "390"], report.GetProperty("classes").EnumerateArray().Select(line => line.GetString()));
    }

    [Fact]
    public async Task Line_class_and_train_narrow_a_report_and_a_number_leads_to_as_many_alerts()
    {
        var caller = await portal.Host.SignedInAsync("executive", "Chief");

        Assert.Equal(3, await RaisedAsync(caller, ""));
        Assert.Equal(1, await RaisedAsync(caller, "&line=MML"));
        Assert.Equal(2, await RaisedAsync(caller, "&class=390"));
        Assert.Equal(1, await RaisedAsync(caller, "&train=390-042"));
        Assert.Equal(0, await RaisedAsync(caller, "&line=MML&class=390"));
        var report = await (await caller.GetAsync("/api/reports/alerts?class=390")).JsonAsync();
        var link = report.GetProperty("figures")[0].GetProperty("alerts").GetString()!;
        Assert.StartsWith("/alerts?state=any&class=390&from=", link, StringComparison.Ordinal);
        var behind = await (await caller.GetAsync(link.Replace("/alerts?state=any&", "/api/alerts?", StringComparison.Ordinal))).JsonAsync();
        Assert.Equal(2, behind.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Bad_input_is_refused_by_field_all_at_once()
    {
        var caller = await portal.Host.SignedInAsync("business", "Business One");
        var later = Uri.EscapeDataString(TimeProvider.System.GetUtcNow().AddDays(2).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));

        Assert.Equal(["class", "format", "from", "zone"], (await (await caller.GetAsync($"/api/reports/data?from=yesterday&zone=Mars&format=pdf&class={new string('x', 300)}")).ProblemAsync(400)).Keys.Order());
        Assert.Equal(["to"], (await (await caller.GetAsync("/api/reports/data?from=2026-01-02T00:00:00Z&to=2026-01-01T00:00:00Z")).ProblemAsync(400)).Keys);
        Assert.Contains("366 days", (await (await caller.GetAsync("/api/reports/data?from=2020-01-01T00:00:00Z&to=2026-01-01T00:00:00Z")).ProblemAsync(400))["to"][0], StringComparison.Ordinal);
        Assert.Contains("ahead", (await (await caller.GetAsync($"/api/reports/data?from={later}&to=2100-01-01T00:00:00Z")).ProblemAsync(400))["from"][0], StringComparison.Ordinal);
        Assert.Equal(400, (int)(await caller.GetAsync("/api/reports/data?from=0001-01-01T00:00:00Z&to=0001-06-01T00:00:00Z")).StatusCode);
        Assert.Contains("known are", (await (await caller.GetAsync("/api/reports/data?lien=WCML")).ProblemAsync(400))["lien"][0], StringComparison.Ordinal);
        Assert.Contains("data, alerts, response, worst", (await (await caller.GetAsync("/api/reports/nonsense")).ProblemAsync(404))["name"][0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_has_no_role_is_refused_in_api_and_page_and_it_is_audited()
    {
        var caller = await portal.Host.SignedInAsync(new User("nobody", "Nobody In Particular", new HashSet<Role>(), Core.Access.Scope.WholeFleet));

        await (await caller.GetAsync("/api/reports/data")).ProblemAsync(403);
        Assert.Contains("may not read reports", await (await caller.GetAsync("/reports/data")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains(portal.Host.Audit.Entries, entry => entry is { Who: "Nobody In Particular", Act: "refuse" } && entry.On.EndsWith("/api/reports/data", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Fault", "BAD-15")]
    public async Task A_file_has_a_line_for_each_value_and_nothing_a_spreadsheet_would_calculate()
    {
        var caller = await portal.Host.SignedInAsync("business", "Business Csv");
        var answer = await caller.GetAsync("/api/reports/alerts?format=csv");
        var text = await answer.Content.ReadAsStringAsync();
        var lines = text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries);

        Assert.Equal("text/csv", answer.Content.Headers.ContentType?.MediaType);
        Assert.Matches("^report-alerts-\\d{8}-\\d{8}-limited.csv$", answer.Content.Headers.ContentDisposition?.FileName?.Trim('"'));
        Assert.Equal("report,from,to,as_of,line,class,train,table,row,figure,value,unit", lines[0]);
        Assert.Contains(lines, line => line.EndsWith(",whole period,,Alerts raised,3,count", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.Contains(",limits,", StringComparison.Ordinal));
        Assert.Contains("\"'=cmd|' /C calc'!A0 \"\"x\"\"\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain(",=cmd", text, StringComparison.Ordinal);
        Assert.Contains(portal.Host.Audit.Entries, entry => entry is { Who: "Business Csv", Act: "downloadReport", On: "alerts" });
    }

    [Fact]
    public async Task Pages_of_reports_are_there_and_those_that_are_not_are_not()
    {
        var caller = await portal.Host.SignedInAsync("business", "Business One");

        Assert.Contains("/reports/response", await (await caller.GetAsync("/reports")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
        var page = await (await caller.GetAsync("/reports/worst?period=30d&train=390-042&line=%22%3E%3Cscript%3E")).Content.ReadAsStringAsync();
        Assert.Contains("/trains/390-042", page, StringComparison.Ordinal);
        Assert.DoesNotContain("\"><script>", page, StringComparison.Ordinal);
        Assert.Equal(404, (int)(await caller.GetAsync("/reports/nonsense")).StatusCode);
    }

    private static async Task<double> RaisedAsync(HttpClient caller, string filter) =>
        (await (await caller.GetAsync($"/api/reports/alerts?zone=UTC{filter}")).JsonAsync()).GetProperty("figures")[0].GetProperty("value").GetDouble();
}
