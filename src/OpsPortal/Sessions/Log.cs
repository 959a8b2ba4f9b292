namespace OpsPortal.Sessions;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A session with open pages could not be looked at; it is looked at again")]
    public static partial void SessionNotChecked(this ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The use of a session could not be noted")]
    public static partial void UseNotNoted(this ILogger logger, Exception exception);
}
