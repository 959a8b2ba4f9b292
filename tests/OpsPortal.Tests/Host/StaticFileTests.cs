using System.Net.Http.Headers;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Host;

/// <summary>What browsers are sent, by the program as it is started with the command of the README.</summary>
public sealed class StaticFileTests
{
    [Fact]
    public async Task Scripts_styles_and_map_data_go_out_compressed()
    {
        await using var product = await RunningProduct.StartAsync(("Parts", "Portal"));
        using var client = new HttpClient { BaseAddress = product.Address };

        foreach (var path in new[] { "/js/site.entry.css", "/js/live.entry.js", "/js/maplibre-gl-worker.mjs", "/map/land.json" })
        {
            var plain = (await client.GetByteArrayAsync(new Uri(path, UriKind.Relative))).Length;
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
            using var answer = await client.SendAsync(request);
            var sent = (await answer.Content.ReadAsByteArrayAsync()).Length;

            Assert.True(sent < plain * 0.6, $"{path}: {sent} of {plain} bytes");
        }
    }
}
