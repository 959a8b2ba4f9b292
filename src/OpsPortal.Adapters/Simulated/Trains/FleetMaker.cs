using System.Globalization;
using OpsPortal.Adapters.Simulated.Network;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>Shares trains out between services. The same network, count and seed make the same fleet.</summary>
internal static class FleetMaker
{
    /// <param name="wear">How many times faster than in life parts wear out; 0 = not at all.</param>
    public static IReadOnlyList<SimulatedTrain> Make(SimulatedNetwork network, int count, int seed, double wear = 0)
    {
        var perService = Share(network.Services, count);
        var geometries = network.Rail.Lines.ToDictionary(line => line.Id, line => new LineGeometry(line, seed), StringComparer.Ordinal);
        var numbers = network.Classes.ToDictionary(made => made.Id, made => made.FirstNumber, StringComparer.Ordinal);
        var trains = new List<SimulatedTrain>(count);
        for (var s = 0; s < network.Services.Count; s++)
        {
            var service = network.Services[s];
            var timetable = TimetableBuilder.Build(service, seed);
            for (var k = 0; k < perService[s]; k++)
            {
                var registered = Register(service, numbers[service.Class.Id]++);
                var key = Chance.Key((ulong)seed, registered.Identity.Id);
                var offset = timetable.CycleSeconds * (k + (0.8 * Chance.Uniform(key, 0))) / perService[s];
                trains.Add(new SimulatedTrain(new TrainPlan(registered, service, geometries[service.Line.Id], timetable, offset, key, wear)));
            }
        }

        return trains;
    }

    // Each train goes to the service that is furthest below its part.
    private static int[] Share(IReadOnlyList<Service> services, int count)
    {
        var shares = new int[services.Count];
        for (var i = 0; i < count; i++)
        {
            shares[Enumerable.Range(0, services.Count).MinBy(s => (shares[s] + 1.0) / services[s].Weight)]++;
        }

        return shares;
    }

    private static Train Register(Service service, int number)
    {
        var digits = number.ToString("D3", CultureInfo.InvariantCulture);
        var identity = new TrainIdentity($"{service.Class.Id}-{digits}", service.Depot, service.Line.Id, service.Class.Id);
        return new Train(identity, $"{service.Class.Id} {digits}", TimeSpan.FromSeconds(1), PositionKnown: true, Cars: service.Class.Cars);
    }
}
