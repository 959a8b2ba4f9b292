using Microsoft.Extensions.Logging;

namespace OpsPortal.Adapters.Aws.OpenSearch;

internal static partial class Log
{
    [LoggerMessage(2201, LogLevel.Information, "OpenSearch had no time for {Open} of {All} documents ({Reason}); they are sent again")]
    public static partial void DocumentsAgain(ILogger logger, int open, int all, string reason);

    [LoggerMessage(2202, LogLevel.Warning, "OpenSearch refuses a request with {Documents} documents ({Reason}); it is sent in halves")]
    public static partial void BulkRefused(ILogger logger, int documents, string reason);

    [LoggerMessage(2203, LogLevel.Error, "OpenSearch refuses document {Id} for {Index}: {Reason}. It is kept as a dead letter")]
    public static partial void DocumentRefused(ILogger logger, string id, string index, string reason);

    [LoggerMessage(2204, LogLevel.Error, "OpenSearch cannot be made ready: {Problem}. Tried again every {Seconds} s")]
    public static partial void NotReady(ILogger logger, string problem, double seconds);

    [LoggerMessage(2205, LogLevel.Information, "OpenSearch {Version} is ready: templates at version {Template}, indices {Prefix}*")]
    public static partial void Ready(ILogger logger, string version, int template, string prefix);

    [LoggerMessage(2206, LogLevel.Information, "Index {Index} is past its retention and was deleted")]
    public static partial void Cleared(ILogger logger, string index);

    [LoggerMessage(2207, LogLevel.Warning, "Old indices could not be cleared away: {Problem}")]
    public static partial void CannotClear(ILogger logger, string problem);

    [LoggerMessage(2208, LogLevel.Information, "OpenSearch could not read {Open} of {All} documents yet ({Reason}); they are asked for again")]
    public static partial void ReadAgain(ILogger logger, int open, int all, string reason);
}
