using System.Globalization;
using Microsoft.AspNetCore.Components;

namespace OpsPortal.Layout;

/// <summary>Times as this operator reads them: in the zone chosen in the browser, always with its name. UTC until one is chosen.</summary>
public sealed class OperatorZone
{
    /// <summary>Name of the cookie in which the browser says the zone and what its offsets are called: <c>Europe/London~0:GMT~60:BST</c>.</summary>
    public const string Cookie = "zone";

    private const int Longest = 200;
    private string? _chosen;
    private TimeZoneInfo _zone = TimeZoneInfo.Utc;
    private Dictionary<int, string> _names = [];

    /// <summary>What the cookie says; what cannot be read counts as UTC.</summary>
    [PersistentState]
    public string? Chosen
    {
        get => _chosen;
        set
        {
            _chosen = value is { Length: <= Longest } ? value : null;
            var parts = _chosen?.Split('~') ?? [];
            _zone = parts.Length > 0 && TimeZoneInfo.TryFindSystemTimeZoneById(parts[0], out var found) ? found : TimeZoneInfo.Utc;
            _names = parts.Skip(1).Select(Named).OfType<KeyValuePair<int, string>>().DistinctBy(pair => pair.Key).ToDictionary();
        }
    }

    /// <summary>Name of the zone, such as Europe/London.</summary>
    public string Id => _zone.Id;

    /// <summary>"20:58:01 GMT"; "20 Nov 20:58:01 GMT" when it is not today, with the year when it is not this one.</summary>
    public string At(DateTimeOffset at, DateTimeOffset now)
    {
        var (moment, today) = (TimeZoneInfo.ConvertTime(at, _zone), TimeZoneInfo.ConvertTime(now, _zone));
        var date = moment.Date == today.Date ? "" : moment.Year == today.Year ? "d MMM " : "d MMM yyyy ";
        return $"{moment.ToString(date + "HH:mm:ss", CultureInfo.InvariantCulture)} {Name(moment.Offset)}";
    }

    /// <summary>As a machine reads it in a <c>datetime</c> attribute: UTC.</summary>
    public static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private string Name(TimeSpan offset) => _names.GetValueOrDefault((int)offset.TotalMinutes) ?? (offset == TimeSpan.Zero ? "UTC" : Ahead(offset));

    private static string Ahead(TimeSpan offset) =>
        (offset < TimeSpan.Zero ? "UTC-" : "UTC+") + offset.ToString(offset.Minutes == 0 ? "%h" : @"h\:mm", CultureInfo.InvariantCulture);

    // A cookie is what anybody may have written: only short plain names are taken from it.
    private static KeyValuePair<int, string>? Named(string part)
    {
        var colon = part.IndexOf(':', StringComparison.Ordinal);
        var name = part[(colon + 1)..];
        return colon > 0 && int.TryParse(part.AsSpan(0, colon), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var minutes)
            && name.Length is > 0 and <= 9 && name.All(character => char.IsAsciiLetterOrDigit(character) || character is '+' or '-' or ':')
                ? new(minutes, name)
                : null;
    }
}
