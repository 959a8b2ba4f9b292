using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Reads a recording row by row; rows that cannot be used are set aside and counted by reason.</summary>
internal sealed class RecordingReader : IDisposable
{
    private readonly RecordingFile _file;
    private readonly IEnumerator<RecordedRow> _rows;
    private readonly TimeSpan _from;
    private readonly RecordedValues _values;
    private readonly Dictionary<string, RecordedRun> _runs = new(StringComparer.Ordinal);
    private DateTimeOffset? _first;
    private DateTimeOffset? _last;
    private readonly TimeSpan _longestGap;
    private long _rowsRead;
    private long _kept;
    private bool _finished;

    /// <param name="from">How far into the recording reading begins; rows before are set aside as <c>skipped</c>.</param>
    public RecordingReader(RecordingFile file, TimeSpan from = default)
    {
        (_file, _from) = (file, from);
        _longestGap = file.Descriptor.LongestGapSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : TimeSpan.MaxValue;
        Layout = new RecordingLayout(file, file.ReadHeader());
        _rows = RecordedRows.Read(file).GetEnumerator();
        _values = new RecordedValues(Layout, file.Descriptor);
        Fields = [];
        Run = null!;
    }

    public RecordingLayout Layout { get; }

    /// <summary>The train of this row.</summary>
    public RecordedRun Run { get; private set; }

    /// <summary>True when the row says no more than that the train has ended.</summary>
    public bool Ends { get; private set; }

    /// <summary>The row's own time, UTC.</summary>
    public DateTimeOffset MeasuredAt { get; private set; }

    /// <summary>How long after the first row that was used this one is played: gaps that are too long are shortened.</summary>
    public TimeSpan Offset { get; private set; }

    /// <summary>The longest time without a row that was used.</summary>
    public (DateTimeOffset From, DateTimeOffset To) LongestGap { get; private set; }

    /// <summary>The row's values in the order of the descriptor's columns; NaN where there is none.</summary>
    public double[] Values => _values.Values;

    public RecordedPlace? Place => _values.Place;

    /// <summary>The row's values and place, and what was seen of such in all rows.</summary>
    public RecordedValues Seen => _values;

    /// <summary>The whole row.</summary>
    public string[] Fields { get; private set; }

    /// <summary>Rows taken from the file so far, good and bad.</summary>
    public long RowsRead => _rowsRead;

    /// <summary>Rows that became a message.</summary>
    public long Kept => _kept;

    /// <summary>Rows that were not used, by reason.</summary>
    public SetAsideRows SetAside { get; } = new();

    /// <summary>Every train that had a usable row.</summary>
    public IEnumerable<RecordedRun> Runs => _runs.Values;

    public RecordingReport Report => new(
        _file.Name, _file.OneTrain, _runs.Count, _rowsRead, _kept, SetAside.Counts, _values.Bad, _values.BadPlaces, _kept == 0 ? null : MeasuredAt, _finished, null);

    /// <summary>Goes to the next row that has something to say.</summary>
    /// <returns>False at the end.</returns>
    public bool Next()
    {
        while (_rows.MoveNext())
        {
            _rowsRead++;
            var row = _rows.Current;
            if (Refusal(row) is { } reason)
            {
                if (SetAside.Add(reason))
                {
                    SetAside.Explain(reason, Example(reason, row));
                }

                if (!Ends)
                {
                    continue;
                }
            }
            else
            {
                _kept++;
            }

            return true;
        }

        _finished = true;
        return false;
    }

    public void Dispose() => _rows.Dispose();

    private string? Refusal(in RecordedRow row)
    {
        Ends = false;
        if (row.Fields is not { } fields)
        {
            return "wrongNumberOfFields";
        }

        if (row.MeasuredAt is not { } measuredAt)
        {
            return "badTime";
        }

        var only = Layout.Only;
        return only >= 0 && !_file.Descriptor.Only!.Values!.Contains(fields[only]) ? "notWanted" : RefuseTrain(fields, measuredAt);
    }

    private string? Example(string reason, in RecordedRow row) => reason switch
    {
        "wrongNumberOfFields" => $"{row.FieldCount} fields, the header has {Layout.Width}",
        "badTime" or "timeGoesBack" => SetAsideRows.Shown(Layout.TimeOf(row.Fields!)),
        "badTrainId" => SetAsideRows.Shown(Layout.Id.Fill(row.Fields!)),
        "unknownStatus" => SetAsideRows.Shown(row.Fields![Layout.Status]),
        _ => null,
    };

    private string? RefuseTrain(string[] fields, DateTimeOffset measuredAt)
    {
        if (Layout.TrainOf(fields) is not { } train)
        {
            return "badTrainId";
        }

        // Only rows that are used say how far the recording's time has come: others may have a wrong clock.
        if (measuredAt < _last)
        {
            return "timeGoesBack";
        }

        var run = _runs.GetValueOrDefault(train.Identity.Id);
        if (Layout.Status >= 0 && RefuseStatus(fields[Layout.Status], run, measuredAt) is { } reason)
        {
            return reason;
        }

        if (measuredAt - _first < _from)
        {
            return "skipped";
        }

        if (run?.LastAt == measuredAt)
        {
            return "sameTimeTwice";
        }

        if (!_values.Read(fields, run ??= new RecordedRun(train)))
        {
            return "noValues";
        }

        _first ??= measuredAt;
        if (measuredAt - _first < _from)
        {
            return "skipped";
        }

        _runs[train.Identity.Id] = run;
        (run.LastAt, run.Runs, Run, Fields) = (measuredAt, true, run, fields);
        run.Sequence++;
        MoveTo(measuredAt);
        return null;
    }

    private string? RefuseStatus(string status, RecordedRun? run, DateTimeOffset measuredAt)
    {
        var known = _file.Descriptor.Status!;
        if (known.Running?.Contains(status) == true)
        {
            return null;
        }

        if (known.Ended?.Contains(status) != true)
        {
            return known.Waiting?.Contains(status) == true ? "notRunningYet" : "unknownStatus";
        }

        if (run is { Runs: true })
        {
            (Ends, run.Runs, Run) = (true, false, run);
            MoveTo(measuredAt);
        }

        return "ended";
    }

    private void MoveTo(DateTimeOffset measuredAt)
    {
        if (_last is { } last)
        {
            Offset += measuredAt - last < _longestGap ? measuredAt - last : _longestGap;
            LongestGap = measuredAt - last > LongestGap.To - LongestGap.From ? (last, measuredAt) : LongestGap;
        }

        _last = MeasuredAt = measuredAt;
    }
}
