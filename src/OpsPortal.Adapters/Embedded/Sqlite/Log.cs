using Microsoft.Extensions.Logging;

namespace OpsPortal.Adapters.Embedded.Sqlite;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot see whether the {Store} store changed; trying on")]
    public static partial void CannotWatch(ILogger logger, Exception exception, string store);
}
