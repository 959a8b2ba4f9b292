using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Adapters.Embedded;
using OpsPortal.Core.Access;
using OpsPortal.Core.Fleet;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;
using static OpsPortal.Tests.Extracts.ExtractRig;
using static OpsPortal.Tests.Extracts.MergedRig;

namespace OpsPortal.Tests.Extracts;

/// <summary>Merged downloads through the HTTP API, on the embedded folder.</summary>
public sealed class MergedTests(MergedTests.Portal portal) : IClassFixture<MergedTests.Portal>
{
    public sealed class Portal : IDisposable
    {
        public PortalHost Host { get; } = new(("Limits:ExtractsPerMinute", "100000"), ("MergedDownloads:RunningPerUser", "4"), ("MergedDownloads:Running", "8"), ("MergedDownloads:LeaveFree", "0"));

        public void Dispose() => Host.Dispose();
    }

    private PortalHost Host => portal.Host;

    private string DataFolder => Host.Services.GetRequiredService<EmbeddedFiles>().Folder;

    [Fact]
    public async Task One_file_holds_exactly_the_rows_of_the_chosen_trains_and_time_though_raw_files_hold_others()
    {
        await Host.SeedAsync(seed => seed.Add("m1", "m1-a", Samples.Start.AddMinutes(-1), 2).Add("m1", "m1-a", Samples.Start, 3).Add("m1", "m1-b", Samples.Start, 4).Add("m1", "m1-a", Samples.Start.AddMinutes(61), 2).Add("m1", "m1-a", Samples.Start.AddHours(2).AddSeconds(-1), 3));
        var caller = await Host.SignedInAsync(Scientist("m1"));

        var job = await InAsync(caller, await MergeAsync(caller, "ndjson", ["m1-a"]), "succeeded");
        var answer = await caller.GetAsync($"{Address(job)}/file");
        var bytes = await answer.Content.ReadAsByteArrayAsync();

        // Of four messages of the last second of the window one is before its end; two were measured before its begin.
        Assert.Equal([3, 4, 5, 10, 11, 12], Sequences(Unpack(bytes)));
        Assert.All(Unpack(bytes).Split('\n', StringSplitOptions.RemoveEmptyEntries), line => Assert.StartsWith("""{"trainId":"m1-a",""", line, StringComparison.Ordinal));
        Assert.Equal((6, 0, 0, bytes.Length), (job.GetProperty("rows").GetInt32(), job.GetProperty("leftOutCount").GetInt32(), job.GetProperty("rowsUnplaced").GetInt32(), job.GetProperty("bytes").GetInt32()));
        Assert.Equal(job.GetProperty("files").GetInt64(), job.GetProperty("filesRead").GetInt64());
        var hash = SHA256.HashData(bytes);
        Assert.Equal(Convert.ToHexStringLower(hash), job.GetProperty("checksum").Text("value"));
        Assert.Equal($"sha-256=:{Convert.ToBase64String(hash)}:", Assert.Single(answer.Headers.GetValues("Repr-Digest")));
        Assert.Equal(("no-store", "nosniff"), (answer.Headers.CacheControl!.ToString(), Assert.Single(answer.Headers.GetValues("X-Content-Type-Options"))));
    }

    [Fact]
    public async Task A_cut_download_goes_on_where_it_was_and_is_refused_when_the_file_is_another()
    {
        await Host.SeedAsync(seed => seed.Add("m2", "m2-a", Samples.Start, 50));
        var caller = await Host.SignedInAsync(Scientist("m2"));
        var job = await InAsync(caller, await MergeAsync(caller, "csv", ["m2-a"]), "succeeded");
        var whole = await caller.GetByteArrayAsync($"{Address(job)}/file");

        var rest = await RangeAsync(caller, job, 20, $"\"{job.GetProperty("checksum").Text("value")}\"");
        var other = await RangeAsync(caller, job, 20, "\"another\"");

        Assert.Equal(206, (int)rest.StatusCode);
        Assert.Equal(whole[20..], await rest.Content.ReadAsByteArrayAsync());
        Assert.Equal((200, whole.Length), ((int)other.StatusCode, (await other.Content.ReadAsByteArrayAsync()).Length));
        Assert.Equal(51, Unpack(whole).Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Fact]
    [Trait("Fault", "BAD-32")]
    public async Task The_name_is_the_servers_own_whatever_is_asked_for_and_says_time_and_what_is_missing()
    {
        await Host.SeedAsync(seed => seed.Add("m3", "m3-a", Samples.Start).Add("m3", "m3-a", Samples.Start.AddHours(1)));
        var caller = await Host.SignedInAsync(Scientist("m3"));

        var job = await InAsync(caller, await MergeAsync(caller, "ndjson", ["m3-a"], ["\";../\u202e.exe", "x.html", "ü"]), "succeeded");
        var answer = await caller.GetAsync($"{Address(job)}/file");

        Assert.Matches("^merged_20261121T200000Z_20261121T220000Z_[0-9a-f]{16}\\.ndjson\\.gz$", job.Text("fileName"));
        Assert.Equal($"attachment; filename=\"{job.Text("fileName")}\"; filename*=UTF-8''{job.Text("fileName")}", answer.Content.Headers.GetValues("Content-Disposition").Single());
        Assert.Equal("application/gzip", answer.Content.Headers.ContentType!.ToString());
    }

    [Fact]
    [Trait("Fault", "FLT-17")]
    public async Task Files_that_vanished_or_are_damaged_are_named_and_none_of_their_rows_is_taken()
    {
        await Host.SeedAsync(seed => seed.Add("m4", "m4-a", Samples.Start.AddHours(-1), 2).Add("m4", "m4-a", Samples.Start, 300).Add("m4x", "m4-a2", Samples.Start, 300).Add("m4y", "m4-a3", Samples.Start, 5).Add("m4z", "m4-a4", Samples.Start, 300));
        var caller = await Host.SignedInAsync(Scientist("m4"));
        var made = await MakeAsync(caller, "m4-a", "m4-a2", "m4-a3", "m4-a4");
        var keys = (await ItemsAsync(caller, made.Text("id"))).Select(item => item.Text("key")).ToList();
        Assert.Equal(5, keys.Count);
        Tamper(keys.Single(key => key.Contains("m4/date=2026-11-21/hour=20", StringComparison.Ordinal)), bytes => bytes[bytes.Length / 2] ^= 0x40);
        Tamper(keys.Single(key => key.Contains("m4z", StringComparison.Ordinal)), bytes => bytes[^3] ^= 1);
        File.Delete(Path.Combine(DataFolder, keys.Single(key => key.Contains("m4x", StringComparison.Ordinal))));

        var job = await InAsync(caller, await AskAsync(caller, made.Text("id"), "csv"), "succeeded");
        var (text, leftOut) = (await TextAsync(caller, job), job.GetProperty("leftOut").EnumerateArray().ToDictionary(file => file.Text("key"), file => file.Text("reason")));

        Assert.Equal(1 + 2 + 5, text.Split("\r\n", StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.Equal((3, 7), (leftOut.Count, job.GetProperty("rows").GetInt32()));
        Assert.Contains("moved or deleted", leftOut.Single(file => file.Key.Contains("m4x", StringComparison.Ordinal)).Value, StringComparison.Ordinal);
        Assert.Equal(2, leftOut.Count(file => file.Value.StartsWith("The file is damaged: ", StringComparison.Ordinal)));
        Assert.EndsWith("_without-3-of-5-files.csv.gz", job.Text("fileName"), StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "SEC-29")]
    public async Task Rows_of_a_train_outside_the_makers_scope_never_appear_though_a_file_inside_it_holds_them()
    {
        await Host.SeedAsync(seed => seed.Add("Longsight", "m5-here", Samples.Start, 2).Add("Longsight", "m5-moved", Samples.Start, 3));
        await PlaceAsync(Samples.Longsight("m5-here"), Samples.Crofton("m5-moved"));
        var caller = await Host.SignedInAsync(Scientist("m5", Samples.OnlyLongsight("depot")));

        var job = await InAsync(caller, await MergeAsync(caller, "ndjson", ["m5-here", "m5-moved", "m5-unknown"]), "succeeded");
        var text = await TextAsync(caller, job);

        Assert.Equal([1, 2], Sequences(text));
        Assert.DoesNotContain("m5-moved", text, StringComparison.Ordinal);
        Assert.Equal(["m5-moved", "m5-unknown"], job.GetProperty("trainsLeftOut").EnumerateArray().Select(train => train.GetString()));

        // Made while the train was here, and it goes: it is not handed out any more.
        await PlaceAsync(Samples.Crofton("m5-here"));
        Assert.Contains("1 train that is not inside", (await (await caller.GetAsync($"{Address(job)}/file")).ProblemAsync(403))["request"][0], StringComparison.Ordinal);
    }

    [Fact]
    [Trait("Fault", "SEC-33")]
    public async Task After_the_token_the_role_the_scope_or_the_extract_is_taken_away_it_is_not_handed_out()
    {
        await Host.SeedAsync(seed => seed.Add("Wembley", "m6-a", Samples.Start));
        var caller = await Host.SignedInAsync(Scientist("m6"));
        var made = await MakeAsync(caller, "m6-a");
        var job = await InAsync(caller, await AskAsync(caller, made.Text("id"), "ndjson"), "succeeded");
        var (script, stranger) = (Host.Script(made.Text("token")), await Host.SignedInAsync(Scientist("m6-stranger")));

        Assert.Equal("200 200 404", await StatusesAsync(job, caller, script, stranger));
        Assert.Equal("succeeded", (await GetAsync(script, job)).Text("state"));
        Assert.Equal(401, (int)(await script.DeleteAsync(Address(job))).StatusCode);
        Assert.Equal(404, (int)(await stranger.DeleteAsync(Address(job))).StatusCode);
        Assert.Empty((await (await stranger.GetAsync("/api/extracts/merged")).JsonAsync()).GetProperty("items").EnumerateArray());
        Assert.Equal("404 404 404", await StatusesAsync(job, await Host.SignedInAsync(Scientist("m6", Samples.OnlyLongsight("depot"))), script, stranger));
        Assert.Equal("403 403 404", await StatusesAsync(job, await Host.SignedInAsync(Scientist("m6", role: Role.Operator)), script, stranger));
        var back = await Host.SignedInAsync(Scientist("m6"));
        Assert.Equal("200 200 404", await StatusesAsync(job, back, script, stranger));
        await back.DeleteAsync($"/api/extracts/{made.Text("id")}/token");
        Assert.Equal("200 401 404", await StatusesAsync(job, back, script, stranger));
        await back.DeleteAsync($"/api/extracts/{made.Text("id")}");
        Assert.Equal("410 401 404", await StatusesAsync(job, back, script, stranger));
        Assert.Equal(204, (int)(await back.DeleteAsync(Address(job))).StatusCode);
        Assert.False(Directory.Exists(Path.Combine(DataFolder, "merged", job.Text("id"))));
    }

    [Fact]
    public async Task Asking_ending_fetching_and_removing_are_audited()
    {
        await Host.SeedAsync(seed => seed.Add("m7", "m7-a", Samples.Start));
        var caller = await Host.SignedInAsync(Scientist("m7"));
        var job = await InAsync(caller, await MergeAsync(caller, "csv", ["m7-a"]), "succeeded");
        await RangeAsync(caller, job, 5, null);
        await Eventually.IsTrueAsync("its end is audited", TimeSpan.FromSeconds(30), () => Task.FromResult(Entries(job).Contains("endMerged", StringComparison.Ordinal)));
        await caller.DeleteAsync(Address(job));

        Assert.Equal("askMerged endMerged fetchMerged removeMerged", Entries(job));
        Assert.All(Host.Audit.Entries.Where(entry => entry.On == job.Text("id")), entry => Assert.Equal(("name of m7", "ok"), (entry.Who, entry.Outcome)));
        Assert.Contains("from bytes=5-", Host.Audit.Entries.Single(entry => entry.On == job.Text("id") && entry.Act == "fetchMerged").Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"format":"parquet"}""")]
    [InlineData("""{"format":"CSV"}""")]
    public async Task A_format_that_is_none_is_refused_by_its_field(string body)
    {
                var caller = await Host.SignedInAsync(Scientist("m8"));
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");

        var errors = await (await caller.PostAsync($"/api/extracts/{(await MakeAsync(caller, "m8-a")).Text("id")}/merged", content)).ProblemAsync(400);

        Assert.Equal(["format"], errors.Keys);
    }

    private string Entries(JsonElement job) => string.Join(' ', Host.Audit.Entries.Where(entry => entry.On == job.Text("id")).Select(entry => entry.Act).Order());

    private async Task PlaceAsync(params TrainIdentity[] trains)
    {
        var offset = Interlocked.Increment(ref _offset);
        await Host.Services.GetRequiredService<ITrainStore>().KeepAsync([.. trains.Select(train => Samples.State(train, offset))], default);
    }

    private static long _offset;

    private void Tamper(string key, Action<byte[]> change)
    {
        var path = Path.Combine(DataFolder, key);
        var bytes = File.ReadAllBytes(path);
        change(bytes);
        File.WriteAllBytes(path, bytes);
    }

    private static async Task<HttpResponseMessage> RangeAsync(HttpClient caller, JsonElement job, long from, string? tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{Address(job)}/file");
        request.Headers.Range = new RangeHeaderValue(from, null);
        request.Headers.IfRange = tag is null ? null : new RangeConditionHeaderValue(new EntityTagHeaderValue(tag));
        return await caller.SendAsync(request);
    }

    private static async Task<string> StatusesAsync(JsonElement job, params HttpClient[] callers)
    {
        var statuses = new List<int>();
        foreach (var caller in callers)
        {
            statuses.Add((int)(await caller.GetAsync($"{Address(job)}/file")).StatusCode);
        }

        return string.Join(' ', statuses);
    }
}
