namespace OpsPortal.Reports;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The warehouse could not answer what the report {Report} asks")]
    public static partial void NotAnswered(this ILogger logger, string report, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The report by mail {Id} was not sent")]
    public static partial void NotMailed(this ILogger logger, string id, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Reports by mail that are due cannot be looked for; they stay due")]
    public static partial void NotLookedFor(this ILogger logger, Exception exception);
}
