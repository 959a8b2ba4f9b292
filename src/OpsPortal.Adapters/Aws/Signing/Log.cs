using Microsoft.Extensions.Logging;

namespace OpsPortal.Adapters.Aws.Signing;

internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Warning, "AWS credentials could not be renewed; those held are valid until {ExpiresAt} and are used on")]
    public static partial void CannotRenewKeys(ILogger logger, DateTimeOffset? expiresAt, Exception exception);

    [LoggerMessage(2002, LogLevel.Warning, "This machine's clock is {Seconds} s off that of {Service}; signatures are corrected by it. Set the clock")]
    public static partial void ClockIsOff(ILogger logger, string service, double seconds);

    [LoggerMessage(2003, LogLevel.Information, "{Service} refused the credentials as expired; they are read again")]
    public static partial void KeysExpired(ILogger logger, string service);

    [LoggerMessage(2004, LogLevel.Debug, "{Service}: attempt {Attempt} came to nothing ({Reason}); again in {Milliseconds} ms")]
    public static partial void TryingAgain(ILogger logger, string service, int attempt, string reason, double milliseconds);

    [LoggerMessage(2005, LogLevel.Information, "{Service} is spoken to at {Endpoint}, region {Region}")]
    public static partial void Speaking(ILogger logger, string service, string endpoint, string region);
}
