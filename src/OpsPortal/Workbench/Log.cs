namespace OpsPortal.Workbench;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Error, Message = "Query {Id} failed in a way that is none of its own")]
    public static partial void QueryFailed(this ILogger logger, string id, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The end of query {Id} could not be audited")]
    public static partial void EndNotAudited(this ILogger logger, string id, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Results of an earlier run cannot be removed from {Folder}")]
    public static partial void OldResultsStay(this ILogger logger, string folder, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "A download of query {Id} broke off: {Reason}")]
    public static partial void DownloadBrokeOff(this ILogger logger, string id, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "The run of query {Id} could not be kept for its user's history")]
    public static partial void RunNotKept(this ILogger logger, string id, Exception exception);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Unloaded files in {Place} could not all be removed; tried again every minute: {Problem}")]
    public static partial void FilesStay(this ILogger logger, string place, string problem);

    [LoggerMessage(Level = LogLevel.Information, Message = "{Count} unloaded files in {Place} are removed")]
    public static partial void FilesRemoved(this ILogger logger, int count, string place);

    [LoggerMessage(Level = LogLevel.Error, Message = "Unloaded files that are over could not be removed; trying again")]
    public static partial void FilesNotTidied(this ILogger logger, Exception exception);
}
