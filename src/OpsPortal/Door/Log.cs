namespace OpsPortal.Door;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A refusal could not be written to the audit log")]
    public static partial void RefusalNotAudited(this ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A browser reports: {Directive} was broken by {Blocked} on {Page}")]
    public static partial void PolicyBroken(this ILogger logger, string directive, string blocked, string page);
}
