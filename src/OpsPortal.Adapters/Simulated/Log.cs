using Microsoft.Extensions.Logging;

namespace OpsPortal.Adapters.Simulated;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} simulated trains and {Recordings} recordings; their time starts at {From:O}.")]
    public static partial void Started(ILogger logger, int count, int recordings, DateTimeOffset from);

    [LoggerMessage(Level = LogLevel.Information, Message = "The trains have caught up with their clock after {Messages} messages.")]
    public static partial void CaughtUp(ILogger logger, long messages);

    [LoggerMessage(Level = LogLevel.Error, Message = "The source does not take messages from number {Number} on; the trains keep them and go on measuring.")]
    public static partial void SourceFails(ILogger logger, long number, Exception exception);

    [LoggerMessage(Level = LogLevel.Information, Message = "The source takes messages again; confirmed up to number {Number}.")]
    public static partial void SourceIsBack(ILogger logger, long number);

    [LoggerMessage(Level = LogLevel.Error, Message = "The trains' outbox cannot be written; they wait and try again.")]
    public static partial void OutboxFails(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The simulated trains cannot start yet; they try again.")]
    public static partial void CannotStart(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Train {TrainId} could not follow its shadow (attempt {Attempt}): {Problem}")]
    public static partial void ShadowFails(ILogger logger, string trainId, int attempt, string problem);

    [LoggerMessage(Level = LogLevel.Debug, Message = "Train {TrainId}: the shadow's deltas ended; it connects again.")]
    public static partial void ShadowWentQuiet(ILogger logger, string trainId);
}
