using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using OpsPortal.Core.Access;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Workbench;

/// <summary>Queries that people keep and share, and what they ran, by the API.</summary>
public sealed class SavedQueryTests : IDisposable
{
    private readonly WorkbenchHouse _house = new();

    public void Dispose() => _house.Dispose();

    [Fact]
    public async Task A_query_is_saved_changed_and_an_older_version_restored()
    {
        using var caller = await _house.AsAsync(WorkbenchHouse.Engineer());
        var made = await MakeAsync(caller, "Hot boxes");

        var second = await AnsweredAsync(caller.PutAsJsonAsync($"/api/saved-queries/{Id(made)}", new { revision = 1, sql = "SELECT 2", values = new { n = new { type = "number", value = "2" } } }));
        var renamed = await AnsweredAsync(caller.PatchAsJsonAsync($"/api/saved-queries/{Id(made)}", new { revision = 2, name = "Hot axle boxes" }));
        var restored = await AnsweredAsync(caller.PostAsJsonAsync($"/api/saved-queries/{Id(made)}/restore", new { revision = 3, version = 1 }));

        Assert.Equal((2, "2"), (second.GetProperty("latest").GetProperty("version").GetInt32(), second.GetProperty("latest").GetProperty("values").GetProperty("n").GetProperty("value").GetString()));
        Assert.Equal("Hot axle boxes", renamed.GetProperty("name").GetString());
        Assert.Equal((3, "SELECT 1"), (restored.GetProperty("latest").GetProperty("version").GetInt32(), restored.GetProperty("latest").GetProperty("sql").GetString()));
        var versions = (await caller.GetFromJsonAsync<JsonElement>($"/api/saved-queries/{Id(made)}/versions")).GetProperty("items").EnumerateArray();
        Assert.Equal(["SELECT 1", "SELECT 2", "SELECT 1"], versions.Select(version => version.GetProperty("sql").GetString()));
        Assert.Equal(["saveQuery", "saveQuery", "renameQuery", "restoreQuery"], _house.Host.Audit.Entries.Where(entry => entry.On == Id(made)).Select(entry => entry.Act));
    }

    [Fact]
    public async Task Who_saw_an_older_state_is_answered_with_the_present_one()
    {
        using var caller = await _house.AsAsync(WorkbenchHouse.Engineer());
        using var other = await _house.AsAsync(WorkbenchHouse.Engineer("Engineer Two"));
        var made = await MakeAsync(caller, "Shared", isShared: true);
        await AnsweredAsync(other.PutAsJsonAsync($"/api/saved-queries/{Id(made)}", new { revision = 1, sql = "SELECT 2" }));

        using var late = await caller.PutAsJsonAsync($"/api/saved-queries/{Id(made)}", new { revision = 1, sql = "SELECT 3" });

        Assert.Equal(HttpStatusCode.Conflict, late.StatusCode);
        var problem = await late.JsonAsync();
        Assert.Equal("“Shared” has changed since you saw it: Engineer Two saved version 2. Look at it, then save again.", problem.GetProperty("detail").GetString());
        Assert.Equal((2L, "SELECT 2"), (problem.GetProperty("present").GetProperty("revision").GetInt64(), problem.GetProperty("present").GetProperty("latest").GetProperty("sql").GetString()));
        Assert.Equal(["ok", "ok", "ok", "refused"], _house.Host.Audit.Entries.Where(entry => entry.On == Id(made)).Select(entry => entry.Outcome));
    }

    [Fact]
    public async Task A_shared_query_is_there_for_who_may_run_queries_and_only_its_owner_takes_it_away()
    {
        using var caller = await _house.AsAsync(WorkbenchHouse.Engineer());
        using var other = await _house.AsAsync(WorkbenchHouse.Engineer("Scientist", role: Role.DataScientist));
        using var desk = await _house.AsAsync(WorkbenchHouse.Engineer("Desk", role: Role.Operator));
        var (own, shared) = (await MakeAsync(caller, "Own"), await MakeAsync(caller, "Shared", isShared: true));

        var listed = (await other.GetFromJsonAsync<JsonElement>("/api/saved-queries")).GetProperty("items").EnumerateArray().Single();
        using var taken = await other.DeleteAsync($"/api/saved-queries/{Id(shared)}");
        using var hidden = await other.GetAsync($"/api/saved-queries/{Id(own)}");
        using var refused = await desk.GetAsync("/api/saved-queries");
        using var deleted = await caller.DeleteAsync($"/api/saved-queries/{Id(shared)}");

        Assert.Equal(("Shared", "Engineer One", false), (listed.GetProperty("name").GetString(), listed.GetProperty("owner").GetString(), listed.GetProperty("own").GetBoolean()));
        Assert.Equal(
            (HttpStatusCode.Forbidden, HttpStatusCode.NotFound, HttpStatusCode.Forbidden, HttpStatusCode.NoContent), (taken.StatusCode, hidden.StatusCode, refused.StatusCode, deleted.StatusCode));
        Assert.Empty((await other.GetFromJsonAsync<JsonElement>("/api/saved-queries")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task What_cannot_be_saved_is_said_by_field_and_what_cannot_be_audited_is_not_saved()
    {
        using var caller = await _house.AsAsync(WorkbenchHouse.Engineer());

        using var wrong = await caller.PostAsJsonAsync("/api/saved-queries", new { name = "a\u202Eb", sql = " ", values = new { n = new { type = "odd", value = "1" } }, chart = new { kind = "pie", x = "a", y = new[] { "b" } } });
        using var none = await caller.PatchAsJsonAsync("/api/saved-queries/x", new { name = "x" });
        _house.Host.Audit.IsBroken = true;
        using var unaudited = await caller.PostAsJsonAsync("/api/saved-queries", new { name = "a", sql = "SELECT 1" });
        _house.Host.Audit.IsBroken = false;

        Assert.Equal(["chart", "name", "sql", "values.n"], (await wrong.ProblemAsync(400)).Keys.Order());
        Assert.Equal(["revision"], (await none.ProblemAsync(400)).Keys);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, unaudited.StatusCode);
        Assert.Empty((await caller.GetFromJsonAsync<JsonElement>("/api/saved-queries")).GetProperty("items").EnumerateArray());
    }

    [Fact]
    public async Task What_was_run_is_remembered_for_its_user_on_the_portal()
    {
        using var caller = await _house.AsAsync(WorkbenchHouse.Engineer());
        using var other = await _house.AsAsync(WorkbenchHouse.Engineer("Engineer Two"));
        await caller.RunAsync("SELECT :n AS n", new { n = 7 });
        await caller.RunAsync("SELECT nonsense FROM trains");

        List<JsonElement> runs = [];
        await Eventually.IsTrueAsync("both are remembered", WorkbenchHouse.Patience, async () => (runs = [.. (await caller.GetFromJsonAsync<JsonElement>("/api/warehouse/history")).GetProperty("items").EnumerateArray()]).Count == 2);

        Assert.Equal([("failed", 0L), ("succeeded", 1L)], runs.Select(run => (run.State(), run.GetProperty("rows").GetInt64())));
        Assert.Contains("nonsense", runs[0].GetProperty("problem").GetString(), StringComparison.Ordinal);
        Assert.Equal("{\"type\":\"number\",\"value\":\"7\"}", runs[1].GetProperty("values").GetProperty("n").GetRawText());
        Assert.Empty((await other.GetFromJsonAsync<JsonElement>("/api/warehouse/history")).GetProperty("items").EnumerateArray());
        using var forgotten = await caller.DeleteAsync("/api/warehouse/history");
        Assert.Empty((await caller.GetFromJsonAsync<JsonElement>("/api/warehouse/history")).GetProperty("items").EnumerateArray());
    }

    private static async Task<JsonElement> MakeAsync(HttpClient caller, string name, bool isShared = false) =>
        await AnsweredAsync(caller.PostAsJsonAsync("/api/saved-queries", new { name, sql = "SELECT 1", shared = isShared, chart = new { kind = "bar", x = "a", y = new[] { "b" } } }));

    private static string Id(JsonElement query) => query.GetProperty("id").GetString()!;

    private static async Task<JsonElement> AnsweredAsync(Task<HttpResponseMessage> asking)
    {
        using var answer = await asking;
        Assert.True(answer.IsSuccessStatusCode, await answer.Content.ReadAsStringAsync());
        return await answer.JsonAsync();
    }
}
