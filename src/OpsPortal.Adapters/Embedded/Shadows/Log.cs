using Microsoft.Extensions.Logging;

namespace OpsPortal.Adapters.Embedded.Shadows;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Cannot follow the shadows' changes; trying on, none is missed")]
    public static partial void CannotFollow(ILogger logger, Exception exception);
}
