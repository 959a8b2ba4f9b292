using System.Text.Json;
using OpsPortal.Api;
using OpsPortal.Core.Feed;
using OpsPortal.Feed;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Feed;

public sealed class WireTests
{
    [Fact]
    public async Task A_snapshot_is_written_as_described()
    {
        var rig = FeedRig.Started(null, Samples.State(Samples.Longsight(), 1));
        rig.Raise(Samples.Alert("a", Samples.Longsight(), Samples.Start) with { Revision = 1 });
        rig.Find(Samples.Anomaly("n", Samples.Longsight(), Samples.Start));
        await using var reader = rig.Watch();

        var json = Write(await reader.NextAsync());

        Assert.Equal(["version", "number", "at", "store", "trains", "alerts", "anomalies"], json.EnumerateObject().Select(property => property.Name));
        Assert.Equal((1, 1L, "2026-11-21T20:00:00Z"), (json.GetProperty("version").GetInt32(), json.GetProperty("number").GetInt64(), json.GetProperty("at").GetString()));
        Assert.Equal("""{"asOf":"2026-11-21T20:00:00Z","problem":null}""", json.GetProperty("store").GetRawText());
        Assert.Equal("critical", json.GetProperty("trains")[0].GetProperty("worstAlert").GetString());
        Assert.Equal("unacknowledged", json.GetProperty("alerts")[0].GetProperty("state").GetString());
        Assert.Equal("""{"sensor":"axleBoxTemperature.car3.axle2.right","words":"axle box 3-2 right","share":0.71,"direction":"high","observed":78.2,"expected":null,"unit":"\u00B0C"}""", json.GetProperty("anomalies")[0].GetProperty("shares")[0].GetRawText());
    }

    [Fact]
    public async Task Changes_are_written_as_described()
    {
        var rig = FeedRig.Started(null, Samples.State(Samples.Longsight(), 1));
        await using var reader = rig.Watch();
        await reader.NextAsync();
        rig.Move(Samples.State(Samples.Longsight(), 2), Samples.State(Samples.Crofton(), 3) with { Position = null, MeasuredAt = null, ReceivedAt = null });

        var json = Write(await reader.NextAsync());

        Assert.Equal(["version", "number", "at", "store", "trains", "moves", "alerts", "anomalies"], json.EnumerateObject().Select(property => property.Name));
        Assert.Equal("222-007", Assert.Single(json.GetProperty("trains").EnumerateArray()).GetProperty("id").GetString());
        Assert.Equal("""[["390-042",53.4774,-2.2309,12,143.5,301.2,"online",null,1795291200000,1795291200250]]""", json.GetProperty("moves").GetRawText());

        rig.Move(Samples.State(Samples.Crofton(), 4) with { Position = null, MeasuredAt = null, ReceivedAt = null });
        Assert.Equal("""[["222-007",null,null,null,null,null,"unknown",null,null,null]]""", Write(await reader.NextAsync()).GetProperty("moves").GetRawText());

        var state = Samples.State(Samples.Longsight(), 5);
        rig.Move(state with { Position = state.Position! with { Suspect = true, Km = 301.3 } });
        Assert.Equal("""[["390-042",53.4774,-2.2309,12,143.5,301.3,"online",null,1795291200000,1795291200250,1795291200000,null,1]]""", Write(await reader.NextAsync()).GetProperty("moves").GetRawText());
    }

    private static JsonElement Write(FeedFrame frame) => JsonSerializer.SerializeToElement(FrameJson.Of(frame), WireJson.Options);
}
