using Microsoft.Extensions.Logging;

namespace OpsPortal.Core.Detection;

internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Error, "The detection pipeline failed and starts again from its last snapshot")]
    public static partial void PipelineFailed(ILogger logger, Exception exception);

    [LoggerMessage(1002, LogLevel.Error, "The kept state of train {TrainId}'s detector cannot be read (another version, or spoilt): it learns anew")]
    public static partial void SnapshotUnreadable(ILogger logger, string trainId);
}
