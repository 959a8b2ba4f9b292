namespace OpsPortal.Api;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "{Method} {Path} failed")]
    public static partial void Failed(this ILogger logger, string method, string path, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "{Method} {Path} was refused for now: {Why}")]
    public static partial void StoreUnavailable(this ILogger logger, string method, string path, string why);
}
