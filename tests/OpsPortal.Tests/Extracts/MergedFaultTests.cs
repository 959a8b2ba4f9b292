using System.Net.Http.Json;
using System.Text.Json;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;
using static OpsPortal.Tests.Extracts.ExtractRig;
using static OpsPortal.Tests.Extracts.MergedRig;

namespace OpsPortal.Tests.Extracts;

/// <summary>Merged downloads when files stop, stores go away, the portal ends, and people ask for too many.</summary>
public sealed class MergedFaultTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("opsportal-merged-").FullName;
    private readonly StoppedFiles _files = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Cancel_really_stops_the_reading_and_removes_what_was_written()
    {
        using var host = Open();
        await host.SeedAsync(Seed);
        _files.Stops = key => key.Contains("hour=21", StringComparison.Ordinal);
        var caller = await host.SignedInAsync(Scientist("u"));
        var job = await MergeAsync(caller, "ndjson", ["a"]);
        await Eventually.IsTrueAsync("it reads", Patience, () => Task.FromResult(_files.Reading == 1));
        Assert.Equal(("running", 1), ((await GetAsync(caller, job)).Text("state"), (await GetAsync(caller, job)).GetProperty("filesRead").GetInt32()));
        Assert.Equal(409, (int)(await caller.GetAsync($"{Address(job)}/file")).StatusCode);

        Assert.Equal(204, (int)(await caller.DeleteAsync(Address(job))).StatusCode);

        await InAsync(caller, job, "cancelled");
        await Eventually.IsTrueAsync("nothing is read or kept", Patience, () => Task.FromResult(_files.Reading == 0 && Directory.GetFiles(Path.Combine(_folder, "merged", job.Text("id"))) is [var only] && only.EndsWith("job.json", StringComparison.Ordinal)));
        Assert.Equal(409, (int)(await caller.GetAsync($"{Address(job)}/file")).StatusCode);
        Assert.Contains(host.Audit.Entries, entry => (entry.Act, entry.On) == ("cancelMerged", job.Text("id")));
        Assert.Contains(host.Audit.Entries, entry => (entry.Act, entry.On, entry.Outcome) == ("endMerged", job.Text("id"), "cancelled"));
    }

    [Fact]
    public async Task A_portal_that_ends_in_the_middle_goes_on_when_it_is_there_again_and_has_every_row_once()
    {
        JsonElement job;
        using (var host = Open())
        {
            await host.SeedAsync(Seed);
            _files.Stops = key => key.Contains("hour=21", StringComparison.Ordinal);
            job = await MergeAsync(await host.SignedInAsync(Scientist("u")), "csv", ["a"]);
            await Eventually.IsTrueAsync("it reads", Patience, () => Task.FromResult(_files.Reading == 1));
        }

        _files.Stops = _ => false;
        string checksum;
        using (var again = Open())
        {
            var caller = await again.SignedInAsync(Scientist("u"));
            var done = await InAsync(caller, job, "succeeded");
            var rows = (await TextAsync(caller, job)).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Select(row => string.Join(',', row.Split(',').Take(2)));
            Assert.Equal(["trainId,sequence", "a,1", "a,2", "a,4", "a,5"], rows);
            Assert.Equal((2, 4), (done.GetProperty("filesRead").GetInt32(), done.GetProperty("rows").GetInt32()));
            checksum = done.GetProperty("checksum").Text("value");
        }

        // What is whole stays whole over the next restart, too.
        using var third = Open();
        Assert.Equal(checksum, (await GetAsync(await third.SignedInAsync(Scientist("u")), job)).GetProperty("checksum").Text("value"));
    }

    [Fact]
    public async Task A_store_that_goes_away_is_said_and_what_failed_goes_on_where_it_was()
    {
        using var host = Open(("MergedDownloads:WaitFor", "00:00:00"));
        await host.SeedAsync(Seed);
        _files.IsAway = true;
        var caller = await host.SignedInAsync(Scientist("u"));
        var job = await InAsync(caller, await MergeAsync(caller, "ndjson", ["a"]), "failed");
        Assert.Contains("it is away", job.Text("error"), StringComparison.Ordinal);
        Assert.Equal(409, (int)(await caller.GetAsync($"{Address(job)}/file")).StatusCode);

        _files.IsAway = false;
        Assert.Equal(202, (int)(await caller.PostAsync($"{Address(job)}/resume", null)).StatusCode);

        await InAsync(caller, job, "succeeded");
        Assert.Equal([1, 2, 4, 5], Sequences(await TextAsync(caller, job)));
        Assert.Equal(409, (int)(await caller.PostAsync($"{Address(job)}/resume", null)).StatusCode);
    }

    [Fact]
    public async Task One_at_a_time_is_made_some_wait_and_one_more_is_refused()
    {
        using var host = Open(("MergedDownloads:WaitingPerUser", "1"));
        await host.SeedAsync(Seed);
        _files.Stops = _ => true;
        var caller = await host.SignedInAsync(Scientist("u"));
        var first = await MergeAsync(caller, "ndjson", ["a"]);
        var second = await AskAsync(caller, first.Text("extractId"), "csv");

        var third = await caller.PostAsJsonAsync($"/api/extracts/{first.Text("extractId")}/merged", new { format = "csv" });
        await InAsync(caller, first, "running");
        Assert.Equal("queued", (await GetAsync(caller, second)).Text("state"));
        Assert.Contains("as many as are taken", (await third.ProblemAsync(429))["request"][0], StringComparison.Ordinal);

        await caller.DeleteAsync(Address(first));
        await InAsync(caller, second, "running");
        await caller.DeleteAsync(Address(second));
        await InAsync(caller, second, "cancelled");
    }

    [Fact]
    [Trait("Fault", "SEC-33")]
    public async Task Withdrawn_while_it_is_made_it_ends_and_is_not_handed_out()
    {
        using var host = Open();
        await host.SeedAsync(Seed);
        var caller = await host.SignedInAsync(Scientist("u"));
        _files.IsAway = true;
        var job = await MergeAsync(caller, "ndjson", ["a"]);
        await Eventually.IsTrueAsync("it waits, and says for what", Patience, async () => (await GetAsync(caller, job)).GetProperty("waiting").GetString()?.Contains("it is away", StringComparison.Ordinal) == true);

        await caller.DeleteAsync($"/api/extracts/{job.Text("extractId")}");
        _files.IsAway = false;

        await Eventually.IsTrueAsync("it has ended", Patience, () => Task.FromResult(host.Audit.Entries.Any(entry => (entry.Act, entry.On, entry.Outcome) == ("endMerged", job.Text("id"), "failed"))));
        Assert.Equal(410, (int)(await caller.GetAsync($"{Address(job)}/file")).StatusCode);
    }

    [Fact]
    [Trait("Fault", "SEC-33")]
    public async Task Who_asks_for_too_many_in_a_minute_is_told_when_to_go_on_and_others_are_not_hindered()
    {
        using var host = Open(("Limits:ExtractsPerMinute", "2"));
        var (caller, other) = (await host.SignedInAsync(Scientist("u")), await host.SignedInAsync(Scientist("v")));
        var answers = new List<int>();
        foreach (var who in new[] { caller, caller, caller, other })
        {
            answers.Add((int)(await who.PostAsJsonAsync("/api/extracts", Request("a"))).StatusCode);
        }

        Assert.Equal([201, 201, 429, 201], answers);
        Assert.Equal(429, (int)(await caller.PostAsJsonAsync("/api/extracts/x/merged", new { format = "csv" })).StatusCode);
        Assert.NotNull((await caller.PostAsJsonAsync("/api/extracts", Request("a"))).Headers.RetryAfter);
        Assert.Equal(200, (int)(await caller.GetAsync("/api/extracts")).StatusCode);
    }

    // Two hours' files: the train's messages are 1, 2 | 4, 5.
    private static void Seed(RawSeed seed) => seed.Add("Longsight", "a", Samples.Start, 2).Add("Longsight", "b", Samples.Start).Add("Longsight", "a", Samples.Start.AddHours(1), 2).Add("Longsight", "b", Samples.Start.AddHours(1));

    private PortalHost Open(params (string Key, string Value)[] settings) => new(services => services.Stop(_files), [("Data:Folder", _folder), ("MergedDownloads:LeaveFree", "0"), .. settings]);
}
