using Microsoft.Extensions.Logging;

namespace OpsPortal.Core.Detection;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Error, "The detection pipeline failed and starts again from its last snapshot")]
    public static partial void PipelineFailed(ILogger logger, Exception exception);
}
