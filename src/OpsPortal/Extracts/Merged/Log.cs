namespace OpsPortal.Extracts.Merged;

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "Merged downloads are off in this process: {Folder} cannot be taken ({Reason})")]
    public static partial void ShelfNotTaken(this ILogger logger, string folder, string reason);

    [LoggerMessage(Level = LogLevel.Error, Message = "Merged download {Id} cannot be removed")]
    public static partial void MergedStays(this ILogger logger, string id, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "A merged download cannot be read: {Folder}")]
    public static partial void MergedNotRead(this ILogger logger, string folder, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "Merged download {Id} failed in a way that is none of its own")]
    public static partial void MergedBroke(this ILogger logger, string id, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "How merged download {Id} stands could not be kept")]
    public static partial void MergedNotKept(this ILogger logger, string id, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "The end of merged download {Id} could not be audited")]
    public static partial void EndNotAudited(this ILogger logger, string id, Exception exception);
}
