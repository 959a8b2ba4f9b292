using Microsoft.Extensions.Logging;

namespace OpsPortal.Adapters.Aws.S3;

internal static partial class Log
{
    [LoggerMessage(2301, LogLevel.Warning, "The replica {Replica} is read in place of the first bucket: {Problem}")]
    public static partial void ReplicaTaken(ILogger logger, string replica, string problem);

    [LoggerMessage(2302, LogLevel.Warning, "Raw files cannot be copied to {Place}: {Problem} Trying again; nothing is lost, they stay where they are")]
    public static partial void CannotCopy(ILogger logger, string place, string problem);

    [LoggerMessage(2303, LogLevel.Error, "{Key} in {Place} is not the file of this folder; it is left alone and not written over: {Problem}")]
    public static partial void OtherFile(ILogger logger, string key, string place, string problem);

    [LoggerMessage(2304, LogLevel.Information, "{Files} raw files, {Bytes} bytes, are copied to {Place}")]
    public static partial void Copied(ILogger logger, int files, long bytes, string place);

    [LoggerMessage(2305, LogLevel.Error, "The bucket cannot be looked at; trying again")]
    public static partial void CannotLook(ILogger logger, Exception exception);
}
