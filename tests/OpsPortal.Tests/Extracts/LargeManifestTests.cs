using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Extracts;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Extracts;

/// <summary>A manifest of 100,000 files. Alone, because the second in which it begins is a second of the whole machine.</summary>
[Collection(Alone.Name)]
public sealed class LargeManifestTests
{
    private const int Files = 100_000;

    [Theory]
    [InlineData("json")]
    [InlineData("csv")]
    public async Task A_manifest_of_100_000_files_begins_within_a_second_and_streams(string format)
    {
        using var host = PortalHost.OnKestrel();
        using var caller = new HttpClient { BaseAddress = host.Address };
        caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", await host.SessionOfAsync(ExtractRig.Scientist("u")));
        var store = host.Services.GetRequiredService<IExtractStore>();
        for (var number = 1; number <= Files; number += 10_000)
        {
            await store.AddFilesAsync("large", [.. Enumerable.Range(number, 10_000).Select(File)], default);
        }

        var now = TimeProvider.System.GetUtcNow();
        await store.KeepAsync(new Extract("large", "u", "U", new ExtractRequest(["390-042"], Samples.Start, Samples.Start.AddHours(1), null), now, now.AddDays(1), Files, 1, now, null, null), "hash", default);
        await caller.GetAsync("/api/extracts/none/manifest");
        var clock = Stopwatch.StartNew();

        using var answer = await caller.GetAsync($"/api/extracts/large/manifest?format={format}", HttpCompletionOption.ResponseHeadersRead);
        await using var stream = await answer.EnsureSuccessStatusCode().Content.ReadAsStreamAsync();
        var first = new byte[1_000];
        await stream.ReadExactlyAsync(first);
        var began = clock.Elapsed;
        using var rest = new MemoryStream();
        await rest.WriteAsync(first);
        await stream.CopyToAsync(rest);

        Assert.True(began < TimeSpan.FromSeconds(1), $"The first bytes came after {began}.");
        Assert.True(answer.Content.Headers.ContentLength is null, "It was gathered before it was sent.");
        rest.Position = 0;
        Assert.Equal(Files, format == "json"
            ? (await JsonSerializer.DeserializeAsync<JsonElement>(rest)).GetProperty("items").GetArrayLength()
            : new StreamReader(rest).ReadToEnd().Count(letter => letter == '\n') - 1);
    }

    private static ExtractFile File(int number) => new(
        number, $"raw/depot=Longsight/date=2026-11-21/hour=20/{number:D8}.ndjson.gz", 1_000_000, new RawChecksum(RawChecksum.Sha256, new string('a', 64)), "FOLDER", ["390-042", "390-001"], Samples.Start, Samples.Start.AddHours(1));
}
