using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Simulated.Network;

/// <summary>What a network file says: the rails, and who runs on them.</summary>
internal sealed record SimulatedNetwork(RailNetwork Rail, IReadOnlyList<TrainClass> Classes, IReadOnlyList<Service> Services) : INetwork
{
    public RailNetwork Get() => Rail;
}

/// <summary>A class of trains.</summary>
/// <param name="FirstNumber">Number of its first train: 42 makes <c>390-042</c>.</param>
/// <param name="Sensors">Sensor ids that every train of the class carries.</param>
internal sealed record TrainClass(string Id, string Name, int Cars, int FirstNumber, IReadOnlyList<string> Sensors);

/// <summary>Trains of one depot that run to and fro between two stops of a line, calling at every stop between.</summary>
/// <param name="Weight">Its part of the fleet, relative to the other services.</param>
internal sealed record Service(TrainClass Class, string Depot, Line Line, int FromStop, int ToStop, int Weight)
{
    public double FromKm => Line.Stops[FromStop].Km;

    public double ToKm => Line.Stops[ToStop].Km;
}
