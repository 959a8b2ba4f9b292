using System.Net.Http.Json;
using System.Text.Json;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Kit;

/// <summary>Counts after faults: what the trains sent, what was kept of it, and what a run without faults finds in the same.</summary>
internal static class FleetCount
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    /// <summary>Waits until so many messages are kept.</summary>
    public static Task WarmUpAsync(HttpClient client, long kept) =>
        Eventually.IsTrueAsync("the detector is warm", Limit, async () =>
        {
            var pipeline = await client.GetFromJsonAsync<JsonElement>("/api/health/pipeline");
            return pipeline.GetProperty("counts") is { ValueKind: JsonValueKind.Object } counts && counts.GetProperty("kept").GetInt64() > kept;
        });

    /// <summary>Waits until everything the source holds is kept.</summary>
    public static Task DrainAsync(HttpClient client) =>
        Eventually.IsTrueAsync("the detector and the raw archive have taken everything the source holds", Limit, async () =>
        {
            var pipeline = await client.GetFromJsonAsync<JsonElement>("/api/health/pipeline");
            return pipeline.GetProperty("lagRecords") is { ValueKind: JsonValueKind.Number } lag && lag.GetInt64() == 0
                && pipeline.GetProperty("source").GetProperty("consumers").EnumerateArray().All(consumer => consumer.GetProperty("uncommittedRecords").GetInt64() == 0);
        });

    /// <summary>Stops the product, runs the detector over its raw files once more, without any fault, and compares.</summary>
    /// <returns>The counts, in words.</returns>
    public static async Task<string> NothingLostOrDoubledAsync(HttpClient client, RunningProduct product)
    {
        var kept = await ReadAllAsync(client, "/api/anomalies?limit=1000");
        var alerts = await ReadAllAsync(client, "/api/alerts?limit=1000");
        var pipeline = await client.GetFromJsonAsync<JsonElement>("/api/health/pipeline");
        var newest = pipeline.GetProperty("source").GetProperty("newestOffset").GetInt64();
        await product.StopAsync();

        var raw = RawFolder.Read(product.DataFolder, "raw");
        var presence = RawFolder.Read(product.DataFolder, "presence").Count;
        var memory = new DetectorMemory(new DetectorOptions(), new PipelineOptions());
        var again = raw.Select((line, index) => memory.Take([RawFolder.Record(line, index + 1)])).ToList();
        var found = again.SelectMany(findings => findings.Anomalies).Select(anomaly => anomaly.Id).ToHashSet();
        var raised = again.SelectMany(findings => findings.Changes).Select(change => change.AlertId).ToHashSet();

        Assert.Equal(newest, raw.Count + presence);
        Assert.All(raw.Select(line => TelemetryParser.Parse(line, RawFolder.MeasuredAt(line)).Message!).GroupBy(message => message.TrainId), train =>
        {
            var sequences = train.Select(message => message.Sequence).ToList();
            Assert.Equal(sequences.Distinct().Count(), sequences.Count);
            Assert.Equal(sequences.Max() - sequences.Min() + 1, sequences.Count);
        });
        Assert.NotEmpty(found);
        Assert.Equal(found.Order(StringComparer.Ordinal), kept.Order(StringComparer.Ordinal));
        Assert.Equal(raised.Order(StringComparer.Ordinal), alerts.Order(StringComparer.Ordinal));
        Assert.Equal(0, again.Sum(findings => findings.SetAside.Count));
        return $"source {newest} records = raw {raw.Count} lines + presence {presence}; anomalies kept {kept.Count}, run without faults {found.Count}; alerts kept {alerts.Count}, run without faults {raised.Count}";
    }

    /// <summary>Ids of the whole list, page by page; nothing may come twice.</summary>
    private static async Task<List<string>> ReadAllAsync(HttpClient client, string path)
    {
        var ids = new List<string>();
        for (string? after = null; ;)
        {
            var page = await client.GetFromJsonAsync<JsonElement>(after is null ? path : $"{path}&after={Uri.EscapeDataString(after)}");
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()!));
            after = page.GetProperty("next").GetString();
            if (after is null)
            {
                Assert.Equal(ids.Distinct().Count(), ids.Count);
                return ids;
            }
        }
    }
}
