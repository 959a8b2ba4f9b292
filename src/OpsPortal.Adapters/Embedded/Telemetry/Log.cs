using Microsoft.Extensions.Logging;

namespace OpsPortal.Adapters.Embedded.Telemetry;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Source records {First} to {Last} are trimmed, every consumer had committed them; reading goes on behind them")]
    public static partial void RecordsGone(ILogger logger, long first, long last);
}
