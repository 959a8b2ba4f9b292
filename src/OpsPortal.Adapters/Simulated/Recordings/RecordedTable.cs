using System.IO.Compression;
using CsvHelper;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>The CSV of a recording as its descriptor says it is written: a header, then one row at a time. Gzip too.</summary>
internal sealed class RecordedTable : IDisposable
{
    private readonly CsvReader _rows;
    private bool _runsTogether;

    public RecordedTable(string path, RecordingDescriptor descriptor)
    {
        var packed = File.OpenRead(path);
        var isPacked = path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
        var bytes = new RecordingBytes(isPacked ? new GZipStream(packed, CompressionMode.Decompress) : packed, packed);
        _rows = CsvReader.Create(bytes, Options(descriptor), leaveOpen: false);
        try
        {
            Header = [.. _rows.Headers];
        }
        catch (CsvFormatException e)
        {
            throw OpenQuote(e);
        }
        finally
        {
            if (Header is null)
            {
                _rows.Dispose();
            }
        }
    }

    public string[] Header { get; }

    /// <summary>Fields of this row.</summary>
    public int FieldCount => _rows.FieldCount;

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

    /// <summary>The row; null when the number of its fields is not the header's.</summary>
    public string[]? Fields()
    {
        if (_rows.FieldCount != Header.Length)
        {
            return null;
        }

        var fields = new string[Header.Length];
        for (var i = 0; i < fields.Length; i++)
        {
            fields[i] = _rows.GetString(i);
        }

        return fields;
    }

    public void Dispose() => _rows.Dispose();

    // A separator that cannot be is reported by the check, which reads the header with a comma.
    private CsvReaderOptions Options(RecordingDescriptor descriptor) => CsvReaderOptions.Default with
    {
        Separator = descriptor.Separator is [var one] && char.IsAscii(one) ? one : ',',
        TrimWhitespace = true,
        SkipEmptyLines = true,
        AllowLineBreaksInQuotes = descriptor.LineBreaksInQuotes ?? true,
        MaxRecordSize = RecordingBytes.LongestLine,
        OnMalformedRecord = record => _runsTogether |= record.Reason == CsvMalformedReason.UnterminatedQuote && record.RawRecord.Contains('\n', StringComparison.Ordinal),
    };

    // It would make one row of many, silently.
    private InvalidDataException OpenQuote(CsvFormatException? cause) => new(
        $"has a quote in row {_rows.RowNumber} that is not closed in the same row or the ones after it: close it, or, when no text of this file goes on in the next line, the descriptor says \"lineBreaksInQuotes\": false", cause);
}
