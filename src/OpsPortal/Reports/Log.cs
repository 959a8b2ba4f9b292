namespace OpsPortal.Reports;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "The warehouse could not answer what the report {Report} asks")]
    public static partial void NotAnswered(this ILogger logger, string report, Exception exception);
}
