using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace OpsPortal.Api;

/// <summary>Reads query parameters strictly and gathers what is wrong with them, so that all of it is said at once.</summary>
internal sealed partial class QueryReader
{
    private const int DefaultLimit = 100;
    private const int HighestLimit = 1_000;
    private const int LongestText = 200;
    private const int LongestCursor = 400;
    private const int CheckLength = 6;
    private static readonly TimeSpan LongestRange = TimeSpan.FromDays(3_660);

    private readonly Dictionary<string, string[]> _errors = [];

    /// <summary>The answer to a request with mistakes; null when there are none.</summary>
    public IResult? Refusal => _errors.Count > 0 ? Problem.Of(_errors) : null;

    /// <summary>What is wrong, for people: "field: why".</summary>
    public IEnumerable<string> Problems => _errors.Select(error => $"{error.Key}: {string.Join(' ', error.Value)}");

    public int Limit(string? text)
    {
        if (text is null)
        {
            return DefaultLimit;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit is >= 1 and <= HighestLimit
            ? limit
            : Wrong("limit", $"Must be a whole number from 1 to {HighestLimit}.", DefaultLimit);
    }

    public string? Text(string field, string? text) =>
        text is null || (text.Length is > 0 and <= LongestText && !text.Any(char.IsControl)) ? text : Wrong<string?>(field, $"Must have 1 to {LongestText} characters.", null);

    public (DateTimeOffset? From, DateTimeOffset? To) Range(string? from, string? to)
    {
        var range = (From: Time("from", from), To: Time("to", to));
        return range.From < range.To || range.From is null || range.To is null ? range : Wrong("to", "Must be after from.", range);
    }

    /// <summary>A range of a list that goes back far: longer than anything is kept is a slip of the pen.</summary>
    public (DateTimeOffset? From, DateTimeOffset? To) ListRange(string? from, string? to)
    {
        var range = Range(from, to);
        return range.To - range.From > LongestRange
            ? Wrong("from", string.Create(CultureInfo.InvariantCulture, $"At most {LongestRange.TotalDays:N0} days can be asked for at once; begin later, or leave one end open."), range)
            : range;
    }

    /// <summary>One or more words of an enum, separated by commas.</summary>
    public IReadOnlySet<T>? Words<T>(string field, string? text)
        where T : struct, Enum
    {
        if (text is null)
        {
            return null;
        }

        var known = Enum.GetValues<T>().ToDictionary(WireJson.Word, StringComparer.Ordinal);
        var words = text.Split(',', StringSplitOptions.TrimEntries);
        return words.All(known.ContainsKey)
            ? words.Select(word => known[word]).ToHashSet()
            : Wrong<IReadOnlySet<T>?>(field, $"Must be one or more of {string.Join(", ", known.Keys)}, separated by commas.", null);
    }

    /// <summary>The place in a list by time and id.</summary>
    /// <param name="list">Whose list: another's cursor is a spoilt one.</param>
    public (DateTimeOffset At, string Id)? Place(string list, string? after)
    {
        if (after is null)
        {
            return null;
        }

        return Decode(list, after)?.Split('|', 2) is [var ticks, { Length: > 0 } id]
            && long.TryParse(ticks, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= DateTimeOffset.MaxValue.Ticks
            ? (new DateTimeOffset(number, TimeSpan.Zero), id)
            : Wrong<(DateTimeOffset, string)?>("after", SpoiltCursor, null);
    }

    /// <summary>The place in a list by id.</summary>
    public string? PlaceById(string list, string? after)
    {
        if (after is null)
        {
            return null;
        }

        return Decode(list, after) is ['#', .. { Length: > 0 } id] ? id : Wrong<string?>("after", SpoiltCursor, null);
    }

    public static string Cursor(string list, DateTimeOffset at, string id) => Encode(list, $"{at.UtcTicks}|{id}");

    public static string Cursor(string list, string id) => Encode(list, $"#{id}");

    private const string SpoiltCursor = "Must be the \"next\" of an earlier answer to the same question.";

    private DateTimeOffset? Time(string field, string? text)
    {
        if (text is null)
        {
            return null;
        }

        return ZonedTime().IsMatch(text) && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time)
            ? time.ToUniversalTime()
            : Wrong<DateTimeOffset?>(field, "Must be an ISO 8601 time with a zone, such as 2026-11-21T20:58:01Z.", null);
    }

    /// <summary>Notes what is wrong with a field.</summary>
    public void Refuse(string field, string error) => _errors[field] = [error];

    private T Wrong<T>(string field, string error, T instead)
    {
        _errors[field] = [error];
        return instead;
    }

    private static string Encode(string list, string place) => Base64Url.EncodeToString([.. Check(list, place), .. Encoding.UTF8.GetBytes(place)]);

    // A page from a wrong place looks like any other: what was cut, changed or taken from another list must not give one.
    private static string? Decode(string list, string cursor)
    {
        if (cursor.Length > LongestCursor || !Base64Url.IsValid(cursor) || Base64Url.DecodeFromChars(cursor) is not { Length: > CheckLength } bytes || Base64Url.EncodeToString(bytes) != cursor)
        {
            return null;
        }

        var place = Encoding.UTF8.GetString(bytes.AsSpan(CheckLength));
        return Check(list, place).SequenceEqual(bytes.AsSpan(0, CheckLength)) ? place : null;
    }

    private static ReadOnlySpan<byte> Check(string list, string place) => SHA256.HashData(Encoding.UTF8.GetBytes($"{list} {place}")).AsSpan(0, CheckLength);

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,7})?(Z|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant)]
    private static partial Regex ZonedTime();
}
