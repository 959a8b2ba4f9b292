using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Simulated.Network;

/// <summary>What a network file says: the rails, and who runs on them.</summary>
internal sealed record SimulatedNetwork(RailNetwork Rail, IReadOnlyList<TrainClass> Classes, IReadOnlyList<Service> Services) : INetwork
{
    public RailNetwork Get() => Rail;
}

/// <summary>A class of trains.</summary>
/// <param name="Bogies">Of the whole train, as <paramref name="Axles"/>.</param>
/// <param name="FirstNumber">Number of its first train: 42 makes <c>390-042</c>.</param>
/// <param name="Sensors">Sensor ids that every train of the class carries.</param>
internal sealed record TrainClass(string Id, string Name, int Cars, int Bogies, int Axles, int FirstNumber, IReadOnlyList<string> Sensors)
{
    /// <summary>The part of a sensor's place that the train does not have, in words; null when it has it all.</summary>
    public string? FindMissingPlace(string sensor)
    {
        foreach (var (part, most) in new[] { ("car", Cars), ("bogie", PerCar(Bogies)), ("axle", PerCar(Axles)) })
        {
            foreach (var place in sensor.Split('.').Skip(1).Where(place => place.StartsWith(part, StringComparison.Ordinal)))
            {
                if (!int.TryParse(place.AsSpan(part.Length), out var number) || number < 1 || number > most)
                {
                    return $"{part}s are counted from 1 to {most}";
                }
            }
        }

        return null;
    }

    private int PerCar(int all) => (all + Cars - 1) / Math.Max(1, Cars);
}

/// <summary>Trains of one depot that run to and fro between two stops of a line, calling at every stop between.</summary>
/// <param name="Weight">Its part of the fleet, relative to the other services.</param>
internal sealed record Service(TrainClass Class, string Depot, Line Line, int FromStop, int ToStop, int Weight)
{
    public double FromKm => Line.Stops[FromStop].Km;

    public double ToKm => Line.Stops[ToStop].Km;
}
