using Microsoft.Extensions.Logging;

namespace OpsPortal.Adapters.Embedded.Warehouse;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Error, "The processed tables cannot be brought up to date; they fall behind, nothing is lost")]
    public static partial void CannotFill(ILogger logger, Exception e);
}
