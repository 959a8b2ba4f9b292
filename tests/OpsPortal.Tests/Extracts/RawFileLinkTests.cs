using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;
using static OpsPortal.Tests.Extracts.ExtractRig;

namespace OpsPortal.Tests.Extracts;

/// <summary>Addresses that the portal signs and serves itself.</summary>
public sealed class RawFileLinkTests : IDisposable
{
    private readonly ManualTime _time = new(TimeProvider.System.GetUtcNow());
    private readonly PortalHost _host;

    public RawFileLinkTests() => _host = new PortalHost(services => services.AddSingleton<TimeProvider>(new ShiftedTime(_time)), ("Extracts:LinkFor", "00:01:00"));

    public void Dispose() => _host.Dispose();

    [Fact]
    [Trait("Fault", "SEC-32")]
    public async Task A_cut_download_goes_on_where_it_ended_and_only_as_long_as_the_file_is_the_same()
    {
        var address = await AddressAsync();
        var whole = await _host.Caller().GetByteArrayAsync(address);

        using var rest = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new RangeHeaderValue(10, null) } };
        var answer = await _host.Caller().SendAsync(rest);
        using var other = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new RangeHeaderValue(10, null), IfRange = new RangeConditionHeaderValue(new EntityTagHeaderValue("\"other\"")) } };
        using var beyond = new HttpRequestMessage(HttpMethod.Get, address) { Headers = { Range = new RangeHeaderValue(whole.Length, null) } };

        Assert.Equal((206, $"bytes 10-{whole.Length - 1}/{whole.Length}"), ((int)answer.StatusCode, answer.Content.Headers.ContentRange!.ToString()));
        Assert.Equal(whole[10..], await answer.Content.ReadAsByteArrayAsync());
        Assert.Equal(200, (int)(await _host.Caller().SendAsync(other)).StatusCode);
        Assert.Equal(416, (int)(await _host.Caller().SendAsync(beyond)).StatusCode);
    }

    [Fact]
    [Trait("Fault", "SEC-32")]
    public async Task Changed_anywhere_it_is_refused()
    {
        var address = (await AddressAsync()).ToString();
        var begin = address.IndexOf("ticket=", StringComparison.Ordinal) + "ticket=".Length;

        for (var at = begin; at < address.Length; at++)
        {
            var changed = address[..at] + (address[at] == 'A' ? 'B' : 'A') + address[(at + 1)..];
            await (await _host.Caller().GetAsync(changed)).ProblemAsync(403);
        }

        Assert.Equal(403, (int)(await _host.Caller().GetAsync(address[..^1])).StatusCode);
        Assert.Equal(403, (int)(await _host.Caller().GetAsync(address + "A")).StatusCode);
        Assert.Equal(403, (int)(await _host.Caller().GetAsync(address + "=")).StatusCode);
        Assert.Equal(400, (int)(await _host.Caller().GetAsync(address + "&key=raw/x")).StatusCode);
        Assert.Equal(400, (int)(await _host.Caller().GetAsync(address + "&ticket=x")).StatusCode);
    }

    [Fact]
    [Trait("Fault", "SEC-32")]
    public async Task It_is_for_reading_and_ends()
    {
        var address = await AddressAsync();

        // Any other method is no address of the portal's for who is not signed in.
        Assert.Equal(401, (int)(await _host.Caller().PutAsync(address, null)).StatusCode);
        Assert.Equal(401, (int)(await _host.Caller().DeleteAsync(address)).StatusCode);
        _time.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(200, (int)(await _host.Caller().GetAsync(address)).StatusCode);
        _time.Advance(TimeSpan.FromSeconds(1));
        await (await _host.Caller().GetAsync(address)).ProblemAsync(403);
    }

    [Fact]
    public async Task It_ends_with_its_extract()
    {
        await _host.SeedAsync(seed => seed.Add("Longsight", "390-042", Samples.Start));
        var caller = await _host.SignedInAsync("data-scientist", "Ada");
        var id = (await MakeAsync(caller, "390-042")).Text("id");
        var address = (await caller.GetAsync($"/api/extracts/{id}/files/1")).Headers.Location;
        await caller.DeleteAsync($"/api/extracts/{id}");

        Assert.Equal(403, (int)(await _host.Caller().GetAsync(address)).StatusCode);
    }

    [Fact]
    [Trait("Fault", "SEC-30")]
    public async Task No_key_leads_anywhere()
    {
        await AddressAsync();

        var caller = await _host.SignedInAsync("data-scientist", "Ada");
        foreach (var path in new[] { "/api/raw-files", "/raw/depot=Longsight", "/api/raw-files/raw/depot=Longsight" })
        {
            Assert.Equal(404, (int)(await caller.GetAsync(path)).StatusCode);
        }

        foreach (var ticket in new[] { "../../etc/passwd", "raw%2Fdepot", "%00", new string('A', 5_000) })
        {
            Assert.Equal(403, (int)(await _host.Caller().GetAsync($"/api/raw-files?ticket={ticket}")).StatusCode);
        }
    }

    private async Task<Uri> AddressAsync()
    {
        await _host.SeedAsync(seed => seed.Add("Longsight", "390-042", Samples.Start, 50));
        var caller = await _host.SignedInAsync("data-scientist", "Ada");
        var id = (await MakeAsync(caller, "390-042")).Text("id");
        return (await caller.GetAsync($"/api/extracts/{id}/files/1")).Headers.Location!;
    }

    // What the hand moves is the time of day; waiting goes by itself.
    private sealed class ShiftedTime(ManualTime time) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => time.GetUtcNow();
    }
}
