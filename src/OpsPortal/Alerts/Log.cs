namespace OpsPortal.Alerts;

internal static partial class Log
{
    [LoggerMessage(EventId = 1, Level = LogLevel.Error, Message = "Alert {AlertId} could not be acknowledged from the page")]
    public static partial void NotAcknowledged(ILogger logger, string alertId, Exception exception);

    [LoggerMessage(EventId = 2, Level = LogLevel.Error, Message = "Cleared alerts could not be read for the page")]
    public static partial void PastNotRead(ILogger logger, Exception exception);
}
