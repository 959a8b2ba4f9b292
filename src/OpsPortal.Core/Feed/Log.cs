using Microsoft.Extensions.Logging;

namespace OpsPortal.Core.Feed;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Information, Message = "The live feed starts from {Trains} trains, {Alerts} open alerts, {Anomalies} anomalies")]
    public static partial void FeedStarted(this ILogger logger, int trains, int alerts, int anomalies);

    [LoggerMessage(Level = LogLevel.Error, Message = "The store cannot be followed (try {Failures} in a row)")]
    public static partial void StoreUnreachable(this ILogger logger, Exception exception, int failures);
}
