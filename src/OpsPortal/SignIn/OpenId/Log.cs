namespace OpsPortal.SignIn.OpenId;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "The identity provider {Authority} could not be read: {Problem}")]
    public static partial void ProviderNotRead(this ILogger logger, string authority, string? problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "The identity provider could not be asked whether people may still come in: {Problem}")]
    public static partial void ProviderNotAsked(this ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A sign-in was refused: {Why}")]
    public static partial void SignInRefused(this ILogger logger, string why);
}
