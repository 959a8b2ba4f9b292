using Microsoft.Extensions.Logging;

namespace OpsPortal.Adapters.Aws.Iot;

internal static partial class Log
{
    [LoggerMessage(2101, LogLevel.Warning, "Shadow {Name} of train {TrainId} at version {Version}: the service's delta is not the difference of desired and reported; the service's is used")]
    public static partial void UnexpectedDelta(ILogger logger, string trainId, string name, long version);

    [LoggerMessage(2102, LogLevel.Information, "Whether the update of shadow {Name} of train {TrainId} was done is not known ({Problem}); reading it")]
    public static partial void OutcomeUnknown(ILogger logger, string trainId, string name, string problem);

    [LoggerMessage(2103, LogLevel.Warning, "Train {TrainId} cannot look at its shadow: {Problem}; it looks again")]
    public static partial void CannotLook(ILogger logger, string trainId, string problem);
}
