using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using OpsPortal.Adapters.Aws.OpenSearch;
using OpsPortal.Adapters.Aws.OpenSearch.Detection;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Core.Detection;

namespace OpsPortal.Benchmarks;

/// <summary>Bulk indexing through the adapter against the same documents sent by a bare <see cref="HttpClient"/> loop, in turns, on the same indices of the same server.</summary>
internal static class SearchBulk
{
    private const int Batch = 1_000;
    private const int Rounds = 7;

    public static async Task RunAsync(string[] args)
    {
        var documents = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 20_000;
        await using var kit = new SearchKit(args[0]);
        using var http = kit.Server.Connect();
        await ThroughAdapterAsync(kit, "warm", Batch);
        await BareAsync(kit, http, "warmbare", Batch);
        var ratios = new List<double>();
        for (var round = 0; round < Rounds; round++)
        {
            // Whoever goes first has the quieter server: in turns.
            var adapter = round % 2 == 0 ? await ThroughAdapterAsync(kit, $"a{round}", documents) : 0;
            var bare = await BareAsync(kit, http, $"b{round}", documents);
            adapter = round % 2 == 0 ? adapter : await ThroughAdapterAsync(kit, $"a{round}", documents);
            ratios.Add(adapter / bare);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"round {round}: adapter {adapter:0} documents/s, bare loop {bare:0}, ratio {adapter / bare:0.00}"));
        }

        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"median ratio {ratios.Order().ElementAt(Rounds / 2):0.00} (aim 0.8), {documents} documents a round; load {ProcessCost.Load()}"));
    }

    private static async Task<double> ThroughAdapterAsync(SearchKit kit, string run, int documents)
    {
        var store = kit.Get<IAnomalyStore>();
        var batches = Enumerable.Range(0, documents / Batch).Select(i => SearchKit.Anomalies(run, i * Batch, Batch)).ToList();
        var watch = Stopwatch.StartNew();
        foreach (var batch in batches)
        {
            await store.AppendAsync(batch, default);
        }

        return documents / watch.Elapsed.TotalSeconds;
    }

    // Writes the same JSON and reads the answer's status; looks at nothing else.
    private static async Task<double> BareAsync(SearchKit kit, HttpClient http, string run, int documents)
    {
        var names = kit.Get<IndexNames>();
        var batches = Enumerable.Range(0, documents / Batch).Select(i => SearchKit.Anomalies(run, i * Batch, Batch)).ToList();
        var watch = Stopwatch.StartNew();
        foreach (var batch in batches)
        {
            using var content = new ByteArrayContent(Body(names, batch)) { Headers = { ContentType = new MediaTypeHeaderValue("application/x-ndjson") } };
            using var answer = await http.PostAsync(new Uri("_bulk", UriKind.Relative), content);
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync();
        }

        return documents / watch.Elapsed.TotalSeconds;
    }

    private static byte[] Body(IndexNames names, List<Anomaly> batch)
    {
        using var body = new MemoryStream();
        foreach (var anomaly in batch)
        {
            body.Write(System.Text.Encoding.UTF8.GetBytes($$$"""{"create":{"_index":"{{{names.AnomaliesOf(anomaly.MeasuredAt, anomaly.ReceivedAt)}}}","_id":"{{{anomaly.Id}}}"}}""" + "\n"));
            JsonSerializer.Serialize(body, AnomalyDocument.Of(anomaly with { KeptAt = anomaly.ReceivedAt }), OpenSearchJson.Default.AnomalyDocument);
            body.WriteByte((byte)'\n');
        }

        return body.ToArray();
    }
}
