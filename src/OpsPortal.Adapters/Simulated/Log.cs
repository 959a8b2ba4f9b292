using Microsoft.Extensions.Logging;

namespace OpsPortal.Adapters.Simulated;

internal static partial class Log
{
    [LoggerMessage(1301, LogLevel.Information, "{Count} simulated trains and {Recordings} recordings; their time starts at {From:O}.")]
    public static partial void Started(ILogger logger, int count, int recordings, DateTimeOffset from);

    [LoggerMessage(1302, LogLevel.Information, "The trains have caught up with their clock after {Messages} messages.")]
    public static partial void CaughtUp(ILogger logger, long messages);

    [LoggerMessage(1303, LogLevel.Error, "The source does not take messages from number {Number} on; the trains keep them and go on measuring.")]
    public static partial void SourceFails(ILogger logger, long number, Exception exception);

    [LoggerMessage(1304, LogLevel.Information, "The source takes messages again; confirmed up to number {Number}.")]
    public static partial void SourceIsBack(ILogger logger, long number);

    [LoggerMessage(1305, LogLevel.Error, "The trains' outbox cannot be written; they wait and try again.")]
    public static partial void OutboxFails(ILogger logger, Exception exception);

    [LoggerMessage(1306, LogLevel.Error, "The simulated trains cannot start yet; they try again.")]
    public static partial void CannotStart(ILogger logger, Exception exception);

    [LoggerMessage(1307, LogLevel.Warning, "Train {TrainId} could not follow its shadow (attempt {Attempt}): {Problem}")]
    public static partial void ShadowFails(ILogger logger, string trainId, int attempt, string problem);

    [LoggerMessage(1308, LogLevel.Debug, "Train {TrainId}: the shadow's deltas ended; it connects again.")]
    public static partial void ShadowWentQuiet(ILogger logger, string trainId);

    [LoggerMessage(1309, LogLevel.Warning, "Recording {File}: {Problem}")]
    public static partial void RecordingLooksWrong(ILogger logger, string file, string problem);

    [LoggerMessage(1310, LogLevel.Error, "Recording {File} ends early, after {Rows} rows: {Problem}")]
    public static partial void RecordingBreaksOff(ILogger logger, Exception exception, string file, long rows, string problem);

    [LoggerMessage(1311, LogLevel.Information, "Recording {File} goes on at row {Row}: the rows before were played in an earlier run.")]
    public static partial void RecordingGoesOn(ILogger logger, string file, long row);

    [LoggerMessage(1312, LogLevel.Information, "Recording {File} was played to its end, all {Rows} rows, in an earlier run; another data folder plays it again.")]
    public static partial void RecordingIsOver(ILogger logger, string file, long rows);

    [LoggerMessage(1313, LogLevel.Warning, "The longest recording lasts {Days:0.#} days. Played time begins {FastDays:0} days ago at most: until it has met the real clock it is fast, what is left then is played at real speed. Trains:RecordingsFrom begins later in the recording.")]
    public static partial void RecordingTooLong(ILogger logger, double days, double fastDays);
}
