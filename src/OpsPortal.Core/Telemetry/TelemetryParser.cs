using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace OpsPortal.Core.Telemetry;

/// <summary>What came out of one record's body: a message, or the reason why not.</summary>
/// <param name="Reason">One of <see cref="SetAsideReasons"/>, null when there is a message.</param>
/// <param name="Detail">In words, naming the field; null when there is a message.</param>
/// <param name="BadPosition">True when there was a position that cannot be: it is left out, the readings are used.</param>
/// <param name="BadReadings">Readings, speeds and headings left out because they are no finite numbers, or none that a train can have.</param>
/// <param name="UnknownFields">Fields not known here: kept in raw, ignored elsewhere.</param>
public readonly record struct ParsedTelemetry(TelemetryMessage? Message, string? Reason, string? Detail, bool BadPosition, int BadReadings, int UnknownFields);

/// <summary>Why a message is set aside.</summary>
public static class SetAsideReasons
{
    public const string MalformedJson = "malformedJson";
    public const string NotAnObject = "notAnObject";
    public const string TooLarge = "tooLarge";
    public const string BadTrainId = "badTrainId";
    public const string BadSequence = "badSequence";
    public const string BadMeasuredAt = "badMeasuredAt";
    public const string BadClock = "badClock";
    public const string BadReadings = "badReadings";
    public const string BadPresence = "badPresence";
    public const string TooManyTrains = "tooManyTrains";
    public const string Duplicate = "duplicate";
    public const string ConflictingDuplicate = "conflictingDuplicate";
}

/// <summary>Reads telemetry messages from hostile bytes. Never throws for what a sender wrote.</summary>
public static partial class TelemetryParser
{
    /// <summary>Larger bodies are set aside unread.</summary>
    public const int MaxBytes = 256 * 1024;

    /// <summary>A message measured further than this ahead of our clock has a wrong clock.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(5);

    /// <summary>A message measured longer ago than this has a wrong clock.</summary>
    public static readonly TimeSpan MaxAge = TimeSpan.FromDays(30);

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 16 };

    /// <summary>Whether the id is a thing name by AWS IoT's grammar.</summary>
    public static bool IsTrainId(string? id) => id is not null && TrainId().IsMatch(id);

    /// <summary>Parses one body.</summary>
    /// <param name="receivedAt">Our time of arrival: the measure for clocks that cannot be.</param>
    public static ParsedTelemetry Parse(ReadOnlyMemory<byte> body, DateTimeOffset receivedAt)
    {
        if (body.Length > MaxBytes)
        {
            return Refuse(SetAsideReasons.TooLarge, $"{body.Length} bytes, at most {MaxBytes} are read");
        }

        try
        {
            using var document = JsonDocument.Parse(body, Options);
            return document.RootElement.ValueKind == JsonValueKind.Object
                ? ParseObject(document.RootElement, receivedAt)
                : Refuse(SetAsideReasons.NotAnObject, $"a JSON {document.RootElement.ValueKind}, not an object");
        }
        catch (JsonException e)
        {
            return Refuse(SetAsideReasons.MalformedJson, $"not JSON at byte {e.BytePositionInLine ?? 0} of line {(e.LineNumber ?? 0) + 1}");
        }
        catch (InvalidOperationException)
        {
            // Text that is not valid Unicode (a lone surrogate escape) surfaces only when it is read.
            return Refuse(SetAsideReasons.MalformedJson, "holds text that is not valid Unicode");
        }
    }

    private static ParsedTelemetry ParseObject(JsonElement root, DateTimeOffset receivedAt)
    {
        var id = Text(root, "trainId");
        if (!IsTrainId(id))
        {
            return Refuse(SetAsideReasons.BadTrainId, "trainId must be 1 to 128 characters of a-z A-Z 0-9 : _ -");
        }

        if (!root.TryGetProperty("sequence", out var sequence) || sequence.ValueKind != JsonValueKind.Number || !sequence.TryGetInt64(out var number) || number < 0)
        {
            return Refuse(SetAsideReasons.BadSequence, "sequence must be a whole number from 0");
        }

        if (ReadTime(root, "measuredAt") is not { } measuredAt)
        {
            return Refuse(SetAsideReasons.BadMeasuredAt, "measuredAt must be an ISO 8601 time with a zone");
        }

        if (measuredAt > receivedAt + MaxAhead || measuredAt < receivedAt - MaxAge)
        {
            return Refuse(SetAsideReasons.BadClock, $"measuredAt {measuredAt:O} cannot be: received at {receivedAt:O}");
        }

        return ParseBody(root, id!, number, measuredAt);
    }

    private static ParsedTelemetry ParseBody(JsonElement root, string id, long number, DateTimeOffset measuredAt)
    {
        var readings = new Dictionary<string, double>(StringComparer.Ordinal);
        var badReadings = 0;
        if (root.TryGetProperty("readings", out var values))
        {
            if (values.ValueKind != JsonValueKind.Object)
            {
                return Refuse(SetAsideReasons.BadReadings, "readings must be an object of sensor id and number");
            }

            badReadings = ReadReadings(values, readings);
        }

        var (position, badPosition) = ReadPosition(root, measuredAt);
        badReadings += position is null ? 0 : CountImpossible(root.GetProperty("position"), position);
        var message = new TelemetryMessage(id, number, measuredAt, position, readings.ToFrozenDictionary(StringComparer.Ordinal), ReadTime(root, "originalMeasuredAt"));
        return new ParsedTelemetry(message, null, null, badPosition, badReadings, CountUnknown(root));
    }

    private static int ReadReadings(JsonElement values, Dictionary<string, double> readings)
    {
        var bad = 0;
        foreach (var property in values.EnumerateObject())
        {
            if (SensorId().IsMatch(property.Name) && property.Value.ValueKind == JsonValueKind.Number
                && property.Value.TryGetDouble(out var value) && double.IsFinite(value))
            {
                readings[property.Name] = value;
            }
            else if (property.Value.ValueKind != JsonValueKind.Null)
            {
                bad++;
            }
        }

        return bad;
    }

    private static (TrainPosition? Position, bool Bad) ReadPosition(JsonElement root, DateTimeOffset measuredAt)
    {
        if (!root.TryGetProperty("position", out var position) || position.ValueKind == JsonValueKind.Null)
        {
            return (null, false);
        }

        if (position.ValueKind != JsonValueKind.Object || Number(position, "latitude") is not { } latitude || Number(position, "longitude") is not { } longitude
            || Math.Abs(latitude) > 90 || Math.Abs(longitude) > 180 || (Math.Abs(latitude) < 0.01 && Math.Abs(longitude) < 0.01))
        {
            return (null, true);
        }

        var speed = Number(position, "speedKmh") is { } kmh and >= 0 and <= 600 ? kmh : (double?)null;
        var heading = Number(position, "headingDeg") is { } degrees and >= 0 and <= 360 ? degrees : (double?)null;
        return (new TrainPosition(latitude, longitude, speed, heading, Text(position, "line"), Number(position, "km"), measuredAt), false);
    }

    // A speed of 3,000 km/h is told and yet none.
    private static int CountImpossible(JsonElement told, TrainPosition read) =>
        (read.SpeedKmh is null && IsTold(told, "speedKmh") ? 1 : 0) + (read.HeadingDeg is null && IsTold(told, "headingDeg") ? 1 : 0);

    private static bool IsTold(JsonElement element, string name) => element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    private static int CountUnknown(JsonElement root)
    {
        var unknown = 0;
        foreach (var property in root.EnumerateObject())
        {
            if (property.Name is not ("trainId" or "sequence" or "measuredAt" or "position" or "readings" or "originalMeasuredAt"))
            {
                unknown++;
            }
        }

        return unknown;
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static double? Number(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number) ? number : null;

    private static DateTimeOffset? ReadTime(JsonElement element, string name)
    {
        var text = Text(element, name);
        // A time without a zone is refused: it could be anybody's.
        return text is not null && ZonedTime().IsMatch(text)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time)
            ? time.ToUniversalTime()
            : null;
    }

    private static ParsedTelemetry Refuse(string reason, string detail) => new(null, reason, detail, false, 0, 0);

    [GeneratedRegex(@"^[a-zA-Z0-9:_-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex TrainId();

    [GeneratedRegex(@"^[a-zA-Z0-9:_.-]{1,128}\z", RegexOptions.CultureInvariant)]
    private static partial Regex SensorId();

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)\z", RegexOptions.CultureInvariant)]
    private static partial Regex ZonedTime();
}
