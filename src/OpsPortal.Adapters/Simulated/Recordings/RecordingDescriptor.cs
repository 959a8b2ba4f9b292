using System.Text.Json;
using System.Text.Json.Serialization;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>How to read a recording: a JSON file beside it (<c>name.csv.json</c>), or one that the product brings along for files it knows.</summary>
/// <param name="Files">File names that a descriptor brought along is for, with <c>*</c>; not needed beside the recording.</param>
/// <param name="Source">Whose recording it is, and its licence.</param>
/// <param name="Separator">One character; default a comma.</param>
/// <param name="Subsystem">Subsystem of columns that name none of their own.</param>
/// <param name="Ignored">Columns that are left out on purpose. A column that is neither named nor ignored is a mistake.</param>
internal sealed record RecordingDescriptor(
    string? Files,
    string? Source,
    RecordedTrain? Train,
    string? Separator,
    RecordedTime? Time,
    double? ExpectedIntervalSeconds,
    string? Subsystem,
    IReadOnlyList<string>? Ignored,
    IReadOnlyList<RecordedColumn>? Columns)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    /// <exception cref="JsonException">The text is no descriptor.</exception>
    public static RecordingDescriptor Read(Stream json) =>
        JsonSerializer.Deserialize<RecordingDescriptor>(json, Json) ?? throw new JsonException("The descriptor is empty.");

    /// <summary>The train as registered; only after the descriptor was checked.</summary>
    public Train ToTrain() => new(
        new TrainIdentity(Train!.Id!, Train.Depot ?? "unknown", Train.Line ?? "unknown", Train.Class ?? "unknown"),
        Train.Name ?? Train.Id!,
        TimeSpan.FromSeconds(ExpectedIntervalSeconds!.Value),
        PositionKnown: false,
        Columns!.ToDictionary(column => column.Sensor!, Describe, StringComparer.Ordinal));

    private SensorDescription Describe(RecordedColumn column)
    {
        var kind = column.Sensor!.Split('.')[0];
        return new SensorDescription(
            column.Sensor, kind, column.Subsystem ?? Subsystem!, column.Unit ?? "", column.Words ?? column.Sensor, column.Decimals ?? 2, column.Lowest ?? double.MinValue, column.Highest ?? double.MaxValue);
    }
}

/// <summary>The train that a recording is of.</summary>
internal sealed record RecordedTrain(string? Id, string? Name, string? Class, string? Depot, string? Line);

/// <summary>Which column says when.</summary>
/// <param name="Format">As .NET writes it, e.g. <c>yyyy-MM-dd HH:mm:ss</c>.</param>
/// <param name="Zone">Time zone of the recording, e.g. <c>Europe/Lisbon</c> or <c>UTC</c>.</param>
internal sealed record RecordedTime(string? Column, string? Format, string? Zone);

/// <summary>Which column is which sensor. <c>Lowest</c> and <c>Highest</c> describe the instrument; values outside are played all the same.</summary>
internal sealed record RecordedColumn(string? Column, string? Sensor, string? Words, string? Unit, string? Subsystem, int? Decimals, double? Lowest, double? Highest);
