namespace OpsPortal.Audit;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "A view of raw data could not be written to the audit; it was given all the same")]
    public static partial void ViewNotAudited(this ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit could not be written or signed; it is tried again")]
    public static partial void AuditNotKept(this ILogger logger, Exception exception);

    [LoggerMessage(Level = LogLevel.Critical, Message = "The audit is not what was signed, so nothing more is signed: {Problem} Run audit-verify, and keep what is there")]
    public static partial void AuditBroken(this ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "Heads of the audit are signed with key {Key} and kept in {Folder}")]
    public static partial void HeadsAreSigned(this ILogger logger, string key, string folder);

    [LoggerMessage(Level = LogLevel.Error, Message = "The audit could not be verified")]
    public static partial void NotVerified(this ILogger logger, Exception exception);
}
