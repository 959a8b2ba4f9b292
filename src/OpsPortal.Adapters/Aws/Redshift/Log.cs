using Microsoft.Extensions.Logging;

namespace OpsPortal.Adapters.Aws.Redshift;

internal static partial class Log
{
    [LoggerMessage(LogLevel.Information, "The warehouse's database user {User} has credentials until {Until:u}")]
    public static partial void SignedIn(ILogger logger, string user, DateTimeOffset? until);

    [LoggerMessage(LogLevel.Warning, "The warehouse refuses the password of its database user {User}; it is asked for anew once")]
    public static partial void PasswordRefused(ILogger logger, string user);

    [LoggerMessage(LogLevel.Information, "The warehouse knows the scope of its database user {User} now: {Rows} rows")]
    public static partial void ScopeKept(ILogger logger, string user, int rows);
}
