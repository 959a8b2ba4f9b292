using System.Text.Json;
using Microsoft.AspNetCore.SignalR;

namespace OpsPortal.Feed;

/// <summary>What a browser asks to watch; every part optional.</summary>
/// <param name="Bounds">West, south, east, north in degrees; null = everything. Not yet used to narrow the feed: a fleet of this size fits.</param>
/// <param name="Zoom">Zoom of its map, 0–24.</param>
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
            var (west, south, east, north) = (bounds[0].GetDouble(), bounds[1].GetDouble(), bounds[2].GetDouble(), bounds[3].GetDouble());
            // East may lie beyond the date line: then it is smaller than west, or above 180.
            if (Math.Abs(west) <= 360 && Math.Abs(east) <= 540 && south is >= -90 and <= 90 && north is >= -90 and <= 90 && south <= north)
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

        return IsNumber(zoom) && zoom.GetDouble() is >= 0 and <= HighestZoom and var level
            ? level
            : throw new HubException($"zoom must be a number from 0 to {HighestZoom}.");
    }

    private static bool IsNumber(JsonElement element) => element.ValueKind == JsonValueKind.Number && element.TryGetDouble(out var number) && double.IsFinite(number);
}
