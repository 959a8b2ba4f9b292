using System.Text.RegularExpressions;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Finds everything that is wrong with a descriptor, given the columns that the recording has.</summary>
internal sealed partial class DescriptorCheck
{
    private const double LongestInterval = 86_400;
    private const int MostColumnsNamed = 40;
    private const double LongestGap = 366 * 86_400;

    private readonly RecordingDescriptor _descriptor;
    private readonly string[] _header;
    private readonly List<string> _mistakes = [];
    private readonly HashSet<string> _named = new(StringComparer.Ordinal);

    private DescriptorCheck(RecordingDescriptor descriptor, string[] header) => (_descriptor, _header) = (descriptor, header);

    public static IReadOnlyList<string> Find(RecordingDescriptor descriptor, string[] header)
    {
        var check = new DescriptorCheck(descriptor, header);
        check.CheckTrain();
        check._mistakes.AddRange(TableCheck.Find(descriptor));
        check.CheckWhole();
        check.CheckTime();
        check.CheckRows();
        check.CheckPosition();
        check.CheckColumns();
        check.CheckLeft();
        return check._mistakes;
    }

    private void CheckTrain()
    {
        var train = _descriptor.Train;
        var id = train?.Id;
        // What a column or a file's name says is made an id of; what the descriptor says itself is to be one.
        var sample = RowText.Names(id).Aggregate(id, (text, name) => text!.Replace($"{{{name}}}", "x", StringComparison.Ordinal));
        if (!TelemetryParser.IsTrainId(sample))
        {
            _mistakes.Add("train.id must be 1-128 characters of a-z A-Z 0-9 : _ -, or name a column as in bus-{vehicle_id}");
        }

        foreach (var (key, text) in new[] { ("id", train?.Id), ("name", train?.Name), ("class", train?.Class), ("depot", train?.Depot), ("line", train?.Line) })
        {
            CheckText($"train.{key}", text);
        }

        foreach (var (name, words) in _descriptor.Words ?? new Dictionary<string, RecordedWords>())
        {
            CheckNamed($"words.{name}.column", words.Column);
            foreach (var column in RowText.Names(words.Otherwise))
            {
                CheckNamed($"words.{name}.otherwise", column);
            }
        }
    }

    private void CheckText(string key, string? template)
    {
        foreach (var name in RowText.Names(template).Where(name => name is not ("file" or "folder") && _descriptor.Words?.ContainsKey(name) != true))
        {
            CheckNamed(key, name);
        }
    }

    private void CheckWhole()
    {
        if (_descriptor.ExpectedIntervalSeconds is not (> 0 and <= LongestInterval))
        {
            _mistakes.Add($"expectedIntervalSeconds must be above 0 and at most {LongestInterval}");
        }

        if (_descriptor.SilentAfterSeconds is <= 0 || _descriptor.SilentAfterSeconds < _descriptor.ExpectedIntervalSeconds)
        {
            _mistakes.Add("silentAfterSeconds must be at least expectedIntervalSeconds");
        }

        if (_descriptor.DisorderSeconds is <= 0 or > LongestInterval || _descriptor is { DisorderSeconds: not null, Sorted: false })
        {
            _mistakes.Add($"disorderSeconds must be above 0 and at most {LongestInterval}, and does not stand beside \"sorted\": false");
        }

        if (_descriptor.LongestGapSeconds is <= 0 or > LongestGap || _descriptor.LongestGapSeconds < _descriptor.ExpectedIntervalSeconds)
        {
            _mistakes.Add($"longestGapSeconds must be at least expectedIntervalSeconds and at most {LongestGap}");
        }
    }

    private void CheckTime()
    {
        var time = _descriptor.Time ?? new RecordedTime(null, null, null);
        string?[] columns = _header.Contains(time.Column) || !RowText.Names(time.Column).Any() ? [time.Column] : [.. RowText.Names(time.Column)];
        foreach (var column in columns)
        {
            CheckNamed("time.column", column);
        }

        _mistakes.AddRange(TimeCheck.Find(time));
    }

    private void CheckRows()
    {
        if (_descriptor.Only is { } only)
        {
            CheckNamed("only.column", only.Column);
            if (only.Values is not { Count: > 0 })
            {
                _mistakes.Add("only.values is empty: no row would be played");
            }
        }

        if (_descriptor.Status is { } status)
        {
            CheckNamed("status.column", status.Column);
            if (status.Running is not { Count: > 0 })
            {
                _mistakes.Add("status.running is empty: no train would ever run");
            }
        }

        foreach (var column in _descriptor.Raw ?? [])
        {
            CheckNamed("raw", column);
        }
    }

    private void CheckPosition()
    {
        if (_descriptor.Position is not { } position)
        {
            return;
        }

        CheckNamed("position.latitude", position.Latitude);
        CheckNamed("position.longitude", position.Longitude);
        if (position.Motion is not (null or "smooth" or "jumps"))
        {
            _mistakes.Add($"position.motion '{position.Motion}' must be smooth or jumps");
        }

        if (position.Factor is { } factor && (factor == 0 || !double.IsFinite(factor)))
        {
            _mistakes.Add("position.factor must not be 0");
        }

        if (position.Heading is { } heading)
        {
            CheckNamed("position.heading", heading);
        }

        if (position.HeadingFromMovement == true && (position.Jumps || position.Heading is not null))
        {
            _mistakes.Add(position.Jumps ? "position.headingFromMovement cannot be with motion jumps: the way between reporting points is not known" : "position.headingFromMovement cannot be beside position.heading");
        }

        if (position.Speed is { } speed)
        {
            CheckNamed("position.speed.column", speed.Column);
            if (speed.KmhPerUnit is null)
            {
                _mistakes.Add($"position.speed.unit '{speed.Unit}' must be km/h, m/s, mph or knots");
            }
        }
    }

    private void CheckColumns()
    {
        var columns = _descriptor.Columns ?? [];
        if (columns.Count == 0 && _descriptor.Position is null)
        {
            _mistakes.Add("columns is empty and there is no position: nothing would be read");
        }

        foreach (var column in columns)
        {
            CheckColumn(column);
        }

        foreach (var doubled in columns.GroupBy(column => column.Sensor).Where(group => group.Count() > 1))
        {
            _mistakes.Add($"sensor '{doubled.Key}' is named by {doubled.Count()} columns");
        }
    }

    private void CheckColumn(RecordedColumn column)
    {
        CheckNamed("column", column.Column);
        if (column.Sensor is null || !SensorId().IsMatch(column.Sensor))
        {
            _mistakes.Add($"sensor '{column.Sensor}' of column '{column.Column}' must look like oilTemperature.car1");
        }

        if (column.Subsystem is null && _descriptor.Subsystem is null)
        {
            _mistakes.Add($"column '{column.Column}' has no subsystem, and the descriptor names none for all");
        }

        if (column.Lowest > column.Highest)
        {
            _mistakes.Add($"column '{column.Column}': lowest is above highest");
        }

        if (column.Decimals is < 0 or > 10)
        {
            _mistakes.Add($"column '{column.Column}': decimals must be from 0 to 10");
        }

        if (column.Factor is { } factor && (factor == 0 || !double.IsFinite(factor)))
        {
            _mistakes.Add($"column '{column.Column}': factor must not be 0");
        }
    }

    private void CheckLeft()
    {
        _named.UnionWith(_descriptor.Ignored ?? []);
        var left = _header.Where(column => !_named.Contains(column)).ToList();
        _mistakes.AddRange(left.Take(MostColumnsNamed).Select(column => $"column {SetAsideRows.Shown(column)} of the file is neither named nor ignored"));
        if (left.Count > MostColumnsNamed)
        {
            _mistakes.Add($"{left.Count - MostColumnsNamed} more columns of the file are neither named nor ignored");
        }
    }

    private void CheckNamed(string key, string? column)
    {
        if (column is not null)
        {
            _named.Add(column);
        }

        if (column is null || !_header.Contains(column))
        {
            _mistakes.Add($"{key} '{column}' is not a column of the file; there are {Columns()}");
        }
    }

    private string Columns() =>
        string.Join(", ", _header.Take(MostColumnsNamed).Select(column => SetAsideRows.Shown(column)[1..^1])) + (_header.Length > MostColumnsNamed ? $" and {_header.Length - MostColumnsNamed} more" : "");

    [GeneratedRegex(@"^[a-zA-Z][a-zA-Z0-9_-]*(\.[a-zA-Z0-9_-]+)*\z", RegexOptions.CultureInvariant)]
    private static partial Regex SensorId();
}
