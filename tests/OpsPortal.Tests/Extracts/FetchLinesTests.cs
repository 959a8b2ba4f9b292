using System.Diagnostics;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Adapters.Embedded;
using OpsPortal.Extracts;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Host;

namespace OpsPortal.Tests.Extracts;

/// <summary>The lines that people copy, run as they stand.</summary>
[Trait("Fault", "BAD-31")]
public sealed class FetchLinesTests : IDisposable
{
    private const int Files = 500;

    private readonly string _folder = Directory.CreateTempSubdirectory("opsportal-fetch-").FullName;

    public static TheoryData<string> Ways => ["curl", "python"];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task Five_hundred_files_are_fetched_and_every_checksum_is_right_also_after_cuts_and_spoilt_bytes(string way)
    {
        using var host = PortalHost.OnKestrel(("Limits:ApiPerMinute", "1000000"));
        await host.SeedAsync(seed =>
        {
            for (var hour = 0; hour < Files; hour++)
            {
                seed.Add("Longsight", "390-042", Samples.Start.AddHours(-hour), 2);
            }
        });
        using var caller = new HttpClient { BaseAddress = host.Address };
        caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await host.SessionOfAsync(ExtractRig.Scientist("ada")));
        var made = await (await caller.PostAsJsonAsync("/api/extracts", new { trains = new[] { "390-042" }, from = Samples.Start.AddDays(-30).ToString("O"), to = Samples.Start.AddDays(1).ToString("O") })).JsonAsync();
        Assert.Equal(Files, made.GetProperty("count").GetInt32());
        var items = await ExtractRig.ItemsAsync(caller, made.Text("id"));

        // As a cut download leaves it: a part of one file. And one that has the length but other bytes.
        var bytes = host.Services.GetRequiredService<EmbeddedFiles>().Folder;
        await LeaveAsync(items[0], (await File.ReadAllBytesAsync(Path.Combine(bytes, items[0].Text("key"))))[..20]);
        await LeaveAsync(items[1], new byte[items[1].GetProperty("bytes").GetInt32()]);
        var first = await RunAsync(way, made.Text("manifest"), made.Text("token"));

        Assert.Equal(1, first.Exit);
        Assert.Contains($"not as catalogued, removed: {items[1].Text("key")}", first.Errors, StringComparison.Ordinal);
        var second = await RunAsync(way, made.Text("manifest"), made.Text("token"));
        Assert.True(second.Exit == 0, second.Errors);
        foreach (var item in items)
        {
            Assert.Equal(item.GetProperty("checksum").Text("value"), Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(_folder, item.Text("key"))))));
        }
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task With_a_token_that_was_taken_away_nothing_is_fetched(string way)
    {
        using var host = PortalHost.OnKestrel();
        await host.SeedAsync(seed => seed.Add("Longsight", "390-042", Samples.Start));
        using var caller = new HttpClient { BaseAddress = host.Address };
        caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await host.SessionOfAsync(ExtractRig.Scientist("ada")));
        var made = await ExtractRig.MakeAsync(caller, "390-042");
        await caller.DeleteAsync($"/api/extracts/{made.Text("id")}/token");

        var (exit, errors) = await RunAsync(way, made.Text("manifest"), made.Text("token"));

        Assert.NotEqual(0, exit);
        Assert.Contains("401", errors, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(_folder, "*.gz", SearchOption.AllDirectories));
    }

    private async Task LeaveAsync(JsonElement item, byte[] bytes)
    {
        var path = Path.Combine(_folder, item.Text("key"));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await File.WriteAllBytesAsync(path, bytes);
    }

    private Task<(int Exit, string Errors)> RunAsync(string way, string manifest, string token) => FetchRun.RunAsync(way, manifest, token, _folder);
}

/// <summary>Runs the lines as a person would.</summary>
internal static class FetchRun
{
    public static async Task<(int Exit, string Errors)> RunAsync(string way, string manifest, string token, string folder)
    {
        var address = manifest[..^"/manifest".Length];
        var start = new ProcessStartInfo(way == "curl" ? "bash" : "python3") { WorkingDirectory = folder, RedirectStandardInput = true, RedirectStandardError = true, RedirectStandardOutput = true };
        start.Environment["OPSPORTAL_TOKEN"] = token;
        start.ArgumentList.Add("-");
        if (way == "curl")
        {
            start.ArgumentList[0] = "-c";
            start.ArgumentList.Add(FetchLines.Curl(address));
        }

        using var process = Process.Start(start)!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        if (way != "curl")
        {
            await process.StandardInput.WriteAsync(FetchLines.Python(address));
        }

        process.StandardInput.Close();
        await process.WaitForExitAsync();
        return (process.ExitCode, await output + await errors);
    }
}
