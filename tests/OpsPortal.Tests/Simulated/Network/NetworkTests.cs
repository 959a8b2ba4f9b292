using System.Globalization;
using OpsPortal.Adapters.Simulated.Network;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Simulated.Network;

public sealed class NetworkTests
{
    private static readonly SimulatedNetwork Network = NetworkFile.ReadEmbedded();

    [Fact]
    public void The_main_lines_their_stations_and_real_tunnels_are_there()
    {
        var tunnels = Network.Rail.Lines.SelectMany(line => line.Tunnels).DistinctBy(tunnel => tunnel.Name).ToDictionary(tunnel => tunnel.Name, tunnel => tunnel.ToKm - tunnel.FromKm);

        Assert.Superset(new HashSet<string> { "WCML", "ECML", "GWML", "MML", "TPX" }, Network.Rail.Lines.Select(line => line.Id).ToHashSet());
        Assert.True(Network.Rail.Lines.Count >= 10);
        Assert.True(Network.Rail.Stations.Count >= 100);
        Assert.True(tunnels.Count >= 12);

        // Lengths as known, km.
        Assert.Equal((2.2, 2.9, 4.9, 7.0, 5.7), (Math.Round(tunnels["Kilsby Tunnel"], 1), Math.Round(tunnels["Box Tunnel"], 1), Math.Round(tunnels["Standedge Tunnel"], 1), Math.Round(tunnels["Severn Tunnel"], 1), Math.Round(tunnels["Totley Tunnel"], 1)));
        Assert.All(Network.Rail.Stations, station => Assert.Contains(Network.Rail.Lines, line => line.Stops.Any(stop => stop.Station == station.Id)));
    }

    [Fact]
    public void Three_classes_differ_in_consist_and_sensors_and_each_has_depots()
    {
        Assert.Equal(3, Network.Classes.Count);
        Assert.Equal(3, Network.Classes.Select(made => (made.Cars, made.Bogies, made.Axles)).Distinct().Count());
        Assert.Equal(3, Network.Classes.Select(made => string.Join(' ', made.Sensors.Select(sensor => sensor.Split('.')[0]))).Distinct().Count());
        Assert.All(Network.Classes, made => Assert.InRange(made.Sensors.Count, 8, 14));
        Assert.All(Network.Classes, made => Assert.True(Network.Services.Where(service => service.Class == made).Select(service => service.Depot).Distinct().Count() >= 3));
    }

    [Fact]
    public void Every_line_starts_and_ends_at_its_outer_stations()
    {
        var stations = Network.Rail.Stations.ToDictionary(station => station.Id);
        foreach (var line in Network.Rail.Lines)
        {
            var (first, last) = (stations[line.Stops[0].Station], stations[line.Stops[^1].Station]);

            Assert.Equal((first.Latitude, first.Longitude, 0.0), (line.Points[0].Latitude, line.Points[0].Longitude, line.Points[0].Km));
            Assert.Equal((last.Latitude, last.Longitude, line.Stops[^1].Km), (line.Points[^1].Latitude, line.Points[^1].Longitude, line.Points[^1].Km));
            Assert.All(line.Points.Zip(line.Points.Skip(1)), pair => Assert.True(pair.Second.Km > pair.First.Km));
        }
    }

    [RecordedDataFact]
    public void Every_station_lies_within_a_kilometre_of_a_timing_point()
    {
        var points = File.ReadLines(RecordedData.Path("network", "gb-tiplocs.csv")).Skip(1)
            .Select(row => row.Split(','))
            .Select(fields => (Latitude: double.Parse(fields[1], CultureInfo.InvariantCulture), Longitude: double.Parse(fields[2], CultureInfo.InvariantCulture)))
            .ToList();

        foreach (var station in Network.Rail.Stations)
        {
            var nearest = points.Min(point => Geodesy.Km(station.Latitude, station.Longitude, point.Latitude, point.Longitude));
            Assert.True(nearest <= 1, $"{station.Name} is {nearest:0.0} km from the nearest timing point");
        }
    }

    [Fact]
    public void Stations_are_written_with_three_decimals()
    {
        Assert.All(Network.Rail.Stations, station => Assert.Equal((station.Latitude, station.Longitude), (Math.Round(station.Latitude, 3), Math.Round(station.Longitude, 3))));
    }

    [Fact]
    public void Every_mistake_of_a_network_file_is_reported_at_once_with_its_line()
    {
        const string Text = """
            stop; AAA; 0; 100
            class; 1; One; 99; 99; 99; 1
            class; 2; Two; 3; 6; 12; 1
            sensor; 2; mood.car1
            sensor; 9; oilTemperature.car1
            station; AAA; Aitch; 91; 0
            station; BBB; Bee; 52.0; -1.0
            station; CCC; Cee; 52.1; -1.0
            station; BBB; Bee again; 52.0; -1.0
            train; fast
            line; L; Line
            stop; BBB; 0; 100
            stop; ZZZ; 5; 100
            stop; CCC; 500; 9999
            tunnel; Hole; 20; 10
            via; 52.2; -1.0
            service; 7; Depot; CCC; BBB; 1
            service; 2; Depot; BBB
            sensor; 2; bogieVibration.car4.bogie1
            sensor; 2; axleBoxTemperature.car2.axle5.left
            class; 3; Three; 2; 4
            """;

        var thrown = Assert.Throws<InvalidDataException>(() => NetworkFile.Read(new StringReader(Text)));

        foreach (var expected in new[]
        {
            "line 1: 'stop' belongs to a line", "line 2: cars '99'", "line 4: sensors of the kind of 'mood.car1'", "line 5: class '9'", "line 6: latitude '91'",
            "line 9: station BBB is there already", "line 10: 'train' is none of", "line 13: station 'ZZZ'", "line 14: line speed '9999'", "line 14: 500.0 km of rails",
            "line 15: Hole must lie on line L", "line 16: a bend lies between two stops; there is no stop below", "line 17: class '7'", "line 17: a service runs in the direction",
            "line 18: 'service' needs", "line 19: sensor 'bogieVibration.car4.bogie1' is not on a train of class 2: its cars are counted from 1 to 3",
            "line 20: sensor 'axleBoxTemperature.car2.axle5.left' is not on a train of class 2: its axles are counted from 1 to 4", "line 21: 'class' needs id; name; cars; bogies; axles", "class 1 has no sensors",
        })
        {
            Assert.Contains(expected, thrown.Message, StringComparison.Ordinal);
        }
    }
}
