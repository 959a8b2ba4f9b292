using System.Globalization;
using CsvHelper;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Reads a recording row by row; rows that cannot be used are set aside and counted by reason.</summary>
internal sealed class RecordingReader : IDisposable
{
    private readonly RecordingFile _file;
    private readonly CsvReader _rows;
    private readonly TimeZoneInfo _zone;
    private readonly int _timeColumn;
    private readonly int[] _columns;
    private readonly int _width;
    private readonly SortedDictionary<string, long> _setAside = new(StringComparer.Ordinal);
    private DateTimeOffset? _last;
    private long _rowsRead;
    private long _kept;
    private long _badValues;
    private bool _finished;

    public RecordingReader(RecordingFile file)
    {
        _file = file;
        _rows = file.Open();
        string[] header = [.. _rows.Headers];
        var descriptor = file.Descriptor;
        _width = header.Length;
        _timeColumn = Array.IndexOf(header, descriptor.Time!.Column);
        _zone = TimeZoneInfo.FindSystemTimeZoneById(descriptor.Time.Zone!);
        _columns = [.. descriptor.Columns!.Select(column => Array.IndexOf(header, column.Column))];
        Values = new double[_columns.Length];
    }

    /// <summary>The row's own time, UTC.</summary>
    public DateTimeOffset MeasuredAt { get; private set; }

    /// <summary>The row's values in the order of the descriptor's columns; NaN where there is none.</summary>
    public double[] Values { get; }

    /// <summary>Rows taken from the file so far, good and bad.</summary>
    public long RowsRead => _rowsRead;

    public RecordingReport Report => new(_file.Name, _file.Descriptor.Train!.Id!, _rowsRead, _kept, new SortedDictionary<string, long>(_setAside, StringComparer.Ordinal), _badValues, _finished);

    /// <summary>Goes to the next usable row.</summary>
    /// <returns>False at the end.</returns>
    public bool Next()
    {
        while (_rows.Read())
        {
            _rowsRead++;
            if (Refusal() is { } reason)
            {
                _setAside[reason] = _setAside.GetValueOrDefault(reason) + 1;
                continue;
            }

            _kept++;
            _last = MeasuredAt;
            return true;
        }

        _finished = true;
        return false;
    }

    public void Dispose() => _rows.Dispose();

    private string? Refusal()
    {
        if (_rows.FieldCount != _width)
        {
            return "wrongNumberOfFields";
        }

        if (ReadTime(_rows.GetString(_timeColumn)) is not { } measuredAt)
        {
            return "badTime";
        }

        if (measuredAt <= _last)
        {
            return measuredAt == _last ? "sameTimeTwice" : "timeGoesBack";
        }

        MeasuredAt = measuredAt;
        return ReadValues() ? null : "noValues";
    }

    private DateTimeOffset? ReadTime(string text)
    {
        if (!DateTime.TryParseExact(text, _file.Descriptor.Time!.Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var local) || _zone.IsInvalidTime(local))
        {
            return null;
        }

        return new DateTimeOffset(local, _zone.GetUtcOffset(local)).ToUniversalTime();
    }

    private bool ReadValues()
    {
        var any = false;
        for (var i = 0; i < _columns.Length; i++)
        {
            var text = _rows.GetString(_columns[i]);
            var good = double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value);
            Values[i] = good ? value : double.NaN;
            any |= good;
            // An empty field is a gap; anything else that is no number is a bad value.
            _badValues += good || text.Length == 0 ? 0 : 1;
        }

        return any;
    }
}
