using System.Net.Http.Json;
using System.Text.Json;

namespace OpsPortal.Browser.Tests.Kit;

/// <summary>Finds trains that will be in a tunnel soon, from what any user can see: positions and the network.</summary>
internal static class Tunnels
{
    private sealed record Place(double Latitude, double Longitude, double SpeedKmh, string? Line);

    /// <summary>The id of a train, none of <paramref name="but"/>, that reaches a tunnel's mouth in about 20 to 60 s at its present speed, and is then inside for 20 to 120 s.</summary>
    public static async Task<string> FindTrainThatEntersSoonAsync(HttpClient client, TimeSpan limit, IReadOnlySet<string> but)
    {
        var network = await client.GetFromJsonAsync<JsonElement>("/api/network");
        var tunnels = network.GetProperty("tunnels").GetProperty("features").EnumerateArray()
            .Select(tunnel => (Line: tunnel.GetProperty("properties").GetProperty("line").GetString(), Way: tunnel.GetProperty("geometry").GetProperty("coordinates").EnumerateArray().Select(point => (Latitude: point[1].GetDouble(), Longitude: point[0].GetDouble())).ToList())).ToList();
        var before = await ReadAsync(client);
        return await OpsPortal.Tests.Kit.Eventually.GetAsync("a train that will enter a tunnel soon", limit, async () =>
        {
            await Task.Delay(1_000);
            var now = await ReadAsync(client);
            var found = now.Keys.FirstOrDefault(train => !but.Contains(train) && before.TryGetValue(train, out var earlier) && tunnels.Any(tunnel => tunnel.Line == now[train].Line && EntersSoon(tunnel.Way, earlier, now[train])));
            before = now;
            return found;
        });
    }

    // The nearer mouth must come nearer, and the train must not be inside already (both mouths then lie within the tunnel's length).
    private static bool EntersSoon(List<(double Latitude, double Longitude)> tunnel, Place earlier, Place now)
    {
        var (first, last) = (tunnel[0], tunnel[^1]);
        var length = Portal.Km(first.Latitude, first.Longitude, last.Latitude, last.Longitude);
        var mouth = To(now, first) < To(now, last) ? first : last;
        var other = mouth == first ? last : first;
        if (To(now, other) < length || now.SpeedKmh < 60 || To(now, mouth) >= To(earlier, mouth))
        {
            return false;
        }

        // Long enough inside for an operator to act meanwhile; not so long that the fault is over when it comes out.
        var (until, inside) = (To(now, mouth) / now.SpeedKmh * 3600, length / now.SpeedKmh * 3600);
        return until is > 20 and < 60 && inside is > 20 and < 120;
    }

    private static double To(Place place, (double Latitude, double Longitude) mouth) => Portal.Km(place.Latitude, place.Longitude, mouth.Latitude, mouth.Longitude);

    private static async Task<Dictionary<string, Place>> ReadAsync(HttpClient client)
    {
        var fleet = await client.GetFromJsonAsync<JsonElement>("/api/fleet?limit=1000");
        return fleet.GetProperty("items").EnumerateArray()
            .Where(train => train.GetProperty("connectivity").GetString() == "online" && train.GetProperty("position").ValueKind == JsonValueKind.Object)
            .ToDictionary(
                train => train.GetProperty("id").GetString()!,
                train => new Place(train.GetProperty("position").GetProperty("latitude").GetDouble(), train.GetProperty("position").GetProperty("longitude").GetDouble(), train.GetProperty("position").GetProperty("speedKmh").GetDouble(), train.GetProperty("position").GetProperty("line").GetString()));
    }
}
