using System.Text.Json;
using System.Text.Json.Serialization;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>How to read a recording: a JSON file beside it (<c>name.csv.json</c>), or one that the product brings along for files it knows.</summary>
/// <param name="Files">Files that a descriptor brought along is for, with <c>*</c>: a name, or with <c>/</c> the end of a path. Not needed beside the recording.</param>
/// <param name="Source">Whose recording it is, and its licence.</param>
/// <param name="Separator">One character; default a comma.</param>
/// <param name="Decimal">What stands before the fraction of a number: <c>.</c> (default) or <c>,</c>.</param>
/// <param name="Encoding">How the text is encoded, e.g. <c>windows-1252</c>; default UTF-8, or what its byte order mark says.</param>
/// <param name="SkipLines">So many lines stand above the header, or above the first row where there is none.</param>
/// <param name="Comment">One character: a line that begins with it is none of the table.</param>
/// <param name="Header">Names of the columns of a file that has no header line.</param>
/// <param name="LineBreaksInQuotes">False when no quoted text goes on in the next line: then a quote that nobody closes costs its own row only. Default true.</param>
/// <param name="Missing">What stands in a field that has no value, e.g. <c>NA</c>: as good as empty, in every column.</param>
/// <param name="Sorted">False when rows are not in the order of time: they are sorted in memory, see <see cref="RecordedRows.MostUnsorted"/>. Default true; then a row that goes back is set aside.</param>
/// <param name="DisorderSeconds">Rows are in the order of time but for so long: trains report one after the other. They are put in order within it.</param>
/// <param name="ExpectedIntervalSeconds">How often a train is heard of; the base of staleness.</param>
/// <param name="SilentAfterSeconds">A train without a row for this long is gone; default ten expected intervals.</param>
/// <param name="LongestGapSeconds">A longer time without any row is played as this long; the original times stay. Default as long as it was.</param>
/// <param name="Subsystem">Subsystem of columns that name none of their own.</param>
/// <param name="Words">Names made of a column's values, to be used as <c>{name}</c> in the train's texts.</param>
/// <param name="Only">Which rows are played; default all.</param>
/// <param name="Status">The column that says whether a train runs.</param>
/// <param name="Raw">Columns that go into the message as they are, under <c>recorded</c>: kept in raw, not used.</param>
/// <param name="Ignored">Columns that are left out on purpose. A column that is neither named nor ignored is a mistake.</param>
internal sealed record RecordingDescriptor(
    string? Files,
    string? Source,
    RecordedTrain? Train,
    string? Separator,
    string? Decimal,
    string? Encoding,
    int? SkipLines,
    string? Comment,
    IReadOnlyList<string>? Header,
    bool? LineBreaksInQuotes,
    IReadOnlyList<string>? Missing,
    bool? Sorted,
    double? DisorderSeconds,
    RecordedTime? Time,
    double? ExpectedIntervalSeconds,
    double? SilentAfterSeconds,
    double? LongestGapSeconds,
    string? Subsystem,
    IReadOnlyDictionary<string, RecordedWords>? Words,
    RecordedFilter? Only,
    RecordedStatus? Status,
    RecordedPosition? Position,
    IReadOnlyList<string>? Raw,
    IReadOnlyList<string>? Ignored,
    IReadOnlyList<RecordedColumn>? Columns)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private static readonly JsonDocumentOptions Loose = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Reads a descriptor, or finds everything that is none of one.</summary>
    /// <exception cref="JsonException">The text is no JSON.</exception>
    public static (RecordingDescriptor? Descriptor, IReadOnlyList<string> Mistakes) Read(Stream json)
    {
        using var document = JsonDocument.Parse(json, Loose);
        var mistakes = DescriptorText.Find(document.RootElement);
        return (mistakes.Count == 0 ? document.RootElement.Deserialize<RecordingDescriptor>(Json) : null, mistakes);
    }
}

/// <summary>The train or trains that a recording is of. Each text may name columns, words, <c>{file}</c> (without its ending) and <c>{folder}</c>: <c>bus-{vehicle_id}</c>.</summary>
internal sealed record RecordedTrain(string? Id, string? Name, string? Class, string? Depot, string? Line);

/// <summary>Which column says when.</summary>
/// <param name="Column">A column, or a text made of several: <c>{Date} {Time}</c>.</param>
/// <param name="Format">As .NET writes it, e.g. <c>yyyy-MM-dd HH:mm:ss</c>, or one of <see cref="TimeFormat.Words"/>.</param>
/// <param name="Formats">In place of <paramref name="Format"/>: several as .NET writes them, the first that fits is taken.</param>
/// <param name="Zone">Time zone of the recording, e.g. <c>Europe/Lisbon</c> or <c>UTC</c>; needed where the times do not say their offset.</param>
/// <param name="Date">The day (<c>yyyy-MM-dd</c>) of the first row, for times of the day only.</param>
/// <param name="Start">The instant (ISO 8601 with an offset) that <c>elapsedSeconds</c> count from.</param>
/// <param name="NotBefore">An instant; a row before it has a wrong clock: <c>badTime</c>.</param>
/// <param name="NotAfter">The same for rows after it.</param>
internal sealed record RecordedTime(string? Column, string? Format, string? Zone, IReadOnlyList<string>? Formats = null, string? Date = null, string? Start = null, string? NotBefore = null, string? NotAfter = null)
{
    public IReadOnlyList<string> AllFormats => Formats ?? (Format is null ? [] : [Format]);
}

/// <summary>A column's values in words; a value that is not listed becomes <paramref name="Otherwise"/>, or stays as it is.</summary>
internal sealed record RecordedWords(string? Column, IReadOnlyDictionary<string, string>? Values, string? Otherwise);

/// <summary>Rows whose column has one of the values; the others are set aside as <c>notWanted</c>.</summary>
internal sealed record RecordedFilter(string? Column, IReadOnlyList<string>? Values);

/// <summary>What the column says of the train: not running yet (nothing is heard of it), running, or ended (it goes offline).</summary>
internal sealed record RecordedStatus(string? Column, IReadOnlyList<string>? Waiting, IReadOnlyList<string>? Running, IReadOnlyList<string>? Ended);

/// <summary>Where the train is, in degrees (WGS 84). What cannot be (0,0 or out of range) is sent as it is and counted; the portal does not draw it.</summary>
/// <param name="Motion"><c>jumps</c> when only reporting points are known: nothing is made of the way between them. Default <c>smooth</c>.</param>
/// <param name="Heading">Column of the heading in degrees; −90 is 270.</param>
/// <param name="HeadingFromMovement">True makes the heading from the last two places.</param>
/// <param name="Factor">Latitude and longitude are the columns' numbers × this: 0.0000001 where they are whole numbers. Default 1.</param>
/// <param name="Invalid">Numbers in either column by which the instrument says that it does not know the place: a gap.</param>
internal sealed record RecordedPosition(
    string? Latitude, string? Longitude, string? Motion, RecordedSpeed? Speed, string? Heading, bool? HeadingFromMovement, double? Factor, IReadOnlyList<double>? Invalid)
{
    public bool Jumps => Motion == "jumps";
}

/// <summary>Which column is the speed; it is never made from two places.</summary>
/// <param name="Unit"><c>km/h</c> (default), <c>m/s</c>, <c>mph</c> or <c>knots</c>.</param>
/// <param name="Invalid">Values by which the instrument says that it does not know: bad values.</param>
internal sealed record RecordedSpeed(string? Column, string? Unit, IReadOnlyList<double>? Invalid)
{
    public double? KmhPerUnit => Unit switch { null or "km/h" => 1, "m/s" => 3.6, "mph" => 1.609344, "knots" => 1.852, _ => null };
}

/// <summary>Which column is which sensor. The value is recorded × <c>Factor</c> + <c>Offset</c>. <c>Lowest</c> and <c>Highest</c> describe the instrument; values outside are played all the same, <c>Invalid</c> ones are bad values. <c>Values</c> gives words their numbers: <c>{ "open": 1, "shut": 0 }</c>, as they are sent.</summary>
internal sealed record RecordedColumn(
    string? Column, string? Sensor, string? Words, string? Unit, string? Subsystem, int? Decimals, double? Lowest, double? Highest, double? Factor, double? Offset, IReadOnlyList<double>? Invalid, IReadOnlyDictionary<string, double>? Values);
