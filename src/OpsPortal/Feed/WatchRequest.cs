using System.Text.Json;
using Microsoft.AspNetCore.SignalR;

namespace OpsPortal.Feed;

/// <summary>What a browser asks to watch; every part optional.</summary>
/// <param name="Bounds">West, south, east, north in degrees; null = everything. Not yet used to narrow the feed: a fleet of this size fits.</param>
/// <param name="Zoom">Zoom of its map, 0–24; what lies beyond is the nearest that there is.</param>
internal sealed record WatchRequest(IReadOnlyList<double>? Bounds, double? Zoom)
{
    private const double HighestZoom = 24;

    /// <exception cref="HubException">What was sent cannot be; says what is allowed.</exception>
    public static WatchRequest Read(JsonElement request) => request.ValueKind switch
    {
        JsonValueKind.Null or JsonValueKind.Undefined => new(null, null),
        JsonValueKind.Object => new(ReadBounds(request), ReadZoom(request)),
        _ => throw new HubException("Watch takes an object: {\"bounds\":[west,south,east,north],\"zoom\":6}, each part optional."),
    };

    private static double[]? ReadBounds(JsonElement request)
    {
        if (!request.TryGetProperty("bounds", out var bounds) || bounds.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        if (bounds.ValueKind == JsonValueKind.Array && bounds.GetArrayLength() == 4 && bounds.EnumerateArray().All(IsNumber))
        {
            // East may lie beyond the date line: then it is smaller than west, or above 180. A map that shows more than the world shows the world.
            var (west, east) = (Math.Clamp(bounds[0].GetDouble(), -360, 360), Math.Clamp(bounds[2].GetDouble(), -540, 540));
            var (south, north) = (Math.Clamp(bounds[1].GetDouble(), -90, 90), Math.Clamp(bounds[3].GetDouble(), -90, 90));
            if (south <= north)
            {
                return [west, south, east, north];
            }
        }

        throw new HubException("bounds must be [west, south, east, north] in degrees, south not above north.");
    }

    private static double? ReadZoom(JsonElement request)
    {
        if (!request.TryGetProperty("zoom", out var zoom) || zoom.ValueKind == JsonValueKind.Null)
        {
            return null;
        }

        return IsNumber(zoom)
            ? Math.Clamp(zoom.GetDouble(), 0, HighestZoom)
            : throw new HubException($"zoom must be a number from 0 to {HighestZoom}.");
    }

    private static bool IsNumber(JsonElement element) => element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number) && double.IsFinite(number);
}
