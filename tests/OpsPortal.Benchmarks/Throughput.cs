using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Text.Json;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Benchmarks;

/// <summary>Messages a second through detect-and-keep on one core: trains fill the source first, then a portal with its detector, held to one core, empties it.</summary>
internal static class Throughput
{
    public static async Task RunAsync(string[] args)
    {
        var trains = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 120;
        var minutes = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 10;
        var messages = trains * minutes * 60L;
        await using var product = await PortalKit.StartAsync(trains, "Portal,Trains", ("Trains:History", TimeSpan.FromMinutes(minutes).ToString("c", CultureInfo.InvariantCulture)));
        using (var client = await product.SignInAsync("executive", "Benchmark"))
        {
            await Eventually.IsTrueAsync("the source is full", TimeSpan.FromMinutes(10), async () =>
                (await client.GetFromJsonAsync<JsonElement>("/api/health/pipeline")).GetProperty("source").GetProperty("newestOffset").GetInt64() >= messages * 0.98);
        }

        await product.StopAsync();
        await product.StartAgainAsync(("Parts", "Portal,Detector"));
        await ProcessCost.PinAsync(product.ProcessId, 1);
        await MeasureAsync(product, trains);
    }

    private static async Task MeasureAsync(RunningProduct product, int trains)
    {
        using var client = await product.SignInAsync("executive", "Benchmark");
        await Eventually.IsTrueAsync("the detector has begun", TimeSpan.FromMinutes(2), async () => (await PortalKit.PipelineAsync(client)).Kept > trains);
        var (from, _) = await PortalKit.PipelineAsync(client);
        var (watch, cpu) = (Stopwatch.StartNew(), ProcessCost.CpuSeconds(product.ProcessId));
        var kept = from;
        await Eventually.IsTrueAsync("the source is empty", TimeSpan.FromMinutes(20), async () =>
        {
            (kept, var lag) = await PortalKit.PipelineAsync(client);
            return lag < 100;
        });
        var (wall, used) = (watch.Elapsed.TotalSeconds, ProcessCost.CpuSeconds(product.ProcessId) - cpu);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{trains} trains: {kept - from} messages detected and kept in {wall:0.0} s, {used:0.0} CPU s: {(kept - from) / wall:0} a second, {(kept - from) / used:0} a CPU second; load {ProcessCost.Load()}"));
    }
}
