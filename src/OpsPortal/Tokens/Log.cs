namespace OpsPortal.Tokens;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The use of personal token {Id} could not be noted")]
    public static partial void UseNotNoted(this ILogger logger, string id, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A user's present roles could not be noted; their tokens keep to the earlier ones")]
    public static partial void UserNotNoted(this ILogger logger, Exception exception);
}
