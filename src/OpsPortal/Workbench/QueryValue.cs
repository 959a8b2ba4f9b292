using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpsPortal.Workbench;

/// <summary>A value on the wire: text, number, truth or null; for a parameter also <c>{"type":"time","value":"2026-11-21T20:00:00Z"}</c>, which says how the text is meant.</summary>
[JsonConverter(typeof(Converter))]
internal sealed record QueryValue(JsonElement Json)
{
    private const int LongestText = 10_000;
    private const string Known = "text, number, boolean or time";

    /// <summary>Values by name as the warehouse takes them. What is wrong is said by field.</summary>
    public static (Dictionary<string, object?> Values, Dictionary<string, string[]> Wrong) Read(IReadOnlyDictionary<string, QueryValue?>? given)
    {
        var (values, wrong) = (new Dictionary<string, object?>(StringComparer.Ordinal), new Dictionary<string, string[]>());
        foreach (var (name, value) in given ?? new Dictionary<string, QueryValue?>())
        {
            var (read, problem) = value is null ? (null, null) : Of(value.Json);
            values[name] = read;
            if (problem is not null)
            {
                wrong[$"parameters.{name}"] = [problem];
            }
        }

        return (values, wrong);
    }

    private static (object? Value, string? Wrong) Of(JsonElement json)
    {
        try
        {
            return OfValid(json);
        }
        catch (InvalidOperationException)
        {
            // Half a surrogate pair: it is found out when the text is read, not when the JSON is.
            return (null, "Must be a text of valid Unicode.");
        }
    }

    private static (object? Value, string? Wrong) OfValid(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String when json.GetString()!.Length > LongestText => (null, $"Must have at most {LongestText} characters."),
        JsonValueKind.String => (json.GetString(), null),
        JsonValueKind.True => (true, null),
        JsonValueKind.False => (false, null),
        JsonValueKind.Null => (null, null),
        JsonValueKind.Number => Number(json.GetRawText()),
        JsonValueKind.Object => Typed(json),
        _ => (null, "Must be a text, a number, true, false, null, or an object with type and value."),
    };

    private static (object? Value, string? Wrong) Typed(JsonElement json)
    {
        if (!json.TryGetProperty("type", out var type) || type.ValueKind != JsonValueKind.String || !json.TryGetProperty("value", out var value) || json.EnumerateObject().Count() != 2)
        {
            return (null, $"Must have exactly type ({Known}) and value.");
        }

        if (value.ValueKind == JsonValueKind.Null)
        {
            return (null, null);
        }

        var text = value.ValueKind == JsonValueKind.String ? value.GetString()!.Trim() : value.GetRawText();
        return type.GetString() switch
        {
            "text" => value.ValueKind == JsonValueKind.String ? Of(value) : (null, "Must be a text in quotes."),
            "number" => Number(text),
            "boolean" => text is "true" or "false" ? (text == "true", null) : (null, "Must be true or false."),
            "time" => Time(text),
            _ => (null, $"The type must be {Known}."),
        };
    }

    private static (object? Value, string? Wrong) Number(string text) =>
        !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) || !double.IsFinite(number) ? (null, "Must be a number, such as 12 or 0.5.")
        : ExactNumber.Read(text) is { } exact ? (exact, null)
        : (null, "Has more digits than can be kept: give it as a text and CAST it in the query.");

    // Without a zone it is UTC, as the warehouse's times are.
    private static (object? Value, string? Wrong) Time(string text) =>
        text.Length >= 10 && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at)
            ? (at, null)
            : (null, "Must be a time, such as 2026-11-21T20:58:01Z.");

    private sealed class Converter : JsonConverter<QueryValue>
    {
        public override QueryValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) => new(JsonElement.ParseValue(ref reader));

        public override void Write(Utf8JsonWriter writer, QueryValue value, JsonSerializerOptions options) => value.Json.WriteTo(writer);
    }
}
