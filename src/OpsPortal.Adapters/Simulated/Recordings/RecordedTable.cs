using System.IO.Compression;
using System.Text;
using CsvHelper;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>The CSV of a recording as its descriptor says it is written: its columns, then one row at a time. Gzip too.</summary>
internal sealed class RecordedTable : IDisposable
{
    private readonly CsvReader _rows;
    private bool _runsTogether;

    /// <exception cref="InvalidDataException">It is no table; says why.</exception>
    public RecordedTable(string path, RecordingDescriptor descriptor)
    {
        var packed = File.OpenRead(path);
        var isPacked = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        var bytes = new RecordingBytes(isPacked ? new GZipStream(packed, CompressionMode.Decompress) : packed, packed);
        var hasOpened = false;
        try
        {
            _rows = Open(bytes, descriptor);
            Header = [.. Distinct(descriptor.Header ?? WithoutSurplus(_rows.Headers, descriptor))];
            hasOpened = true;
        }
        catch (CsvFormatException e)
        {
            throw OpenQuote(e);
        }
        finally
        {
            if (!hasOpened)
            {
                bytes.Dispose();
            }
        }
    }

    /// <summary>Names of the columns, each once: the second of a name is <c>name#2</c>.</summary>
    public string[] Header { get; }

    /// <summary>Fields of this row.</summary>
    public int FieldCount => _rows.FieldCount;

    /// <summary>Finds an encoding by its name; null when there is none.</summary>
    public static Encoding? EncodingOf(string name)
    {
        try
        {
            return CodePagesEncodingProvider.Instance.GetEncoding(name) ?? Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Goes to the next row.</summary>
    /// <exception cref="InvalidDataException">From here on it cannot be read; says why.</exception>
    public bool Read()
    {
        try
        {
            return _rows.Read() && (_runsTogether ? throw OpenQuote(null) : true);
        }
        catch (CsvFormatException e)
        {
            throw OpenQuote(e);
        }
    }

    /// <summary>The row, with nothing where the descriptor says that a field is missing; null when it has not a field for each column. Separators after the last field are no fields.</summary>
    public string[]? Fields()
    {
        if (_rows.FieldCount < Header.Length)
        {
            return null;
        }

        for (var i = Header.Length; i < _rows.FieldCount; i++)
        {
            if (!_rows.IsEmpty(i))
            {
                return null;
            }
        }

        var fields = new string[Header.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = _rows.IsNull(i) ? "" : _rows.GetString(i);
        }

        return fields;
    }

    public void Dispose() => _rows.Dispose();

    private CsvReader Open(RecordingBytes bytes, RecordingDescriptor descriptor)
    {
        var encoding = descriptor.Encoding is { } name ? EncodingOf(name) : null;
        if (descriptor.SkipLines is not > 0)
        {
            return CsvReader.Create(bytes, Options(descriptor, encoding), leaveOpen: false);
        }

        // What stands above the header is no CSV: it is skipped as text.
        var text = new StreamReader(bytes, encoding ?? Encoding.UTF8, detectEncodingFromByteOrderMarks: true);
        for (var i = 0; i < descriptor.SkipLines; i++)
        {
            text.ReadLine();
        }

        return CsvReader.Create(text, Options(descriptor, null), leaveOpen: false);
    }

    // What cannot be is reported by the check, which reads the header with a comma.
    private CsvReaderOptions Options(RecordingDescriptor descriptor, Encoding? encoding) => CsvReaderOptions.Default with
    {
        Separator = IsSign(descriptor.Separator) ? descriptor.Separator![0] : ',',
        CommentPrefix = IsSign(descriptor.Comment) && descriptor.Comment != (descriptor.Separator ?? ",") ? descriptor.Comment![0] : null,
        HasHeader = descriptor.Header is null,
        Encoding = encoding,
        TrimWhitespace = true,
        SkipEmptyLines = true,
        NullValues = descriptor.Missing is { Count: > 0 } missing ? [.. missing] : null,
        AllowLineBreaksInQuotes = descriptor.LineBreaksInQuotes ?? true,
        MaxRecordSize = RecordingBytes.LongestLine,
        OnMalformedRecord = record => _runsTogether |= record.Reason == CsvMalformedReason.UnterminatedQuote && record.RawRecord.Contains('\n', StringComparison.Ordinal),
    };

    /// <summary>Whether a text is one character that may part fields or begin a comment.</summary>
    public static bool IsSign(string? text) => text is [var one] && char.IsAscii(one) && one is not '"' && (!char.IsControl(one) || one == '\t');

    // A separator at the end of the header is no column, unless the descriptor takes it for one.
    private static IEnumerable<string> WithoutSurplus(IReadOnlyList<string> header, RecordingDescriptor descriptor)
    {
        var width = header.Count;
        while (width > 1 && header[width - 1].Length == 0 && descriptor.Ignored?.Contains("") != true)
        {
            width--;
        }

        return header.Take(width);
    }

    private static IEnumerable<string> Distinct(IEnumerable<string> names)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            seen[name] = seen.GetValueOrDefault(name) + 1;
            yield return seen[name] == 1 || name.Length == 0 ? name : $"{name}#{seen[name]}";
        }
    }

    // It would make one row of many, silently.
    private InvalidDataException OpenQuote(CsvFormatException? cause) => new(
        $"has a quote in row {_rows?.RowNumber ?? 0} that is not closed there or soon after: close it, or, when no text of this file goes on in the next line, the descriptor says \"lineBreaksInQuotes\": false", cause);
}
