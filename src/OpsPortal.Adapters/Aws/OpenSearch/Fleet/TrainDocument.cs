using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Aws.OpenSearch.Fleet;

/// <summary>A train's state as kept.</summary>
internal sealed record TrainDocument(string Train, string Depot, string Line, string Class, DateTimeOffset KeptAt, long Offset, TrainState Body)
{
    public static TrainDocument Of(TrainState state, DateTimeOffset keptAt)
    {
        var train = state.Train.Identity;
        return new TrainDocument(train.Id, train.Depot, train.Line, train.Class, keptAt, state.SourceOffset, state);
    }
}

/// <summary>A train as registered, as kept.</summary>
internal sealed record RegistryDocument(string Train, DateTimeOffset KeptAt, Train Body);
