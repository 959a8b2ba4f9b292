using System.Buffers;
using System.Globalization;
using System.Text.Json;
using OpsPortal.Api;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Workbench;

/// <summary>A result's values on their way out.</summary>
internal static class Cells
{
    private static readonly SearchValues<char> Quoted = SearchValues.Create("\",\r\n;");
    private static readonly SearchValues<char> OfNumbers = SearchValues.Create("0123456789.eE+-");

    /// <summary>Writes a value as JSON: numbers and truth as such, where that loses nothing; all else as the server's own text.</summary>
    public static void Write(Utf8JsonWriter writer, string? text, WarehouseType type)
    {
        switch (type)
        {
            case var _ when text is null:
                writer.WriteNullValue();
                break;
            case WarehouseType.WholeNumber or WarehouseType.Number when IsJsonNumber(text):
                writer.WriteRawValue(text, skipInputValidation: true);
                break;
            case WarehouseType.Boolean when text is "true" or "false":
                writer.WriteBooleanValue(text == "true");
                break;
            default:
                writer.WriteStringValue(text);
                break;
        }
    }

    /// <summary>A row of the spool as texts again.</summary>
    public static string?[] Read(ReadOnlySpan<byte> line, int columns)
    {
        var reader = new Utf8JsonReader(line);
        var cells = new string?[columns];
        reader.Read();
        for (var i = 0; i < columns && reader.Read(); i++)
        {
            cells[i] = reader.TokenType switch
            {
                JsonTokenType.Null => null,
                JsonTokenType.String => reader.GetString(),
                JsonTokenType.True => "true",
                JsonTokenType.False => "false",
                _ => System.Text.Encoding.ASCII.GetString(reader.ValueSpan),
            };
        }

        return cells;
    }

    /// <summary>
    /// A value as it stands in a CSV row: nothing for null, quotes for an empty text. Spreadsheets calculate what begins like a formula: such a text gets an apostrophe in front, a
    /// number does not.
    /// </summary>
    public static string Csv(string? text)
    {
        if (text is null)
        {
            return "";
        }

        var isFormula = SpreadsheetFormula.IsBegunBy(text) && !double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out _);
        return !isFormula && text.Length > 0 && text.AsSpan().IndexOfAny(Quoted) < 0 ? text : $"\"{(isFormula ? "'" : "")}{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
    }

    /// <summary>Writes a value into a CSV row.</summary>
    public static void WriteCsv(TextWriter writer, string? text) => writer.Write(Csv(text));

    /// <summary>Columns' names, each once: a second <c>train</c> is <c>train_2</c>.</summary>
    public static string[] Names(IReadOnlyList<WarehouseColumn> columns)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        return [.. columns.Select(column =>
        {
            var name = column.Name;
            for (var i = 2; !names.Add(name); i++)
            {
                name = string.Create(CultureInfo.InvariantCulture, $"{column.Name}_{i}");
            }

            return name;
        })];
    }

    // -?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?, and a number that a reader's double keeps.
    private static bool IsJsonNumber(string text)
    {
        var digits = text.AsSpan(text.StartsWith('-') ? 1 : 0);
        return digits.Length > 0 && char.IsAsciiDigit(digits[0]) && !(digits.Length > 1 && digits[0] == '0' && char.IsAsciiDigit(digits[1])) && digits.IndexOfAnyExcept(OfNumbers) < 0
            && !text.EndsWith('.') && !text.Contains(".e", StringComparison.OrdinalIgnoreCase) && ExactNumber.IsKeptByDouble(text);
    }
}
