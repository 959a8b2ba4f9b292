using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Access;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Kit;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Host;

public sealed class ReadingTests(ReadingTests.Portal portal) : IClassFixture<ReadingTests.Portal>
{
    private const string Sensor = "axleBoxTemperature.car3.axle2.right";
    private const string Path = "/api/trains/390-042/readings";

    public sealed class Portal : IAsyncLifetime
    {
        public PortalHost Host { get; } = new(("Data:KeepReadings", "3650.00:00:00"));

        public async Task InitializeAsync()
        {
            var train = Samples.Longsight();
            await Host.Services.GetRequiredService<ITrainStore>().KeepAsync([Samples.State(train, 1)], CancellationToken.None);
            await Host.Services.GetRequiredService<IReadingStore>().KeepAsync(
                [Window(0, late: false), Window(1, late: true), Window(2, late: true), Window(5, late: false)], CancellationToken.None);
            var feed = Host.Services.GetRequiredService<LiveFeed>();
            await Eventually.IsTrueAsync("the feed has the train", TimeSpan.FromSeconds(20), () => Task.FromResult(feed.Find(Scope.WholeFleet, train.Id) is not null));
        }

        public Task DisposeAsync()
        {
            Host.Dispose();
            return Task.CompletedTask;
        }

        private static ReadingWindow Window(int index, bool late) => new(
            Samples.Longsight(), Samples.Start.AddSeconds(10 * index), index, 10, Samples.Start.AddSeconds((10 * index) + 9), late,
            new Dictionary<string, ReadingFigures> { [Sensor] = new(60 + index, 10 * (61 + index), 62 + index, 10) });
    }

    [Fact]
    public async Task Readings_are_points_of_time_min_mean_max_in_the_sensors_unit()
    {
        var readings = await GetAsync($"{Path}?sensor={Sensor}&from=2026-11-21T20:00:00Z&to=2026-11-21T20:01:00Z");

        Assert.Equal((Sensor, "°C", "axle box 3-2 right", 10), (readings.GetProperty("sensor").GetString(), readings.GetProperty("unit").GetString(), readings.GetProperty("words").GetString(), readings.GetProperty("resolutionSeconds").GetInt32()));
        Assert.Equal("""[["2026-11-21T20:00:00Z",60,61,62],["2026-11-21T20:00:10Z",61,62,63],["2026-11-21T20:00:20Z",62,63,64],["2026-11-21T20:00:50Z",65,66,67]]""", readings.GetProperty("points").GetRawText());
        Assert.EndsWith("Z", readings.GetProperty("asOf").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "SEC-39")]
    public async Task A_view_of_raw_readings_is_recorded_once_and_given_also_while_nothing_can_be_recorded()
    {
        var (caller, path) = (await portal.Host.SignedInAsync(name: "Looker"), $"{Path}?sensor={Sensor}&from=2026-11-21T20:00:00Z&to=2026-11-21T20:01:00Z");
        Assert.False((await caller.GetAsync(path)).Headers.Contains("X-Audit"));
        await caller.GetAsync(path);
        var views = portal.Host.Audit.Entries.Where(entry => entry is { Act: "viewReadings", Who: "Looker" }).ToList();
        Assert.Equal(("390-042", $"{Sensor}, 2026-11-21T20:00:00Z to 2026-11-21T20:01:00Z"), (Assert.Single(views).On, views[0].Detail));

        var other = await portal.Host.SignedInAsync(name: "Late looker");
        portal.Host.Audit.IsBroken = true;
        var answer = await other.GetAsync(path);
        portal.Host.Audit.IsBroken = false;

        Assert.Equal((System.Net.HttpStatusCode.OK, "not recorded"), (answer.StatusCode, answer.Headers.GetValues("X-Audit").Single()));
    }

    [Fact]
    public async Task What_arrived_late_and_what_is_missing_is_said()
    {
        var readings = await GetAsync($"{Path}?sensor={Sensor}&from=2026-11-21T20:00:00Z&to=2026-11-21T20:01:00Z");

        Assert.Equal("[1,2]", readings.GetProperty("late").GetRawText());
        Assert.Equal(
            """[{"from":"2026-11-21T20:00:10Z","to":"2026-11-21T20:00:30Z","kind":"arrivedLate"},{"from":"2026-11-21T20:00:30Z","to":"2026-11-21T20:00:50Z","kind":"noData"}]""",
            readings.GetProperty("spans").GetRawText());
    }

    [Theory]
    [InlineData("60", 60)]
    [InlineData("30s", 30)]
    [InlineData("5m", 300)]
    [InlineData("1h", 3600)]
    public async Task A_coarser_resolution_is_seconds_or_a_number_with_a_unit(string resolution, int seconds) =>
        Assert.Equal(seconds, (await GetAsync($"{Path}?sensor={Sensor}&resolution={resolution}")).GetProperty("resolutionSeconds").GetInt32());

    [Fact]
    public async Task Without_a_range_it_is_the_last_quarter_of_an_hour()
    {
        var readings = await GetAsync($"{Path}?sensor={Sensor}");

        Assert.Equal(TimeSpan.FromMinutes(15), readings.GetProperty("to").GetDateTimeOffset() - readings.GetProperty("from").GetDateTimeOffset());
    }

    [Fact]
    public async Task A_long_range_is_answered_as_fine_as_two_thousand_points_allow()
    {
        var readings = await GetAsync($"{Path}?sensor={Sensor}&from=2026-11-20T20:00:00Z&to=2026-11-21T20:00:00Z");

        Assert.Equal(50, readings.GetProperty("resolutionSeconds").GetInt32());
        Assert.Contains("oldest", readings.GetProperty("limited").GetString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "sensor")]
    [InlineData("sensor=x&resolution=15", "resolution")]
    [InlineData("sensor=x&resolution=0", "resolution")]
    [InlineData("sensor=x&resolution=-10", "resolution")]
    [InlineData("sensor=x&resolution=1d", "resolution")]
    [InlineData("sensor=x&resolution=99999999999", "resolution")]
    [InlineData("sensor=x&resolution=10s&from=2026-11-20T20:00:00Z&to=2026-11-21T20:00:00Z", "resolution")]
    [InlineData("sensor=x&from=2000-11-20T20:00:00Z", "from")]
    [InlineData("sensor=x&from=2999-11-20T20:00:00Z", "from")]
    [InlineData("sensor=x&from=2026-11-21T20:00:00Z&to=2026-11-21T20:00:00Z", "to")]
    [InlineData("sensor=x&to=now", "to")]
    [InlineData("sensor=x&points=5", "points")]
    public async Task A_question_that_cannot_be_answered_is_refused_by_field(string query, string field) =>
        Assert.Contains(field, (await (await (await portal.Host.SignedInAsync()).GetAsync($"{Path}?{query}")).ProblemAsync(400)).Keys);

    [Theory]
    [InlineData($"{Path}?sensor=oilTemperature.car9", "sensor")]
    [InlineData($"/api/trains/none/readings?sensor={Sensor}", "id")]
    public async Task A_train_or_sensor_that_is_not_there_answers_404(string path, string field) =>
        Assert.Equal([field], (await (await (await portal.Host.SignedInAsync()).GetAsync(path)).ProblemAsync(404)).Keys);

    [Fact]
    public async Task Nobody_reads_without_signing_in() =>
        await (await portal.Host.Caller().GetAsync($"{Path}?sensor={Sensor}")).ProblemAsync(401);

    [Fact]
    public async Task A_trains_page_is_there_and_an_unknown_trains_is_not()
    {
        var caller = await portal.Host.SignedInAsync("engineer", "Eng");

        var page = await caller.GetAsync("/trains/390-042");
        var none = await caller.GetAsync("/trains/none");

        Assert.Equal((200, 404), ((int)page.StatusCode, (int)none.StatusCode));
        Assert.Contains("<h1>390 042</h1>", await page.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Contains("There is no such page", await none.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        var answer = await (await portal.Host.SignedInAsync()).GetAsync(path);
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.JsonAsync();
    }
}
