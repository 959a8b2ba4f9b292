using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using OpsPortal.Workbench;

namespace OpsPortal.Extracts.Merged;

/// <summary>How a merged download is written.</summary>
internal enum MergedFormat
{
    /// <summary>A message a line, as it was received; narrowed to the chosen sensors where some are.</summary>
    Ndjson,

    /// <summary>A reading a line.</summary>
    Csv,
}

/// <summary>What came of a line.</summary>
/// <param name="Unplaced">It is of a chosen train, and does not say when it was measured: nobody can tell whether it belongs in.</param>
internal readonly record struct Picked(int Rows, bool Unplaced);

/// <summary>Picks what is wanted from the lines of raw files, which hold all trains of a depot. Lines of other trains leave no trace.</summary>
/// <param name="from">Measured then or later,</param>
/// <param name="to">and before this.</param>
/// <param name="sensors">Null for all.</param>
internal sealed class RowPicker(IReadOnlySet<string> trains, DateTimeOffset from, DateTimeOffset to, IReadOnlySet<string>? sensors, MergedFormat format)
{
    private static readonly Picked None = new(0, false);
    private static readonly Picked Unplaced = new(0, true);

    private readonly StringBuilder _text = new();
    private readonly ArrayBufferWriter<byte> _narrowed = new(4_096);

    /// <summary>What a file begins with.</summary>
    public ReadOnlyMemory<byte> Head => format == MergedFormat.Csv ? "trainId,sequence,measuredAt,latitude,longitude,speedKmh,sensor,value\r\n"u8.ToArray() : default;

    /// <summary>Writes what is wanted of a line.</summary>
    /// <param name="line">Without its end.</param>
    public Picked Pick(ReadOnlySpan<byte> line, IBufferWriter<byte> output)
    {
        try
        {
            if (Look(line) is not { } message)
            {
                return None;
            }

            if (message.At is not { } at)
            {
                return Unplaced;
            }

            return at < from || at >= to ? None : new Picked(format == MergedFormat.Csv ? WriteCsv(line, message, output) : WriteLine(line, message, output), false);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The product's own files hold none of these: what is no JSON was set aside in a line that is. It is said as what nobody can place.
            return Unplaced;
        }
    }

    // Where a field stands twice the last counts, as for the catalogue.
    private Message? Look(ReadOnlySpan<byte> line)
    {
        var (message, trainId) = (new Message(), (string?)null);
        var reader = new Utf8JsonReader(line);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            var text = reader.TokenType == JsonTokenType.String && name is "trainId" or "measuredAt" ? reader.GetString() : null;
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            reader.Skip();
            var value = start..(int)reader.BytesConsumed;
            switch (name)
            {
                case "trainId":
                    trainId = text;
                    break;
                case "measuredAt":
                    message.MeasuredAt = text;
                    break;
                case "sequence":
                    message.Sequence = value;
                    break;
                case "position" when isObject:
                    message.Position = value;
                    break;
                case "readings" when isObject:
                    message.Readings.Add(value);
                    break;
            }
        }

        message.TrainId = trainId ?? "";
        return trainId is not null && trains.Contains(trainId) ? message : null;
    }

    private int WriteLine(ReadOnlySpan<byte> line, Message message, IBufferWriter<byte> output)
    {
        if (sensors is null)
        {
            output.Write(line);
            output.Write("\n"u8);
            return 1;
        }

        // Every other byte stays as it was received.
        _narrowed.ResetWrittenCount();
        var (copied, kept) = (0, 0);
        foreach (var readings in message.Readings)
        {
            _narrowed.Write(line[copied..readings.Start.Value]);
            kept += Narrow(line[readings]);
            copied = readings.End.Value;
        }

        if (kept == 0)
        {
            return 0;
        }

        output.Write(_narrowed.WrittenSpan);
        output.Write(line[copied..]);
        output.Write("\n"u8);
        return 1;
    }

    private int Narrow(ReadOnlySpan<byte> readings)
    {
        var kept = 0;
        var reader = new Utf8JsonReader(readings);
        reader.Read();
        _narrowed.Write("{"u8);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (start, isWanted) = ((int)reader.TokenStartIndex, sensors!.Contains(reader.GetString()!));
            reader.Read();
            reader.Skip();
            if (isWanted)
            {
                _narrowed.Write(kept++ > 0 ? ","u8 : default);
                _narrowed.Write(readings[start..(int)reader.BytesConsumed]);
            }
        }

        _narrowed.Write("}"u8);
        return kept;
    }

    private int WriteCsv(ReadOnlySpan<byte> line, Message message, IBufferWriter<byte> output)
    {
        var rows = 0;
        _text.Clear();
        var position = message.Position is { } place ? Fields(line[place], "latitude", "longitude", "speedKmh") : [null, null, null];
        string?[] begin = [message.TrainId, message.Sequence is { } sequence ? Encoding.UTF8.GetString(line[sequence]) : null, message.MeasuredAt, .. position];
        foreach (var readings in message.Readings)
        {
            var reader = new Utf8JsonReader(line[readings]);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var sensor = reader.GetString()!;
                reader.Read();
                if (sensors?.Contains(sensor) != false)
                {
                    Row([.. begin, sensor, Value(ref reader, line[readings])]);
                    rows++;
                }
                else
                {
                    reader.Skip();
                }
            }
        }

        if (rows == 0 && sensors is null)
        {
            // Where the train was is told even when it has nothing else to say.
            Row([.. begin, null, null]);
            rows++;
        }

        foreach (var chunk in _text.GetChunks())
        {
            Encoding.UTF8.GetBytes(chunk.Span, output);
        }

        return rows;
    }

    private static string?[] Fields(ReadOnlySpan<byte> json, params ReadOnlySpan<string> names)
    {
        var values = new string?[names.Length];
        var reader = new Utf8JsonReader(json);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var at = names.IndexOf(reader.GetString()!);
            reader.Read();
            if (at < 0)
            {
                reader.Skip();
            }
            else
            {
                values[at] = Value(ref reader, json);
            }
        }

        return values;
    }

    // Numbers as the train wrote them: none is rounded. What is none goes as its text.
    private static string? Value(ref Utf8JsonReader reader, ReadOnlySpan<byte> json)
    {
        var start = (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.Null:
                return null;
            case JsonTokenType.String:
                return reader.GetString();
            default:
                reader.Skip();
                return Encoding.UTF8.GetString(json[start..(int)reader.BytesConsumed]);
        }
    }

    private void Row(ReadOnlySpan<string?> cells)
    {
        using var row = new StringWriter(_text, CultureInfo.InvariantCulture);
        for (var i = 0; i < cells.Length; i++)
        {
            row.Write(i > 0 ? "," : "");
            Cells.WriteCsv(row, cells[i]);
        }

        row.Write("\r\n");
    }

    private sealed class Message
    {
        public string TrainId { get; set; } = "";

        public string? MeasuredAt { get; set; }

        public Range? Sequence { get; set; }

        public Range? Position { get; set; }

        public List<Range> Readings { get; } = [];

        // Read as for the catalogue, which has chosen the file by it.
        public DateTimeOffset? At =>
            DateTimeOffset.TryParse(MeasuredAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) ? time : null;
    }
}
