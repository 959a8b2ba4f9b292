using System.Net.Http.Json;
using System.Text.Json;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Workbench;

/// <summary>What a script does with the queries' API.</summary>
internal static class QueryCalls
{
    public static Task<HttpResponseMessage> AskAsync(this HttpClient caller, string sql, object? parameters = null) => caller.PostAsJsonAsync("/api/queries", new { sql, parameters });

    /// <summary>The id of a query that must be taken.</summary>
    public static async Task<string> TakenAsync(this HttpClient caller, string sql, object? parameters = null)
    {
        using var answer = await caller.AskAsync(sql, parameters);
        Assert.True((int)answer.StatusCode == 202, await answer.Content.ReadAsStringAsync());
        var id = (await answer.JsonAsync()).GetProperty("id").GetString()!;
        Assert.Equal($"/api/queries/{id}", answer.Headers.Location?.ToString());
        return id;
    }

    public static Task<JsonElement> GetQueryAsync(this HttpClient caller, string id) => caller.GetFromJsonAsync<JsonElement>($"/api/queries/{id}");

    public static string State(this JsonElement query) => query.GetProperty("state").GetString()!;

    public static async Task<JsonElement> EndedAsync(this HttpClient caller, string id)
    {
        JsonElement query = default;
        await Eventually.IsTrueAsync($"query {id} ends", WorkbenchHouse.Patience, async () => (query = await caller.GetQueryAsync(id)).State() is "succeeded" or "failed" or "cancelled");
        return query;
    }

    /// <summary>Runs it to its end: the query as it is then, and its rows, joined by |.</summary>
    public static async Task<(JsonElement Query, List<string> Rows)> RunAsync(this HttpClient caller, string sql, object? parameters = null)
    {
        var id = await caller.TakenAsync(sql, parameters);
        var query = await caller.EndedAsync(id);
        var rows = await caller.GetFromJsonAsync<JsonElement>($"/api/queries/{id}/rows");
        return (query, [.. rows.GetProperty("rows").EnumerateArray().Select(row => string.Join('|', row.EnumerateArray().Select(cell => cell.ToString())))]);
    }
}
