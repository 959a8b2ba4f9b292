using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>A descriptor with its columns found in the file: what the reader works with. Only after the descriptor was checked.</summary>
internal sealed class RecordingLayout
{
    private readonly string[] _header;
    private readonly RecordingDescriptor _descriptor;
    private readonly RowText _name;
    private readonly RowText _class;
    private readonly RowText _depot;
    private readonly Dictionary<string, SensorDescription>? _sensors;

    public RecordingLayout(RecordingFile file, string[] header)
    {
        (_header, _descriptor) = (header, file.Descriptor);
        Numbers = new Numbers(_descriptor.Decimal);
        var train = _descriptor.Train!;
        Id = Text(file, train.Id);
        Line = Text(file, train.Line);
        (_name, _class, _depot) = (Text(file, train.Name ?? train.Id), Text(file, train.Class), Text(file, train.Depot));
        Sensors = [.. (_descriptor.Columns ?? []).Select(column => new SensorColumn(Index(column.Column), Numbers) { Factor = column.Factor ?? 1, Offset = column.Offset ?? 0, Invalid = column.Invalid ?? [], Words = column.Values })];
        _sensors = _descriptor.Columns?.ToDictionary(column => column.Sensor!, Describe, StringComparer.Ordinal);
        var position = _descriptor.Position;
        (Latitude, Longitude) = (Place(position, position?.Latitude), Place(position, position?.Longitude));
        Heading = position?.Heading is { } heading ? new SensorColumn(Index(heading), Numbers) : null;
        Speed = position?.Speed is { } speed ? new SensorColumn(Index(speed.Column), Numbers) { Factor = speed.KmhPerUnit ?? 1, Invalid = speed.Invalid ?? [] } : null;
        (Only, Status) = (Index(_descriptor.Only?.Column), Index(_descriptor.Status?.Column));
        Raw = [.. (_descriptor.Raw ?? []).Select(Index)];
    }

    /// <summary>How many columns the file has.</summary>
    public int Width => _header.Length;

    public Numbers Numbers { get; }

    public RowText Id { get; }

    public RowText Line { get; }

    public SensorColumn[] Sensors { get; }

    public SensorColumn? Speed { get; }

    public SensorColumn? Latitude { get; }

    public SensorColumn? Longitude { get; }

    public SensorColumn? Heading { get; }

    /// <summary>Columns by number; −1 where there is none.</summary>
    public int Only { get; }

    public int Status { get; }

    public int[] Raw { get; }

    public TimeSpan ExpectedInterval => TimeSpan.FromSeconds(_descriptor.ExpectedIntervalSeconds!.Value);

    /// <summary>A train that is silent for longer than this is gone.</summary>
    public TimeSpan SilentAfter => TimeSpan.FromSeconds(_descriptor.SilentAfterSeconds ?? (10 * _descriptor.ExpectedIntervalSeconds!.Value));

    /// <summary>The train of a row as it is registered; null when the row names none that can be.</summary>
    public Train? TrainOf(string[] row)
    {
        var said = Id.Fill(row);
        return said.Length > 0 && !Id.IsIncomplete(row)
            ? new Train(new TrainIdentity(TrainIds.Of(said), OrUnknown(_depot.Fill(row)), OrUnknown(Line.Fill(row)), OrUnknown(_class.Fill(row))), _name.Fill(row), ExpectedInterval, _descriptor.Position is not null, _sensors)
            : null;
    }

    /// <summary>The row's time as it is written.</summary>
    public string TimeOf(string[] row) => RowText.OfColumn(_descriptor.Time!.Column!, _header).Fill(row);

    private static string OrUnknown(string text) => text.Length == 0 ? "unknown" : text;

    private RowText Text(RecordingFile file, string? template) => RowText.Of(RowText.ForFile(template ?? "unknown", file.Path), _header, _descriptor.Words);

    private SensorColumn? Place(RecordedPosition? position, string? column) =>
        column is null ? null : new SensorColumn(Index(column), Numbers) { Factor = position!.Factor ?? 1, Invalid = position.Invalid ?? [] };

    private int Index(string? column) => column is null ? -1 : Array.IndexOf(_header, column);

    private SensorDescription Describe(RecordedColumn column)
    {
        var kind = column.Sensor!.Split('.')[0];
        return new SensorDescription(
            column.Sensor, kind, column.Subsystem ?? _descriptor.Subsystem!, column.Unit ?? "", column.Words ?? column.Sensor, column.Decimals ?? 2, column.Lowest ?? double.MinValue, column.Highest ?? double.MaxValue);
    }
}
