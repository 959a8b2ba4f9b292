namespace OpsPortal.Feed;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A browser's feed failed; its connection is closed and it will come back")]
    public static partial void PumpFailed(this ILogger logger, Exception exception);
}
