using Microsoft.Extensions.Logging;

namespace OpsPortal.Core.Shadows;

internal static partial class Log
{
    [LoggerMessage(1101, LogLevel.Error, "Delivery to the trains' shadows failed and starts again")]
    public static partial void DeliveryFailed(ILogger logger, Exception exception);

    [LoggerMessage(1102, LogLevel.Warning, "The shadow of train {TrainId} could not be brought up to date; trying again later")]
    public static partial void TellingFailed(ILogger logger, string trainId, Exception exception);
}
