using System.Net.Http.Json;
using System.Text.Json.Nodes;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Adapters.Aws.OpenSearch.Telemetry;
using OpsPortal.Core.Access;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Health;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.OpenSearch;

namespace OpsPortal.Tests.Aws.OpenSearch;

/// <summary>Making a server ready and keeping it so, on the real one where there is one.</summary>
[Trait("Peer", "OpenSearch")]
public sealed class ServerTests : IAsyncLifetime
{
    private OpenSearchRig _rig = null!;

    public async Task InitializeAsync() => _rig = await OpenSearchRig.StartWithProxyAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Eight_nodes_that_start_together_make_one_set_of_templates_and_indices()
    {
        var nodes = Enumerable.Range(0, 8).Select(_ => _rig.Open()).ToList();

        await Task.WhenAll(nodes.Select((node, i) => Task.Run(() => node.Get<IAnomalyStore>().AppendAsync([Samples.Anomaly($"n{i}", Samples.Longsight(), Samples.Start)], default))));

        Assert.Equal(IndexFamily.All.Count, await TemplatesAsync());
        Assert.Equal(8, (await nodes[3].Get<IAnomalyStore>().FindAsync(Scope.WholeFleet, new AnomalyQuery(null, null, null, null, null, 100), default)).Count);
    }

    [Fact]
    [Trait("Fault", "FLT-6")]
    public async Task A_server_that_is_down_at_the_start_is_made_ready_when_it_comes()
    {
        var process = _rig.Open(settings: ("OpenSearch:Retries", "0"));
        var upkeep = process.Get<IEnumerable<Microsoft.Extensions.Hosting.IHostedService>>().OfType<OpenSearchUpkeep>().Single();
        using (_rig.Proxy.Set(new TcpFault.Refusing()))
        {
            await upkeep.StartAsync(default);
            await Eventually.IsTrueAsync("the trouble is said", TimeSpan.FromSeconds(20), () => Task.FromResult(process.Get<IServiceHealth>().Get().Problem is not null));
            Assert.Contains("cannot be reached", process.Get<IServiceHealth>().Get().Problem, StringComparison.Ordinal);
            Assert.Null(process.Get<IServiceHealth>().Get().AsOf);
        }

        await Eventually.IsTrueAsync("templates are there", TimeSpan.FromSeconds(20), async () => await TemplatesAsync() == IndexFamily.All.Count);
        await Eventually.IsTrueAsync("and nothing is the matter", TimeSpan.FromSeconds(20), () => Task.FromResult(process.Get<IServiceHealth>().Get().Problem is null));
        await upkeep.StopAsync(default);
        Assert.Null(process.Get<IServiceHealth>().Get().Problem);
    }

    [Fact]
    public async Task Days_of_readings_past_their_retention_are_deleted_and_no_others()
    {
        var process = _rig.Open(ShiftedTime.At(new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero)));
        foreach (var day in new[] { 18, 19, 20, 27 })
        {
            var at = new DateTimeOffset(2026, 11, day, 10, 0, 0, TimeSpan.Zero);
            await process.Get<IReadingStore>().KeepAsync([new ReadingWindow(Samples.Longsight(), at, 1, 1, at, false, new Dictionary<string, ReadingFigures> { ["a"] = new(1, 1, 1, 1) })], default);
        }

        await process.Get<IndexRetention>().ClearAsync(default);

        Assert.Equal(
            ["2026.11.20", "2026.11.27"],
            (await process.Get<Catalogue>().FindAsync(IndexFamily.Readings, default)).Select(index => index.Name[^10..]));
    }

    [Fact]
    public async Task A_train_whose_clock_is_years_off_makes_no_index_of_its_own()
    {
        var process = _rig.Open();
        await process.Get<IAnomalyStore>().AppendAsync(
            [.. Enumerable.Range(0, 50).Select(i => Samples.Anomaly($"a{i}", Samples.Longsight(), Samples.Start) with { MeasuredAt = new DateTimeOffset(1970 + i, 1, 1, 0, 0, 0, TimeSpan.Zero) })], default);

        Assert.Single(await process.Get<Catalogue>().FindAsync(IndexFamily.Anomalies, default));
        Assert.Equal(50, (await process.Get<IAnomalyStore>().FindAsync(Scope.WholeFleet, new AnomalyQuery(null, null, null, null, null, 100), default)).Count);
    }

    [Fact]
    public async Task Trains_whose_clocks_are_off_make_no_index_for_every_day_and_what_they_sent_is_cleared_away_too()
    {
        var now = new DateTimeOffset(2026, 11, 27, 12, 0, 0, TimeSpan.Zero);
        var time = ShiftedTime.At(now);
        var process = _rig.Open(time);
        var readings = process.Get<IReadingStore>();
        await readings.KeepAsync([.. Enumerable.Range(0, 390).Select(days => new ReadingWindow(Samples.Longsight(), now.AddDays(-days), days, 1, now, false, new Dictionary<string, ReadingFigures> { ["a"] = new(1, 1, 1, 1) }))], default);

        Assert.Equal(10, (await process.Get<Catalogue>().FindAsync(IndexFamily.Readings, default)).Count);
        Assert.Equal(390, (await readings.FindAsync(Scope.WholeFleet, "390-042", "a", now.AddDays(-400), now.AddDays(1), TimeSpan.FromSeconds(10), default)).Count);

        await process.Get<IndexRetention>().ClearAsync(default);
        Assert.Equal(381, (await readings.FindAsync(Scope.WholeFleet, "390-042", "a", now.AddDays(-400), now.AddDays(-8), TimeSpan.FromSeconds(10), default)).Count);

        time.Advance(TimeSpan.FromDays(9));
        await process.Get<IndexRetention>().ClearAsync(default);
        Assert.Empty(await process.Get<Catalogue>().FindAsync(IndexFamily.Readings, default));
    }

    private async Task<int> TemplatesAsync()
    {
        using var client = _rig.Connect();
        return (await client.GetFromJsonAsync<JsonObject>($"_index_template/{_rig.Prefix}*"))!["index_templates"]!.AsArray().Count;
    }
}
