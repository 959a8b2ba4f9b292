namespace OpsPortal.Core.Telemetry;

/// <summary>Recordings of real trains that are being played through the same door as everything else.</summary>
public interface IRecordings
{
    /// <summary>How far each has come.</summary>
    IReadOnlyList<RecordingReport> Reports { get; }
}

/// <summary>How far one recording has come. Rows read = kept + set aside, always.</summary>
/// <param name="File">Name of the file, without its folder.</param>
/// <param name="TrainId">The train it is of; null when it is of several.</param>
/// <param name="Trains">Trains heard of so far.</param>
/// <param name="Kept">Rows that became a message.</param>
/// <param name="SetAside">Rows that did not, by reason.</param>
/// <param name="BadValues">Single values left out of rows that were kept.</param>
/// <param name="BadPositions">Positions in rows that were kept which cannot be (0,0 or out of range).</param>
/// <param name="PlayedTo">The recording's own time of the last row played; null before the first.</param>
/// <param name="Finished">True when its last row was played, or none will be any more: see <paramref name="Problem"/>.</param>
/// <param name="Problem">Why it ended early: the file cannot be read any further. Null when it did not.</param>
public sealed record RecordingReport(
    string File, string? TrainId, int Trains, long RowsRead, long Kept, IReadOnlyDictionary<string, long> SetAside, long BadValues, long BadPositions, DateTimeOffset? PlayedTo, bool Finished, string? Problem);
