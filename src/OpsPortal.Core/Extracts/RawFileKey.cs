using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Core.Extracts;

/// <summary>The key of a raw file, <c>raw/depot=…/date=…/hour=…/….ndjson.gz</c>: the same below a folder and in S3, whoever wrote it.</summary>
/// <param name="Folder">The depot's name as the name of a folder.</param>
/// <param name="Hour">Begin of the hour of arrival, UTC.</param>
/// <param name="Name">The file's own name.</param>
public sealed partial record RawFileKey(SourceRecordKind Kind, string Folder, DateTimeOffset Hour, string Name)
{
    // Names of folders are limited to 255 bytes.
    private const int MaxDepot = 200;

    /// <summary>When the hour is over.</summary>
    public DateTimeOffset End => Hour + TimeSpan.FromHours(1);

    /// <summary>The depot; its folder's name where the depot's is too long to be read back.</summary>
    public string Depot => Uri.UnescapeDataString(Folder) is var depot && FolderOf(depot) == Folder ? depot : Folder;

    /// <summary>The name to save the file under: says by itself what is inside.</summary>
    public string FileName => string.Create(CultureInfo.InvariantCulture, $"{KindFolder(Kind)}_{Depot}_{Hour:yyyy-MM-dd}T{Hour:HH}_{Name}");

    /// <summary>The key.</summary>
    public override string ToString() => $"{HourPrefix(Kind, Folder, Hour)}/{Name}";

    /// <summary>The key that a text is, or null when it is none: no other path ever comes from what a caller says.</summary>
    public static RawFileKey? Parse(string? text)
    {
        if (text is not { Length: < 900 } || Layout().Match(text) is not { Success: true } match)
        {
            return null;
        }

        var at = $"{match.Groups["date"].Value} {match.Groups["hour"].Value}";
        return DateTimeOffset.TryParseExact(at, "yyyy-MM-dd HH", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var hour)
            ? new RawFileKey(match.Groups["kind"].Value == "raw" ? SourceRecordKind.Telemetry : SourceRecordKind.Presence, match.Groups["depot"].Value, hour, match.Groups["name"].Value)
            : null;
    }

    /// <summary>A depot's name as the name of a folder: no separators, no dots that lead elsewhere, and two depots never share one.</summary>
    public static string FolderOf(string depot)
    {
        var escaped = Uri.EscapeDataString(depot).Replace(".", "%2E", StringComparison.Ordinal);
        return escaped.Length <= MaxDepot
            ? escaped
            : $"{escaped[..MaxDepot].TrimEnd('%')}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(depot)))[..16]}";
    }

    /// <summary>Whether a depot's folder may have it in its name.</summary>
    public static bool IsOfFolder(char c) => char.IsAsciiLetterOrDigit(c) || c is '_' or '~' or '%' or '-';

    /// <summary>What all keys of a kind begin with.</summary>
    public static string KindPrefix(SourceRecordKind kind) => $"{KindFolder(kind)}/";

    /// <summary>What all keys of a depot begin with.</summary>
    public static string DepotPrefix(SourceRecordKind kind, string folder) => $"{KindFolder(kind)}/depot={folder}/";

    /// <summary>What all keys of an hour begin with, before the slash.</summary>
    public static string HourPrefix(SourceRecordKind kind, string folder, DateTimeOffset hour) =>
        string.Create(CultureInfo.InvariantCulture, $"{DepotPrefix(kind, folder)}date={hour:yyyy-MM-dd}/hour={hour:HH}");

    private static string KindFolder(SourceRecordKind kind) => kind == SourceRecordKind.Telemetry ? "raw" : "presence";

    [GeneratedRegex(@"^(?<kind>raw|presence)/depot=(?<depot>[A-Za-z0-9_~%-]*)/date=(?<date>[0-9]{4}-[0-9]{2}-[0-9]{2})/hour=(?<hour>[0-9]{2})/(?<name>[A-Za-z0-9][A-Za-z0-9._=-]{0,240}\.ndjson\.gz)\z")]
    private static partial Regex Layout();
}
