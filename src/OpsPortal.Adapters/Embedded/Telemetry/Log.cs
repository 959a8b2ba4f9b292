using Microsoft.Extensions.Logging;

namespace OpsPortal.Adapters.Embedded.Telemetry;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Source records {First} to {Last} are trimmed, every consumer had committed them; reading goes on behind them")]
    public static partial void RecordsGone(ILogger logger, long first, long last);

    [LoggerMessage(Level = LogLevel.Error, Message = "Old readings could not be cleared away; trying again")]
    public static partial void CannotClear(ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Raw files could not be written; the source keeps the records; trying again")]
    public static partial void CannotArchive(ILogger logger, Exception exception);
}
