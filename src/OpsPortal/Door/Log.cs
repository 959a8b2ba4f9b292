namespace OpsPortal.Door;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A refusal could not be written to the audit log")]
    public static partial void RefusalNotAudited(this ILogger logger, Exception exception);
}
