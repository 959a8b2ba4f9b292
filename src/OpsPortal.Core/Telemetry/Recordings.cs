namespace OpsPortal.Core.Telemetry;

/// <summary>Recordings of real trains that are being played through the same door as everything else.</summary>
public interface IRecordings
{
    /// <summary>How far each has come.</summary>
    IReadOnlyList<RecordingReport> Reports { get; }
}

/// <summary>How far one recording has come. Rows read = kept + set aside, always.</summary>
/// <param name="File">Name of the file, without its folder.</param>
/// <param name="SetAside">Rows that could not be used, by reason.</param>
/// <param name="BadValues">Single values left out of rows that were kept.</param>
/// <param name="Finished">True when its last row was played.</param>
public sealed record RecordingReport(string File, string TrainId, long RowsRead, long Kept, IReadOnlyDictionary<string, long> SetAside, long BadValues, bool Finished);
