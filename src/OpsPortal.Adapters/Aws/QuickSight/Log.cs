using Microsoft.Extensions.Logging;

namespace OpsPortal.Adapters.Aws.QuickSight;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "QuickSight refused to open the dashboard: {Status} {Code}, its request {RequestId}")]
    public static partial void Refused(this ILogger logger, string status, string code, string requestId);

    [LoggerMessage(Level = LogLevel.Error, Message = "QuickSight cannot be reached: {Problem}")]
    public static partial void NotReached(this ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "QuickSight's answer of {Length} characters holds no address")]
    public static partial void NotRead(this ILogger logger, int length);

    [LoggerMessage(Level = LogLevel.Error, Message = "QuickSight's dashboard is at {Host}, not at {FrameOrigin}: set QuickSight:FrameOrigin where that is right")]
    public static partial void OtherHost(this ILogger logger, string host, string frameOrigin);
}
