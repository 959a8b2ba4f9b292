using Microsoft.Extensions.Logging;

namespace OpsPortal.Core.Alerts;

internal static partial class Log
{
    [LoggerMessage(1201, LogLevel.Error, "Alert {AlertId} was acknowledged, and that it was could not be written into the audit; the request is there")]
    public static partial void OutcomeNotAudited(this ILogger logger, Exception exception, string alertId);
}
