using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Adapters.Embedded;
using OpsPortal.Core.Access;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Extracts;

/// <summary>What tests of extracts ask of a portal.</summary>
internal static class ExtractRig
{
    public static readonly DateTimeOffset From = Samples.Start.AddDays(-1);

    /// <summary>Raw files of hours long over, in the portal's data folder.</summary>
    public static async Task SeedAsync(this PortalHost host, Action<RawSeed> add)
    {
        using var seed = new RawSeed(host.Services.GetRequiredService<EmbeddedFiles>(), TimeProvider.System);
        add(seed);
        await seed.WriteAsync();
    }

    /// <summary>A train sends something now.</summary>
    public static async Task SendAsync(this PortalHost host, TrainIdentity train, int messages = 1)
    {
        await host.Services.GetRequiredService<ITrainRegistry>().RegisterAsync([Samples.Train(train)], default);
        var intake = host.Services.GetRequiredService<ITelemetryIntake>();
        var last = await intake.GetLastNumberAsync("tests", default);
        var now = TimeProvider.System.GetUtcNow();
        await intake.AppendAsync("tests", [.. Enumerable.Range(1, messages).Select(i => new OutgoingRecord(last + i, SourceRecordKind.Telemetry, Encoding.UTF8.GetBytes(
            $$"""{"trainId":"{{train.Id}}","sequence":{{last + i}},"measuredAt":"{{now:O}}"}""")))], default);
    }

    public static object Request(params string[] trains) => new { trains, from = From.ToString("O"), to = Samples.Start.AddDays(1).ToString("O") };

    /// <summary>An extract of these trains around the samples' time.</summary>
    public static async Task<JsonElement> MakeAsync(HttpClient caller, params string[] trains)
    {
        var answer = await caller.PostAsJsonAsync("/api/extracts", Request(trains));
        Assert.True((int)answer.StatusCode == 201, await answer.Content.ReadAsStringAsync());
        return await answer.JsonAsync();
    }

    public static async Task<List<JsonElement>> ItemsAsync(HttpClient caller, string id) =>
        [.. (await (await caller.GetAsync($"/api/extracts/{id}/manifest")).EnsureSuccessStatusCode().JsonAsync()).GetProperty("items").EnumerateArray()];

    /// <summary>A script with nothing but an extract's token.</summary>
    public static HttpClient Script(this PortalHost host, string token)
    {
        var caller = host.Caller();
        caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return caller;
    }

    public static string Text(this JsonElement json, string name) => json.GetProperty(name).GetString()!;

    public static User Scientist(string id, Scope? scope = null, Role role = Role.DataScientist) => new(id, $"name of {id}", new HashSet<Role> { role }, scope ?? Scope.WholeFleet);
}
