using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Simulated.Network;

/// <summary>Reads a network file; its form is described at the top of <c>great-britain.txt</c>. Every mistake is reported at once, with its line.</summary>
internal sealed class NetworkFile
{
    private const int HighestKmh = 400;

    private readonly List<string> _mistakes = [];
    private readonly Dictionary<string, TrainClass> _classes = new(StringComparer.Ordinal);
    private readonly Dictionary<string, List<string>> _sensors = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Station> _stations = new(StringComparer.Ordinal);
    private readonly List<LineDraft> _lines = [];

    private NetworkFile()
    {
    }

    /// <summary>The network that the product brings along.</summary>
    public static SimulatedNetwork ReadEmbedded()
    {
        using var stream = typeof(NetworkFile).Assembly.GetManifestResourceStream("great-britain.txt")!;
        using var reader = new StreamReader(stream);
        return Read(reader);
    }

    /// <summary>Reads a network of one's own.</summary>
    public static SimulatedNetwork ReadFile(string path)
    {
        using var reader = File.OpenText(path);
        return Read(reader);
    }

    /// <exception cref="InvalidDataException">Something is wrong; the message lists everything that is.</exception>
    public static SimulatedNetwork Read(TextReader reader)
    {
        var file = new NetworkFile();
        var number = 0;
        while (reader.ReadLine() is { } text)
        {
            if (NetworkRow.Read(++number, text, file._mistakes) is { } row)
            {
                file.Take(row);
            }
        }

        var network = file.Finish();
        return file._mistakes.Count == 0
            ? network
            : throw new InvalidDataException($"The network file has {file._mistakes.Count} mistakes:{Environment.NewLine}{string.Join(Environment.NewLine, file._mistakes)}");
    }

    private void Take(NetworkRow row)
    {
        switch (row.Word)
        {
            case "class": TakeClass(row); break;
            case "sensor": TakeSensor(row); break;
            case "station": TakeStation(row); break;
            case "line": TakeLine(row); break;
            case "stop" or "via" or "tunnel" or "service": TakeLinePart(row); break;
            default: row.Mistake($"'{row.Word}' is none of class, sensor, station, line, stop, via, tunnel, service"); break;
        }
    }

    private void TakeClass(NetworkRow row)
    {
        if (!row.Has("id", "name", "cars", "bogies", "axles", "number of its first train"))
        {
            return;
        }

        var sensors = new List<string>();
        var cars = row.Whole(3, "cars", 1, 20);
        var made = new TrainClass(row.Text(1), row.Text(2), cars, row.Whole(4, "bogies", cars, 4 * cars), row.Whole(5, "axles", cars, 8 * cars), row.Whole(6, "number of its first train", 0, 9999), sensors);
        if (!_classes.TryAdd(made.Id, made))
        {
            row.Mistake($"class {made.Id} is there already");
        }

        _sensors.TryAdd(made.Id, sensors);
    }

    private void TakeSensor(NetworkRow row)
    {
        if (!row.Has("class", "sensor id"))
        {
            return;
        }

        var id = row.Text(2);
        if (!SensorModels.CanMake(id))
        {
            row.Mistake($"sensors of the kind of '{id}' are not simulated");
        }

        if (!_sensors.TryGetValue(row.Text(1), out var sensors))
        {
            row.Mistake($"class '{row.Text(1)}' is not known above this row");
        }
        else if (sensors.Contains(id))
        {
            row.Mistake($"sensor '{id}' is there already");
        }
        else if (_classes[row.Text(1)].FindMissingPlace(id) is { } missing)
        {
            row.Mistake($"sensor '{id}' is not on a train of class {row.Text(1)}: its {missing}");
        }
        else
        {
            sensors.Add(id);
        }
    }

    private void TakeStation(NetworkRow row)
    {
        if (row.Has("id", "name", "latitude", "longitude")
            && !_stations.TryAdd(row.Text(1), new Station(row.Text(1), row.Text(2), row.Number(3, "latitude", -90, 90), row.Number(4, "longitude", -180, 180))))
        {
            row.Mistake($"station {row.Text(1)} is there already");
        }
    }

    private void TakeLine(NetworkRow row)
    {
        if (!row.Has("id", "name"))
        {
            return;
        }

        if (_lines.Exists(line => line.Id == row.Text(1)))
        {
            row.Mistake($"line {row.Text(1)} is there already");
        }

        _lines.Add(new LineDraft(row.Text(1), row.Text(2), row));
    }

    private void TakeLinePart(NetworkRow row)
    {
        if (_lines.Count == 0)
        {
            row.Mistake($"'{row.Word}' belongs to a line, and there is none above it");
            return;
        }

        var line = _lines[^1];
        switch (row.Word)
        {
            case "stop" when row.Has("station", "km", "line speed onwards"):
                TakeStop(line, row);
                break;
            case "via" when row.Has("latitude", "longitude"):
                line.AddVia(row.Number(1, "latitude", -90, 90), row.Number(2, "longitude", -180, 180), row);
                break;
            case "tunnel" when row.Has("name", "from km", "to km"):
                line.Tunnels.Add((new Tunnel(row.Text(1), row.Number(2, "from km", 0, 10_000), row.Number(3, "to km", 0, 10_000)), row));
                break;
            case "service" when row.Has("class", "depot", "from station", "to station", "weight"):
                line.Services.Add(row);
                break;
        }
    }

    private void TakeStop(LineDraft line, NetworkRow row)
    {
        if (!_stations.TryGetValue(row.Text(1), out var station))
        {
            row.Mistake($"station '{row.Text(1)}' is not known above this row");
            return;
        }

        line.AddStop(station, row.Number(2, "km", 0, 10_000), row.Number(3, "line speed", 10, HighestKmh), row);
    }

    private SimulatedNetwork Finish()
    {
        var lines = new List<Line>();
        var services = new List<Service>();
        foreach (var draft in _lines)
        {
            if (draft.Finish() is { } line)
            {
                lines.Add(line);
                services.AddRange(draft.Services.Select(row => ReadService(line, row)).OfType<Service>());
            }
        }

        foreach (var silent in _classes.Values.Where(made => made.Sensors.Count == 0))
        {
            _mistakes.Add($"class {silent.Id} has no sensors");
        }

        if (services.Count == 0 && _mistakes.Count == 0)
        {
            _mistakes.Add("there is no service: no train could run");
        }

        return new SimulatedNetwork(new RailNetwork([.. _stations.Values], lines), [.. _classes.Values], services);
    }

    private Service? ReadService(Line line, NetworkRow row)
    {
        var (from, to) = (StopIndex(line, row, 3), StopIndex(line, row, 4));
        var weight = row.Whole(5, "weight", 1, 1000);
        if (!_classes.TryGetValue(row.Text(1), out var made))
        {
            row.Mistake($"class '{row.Text(1)}' is not known");
        }

        if (from >= 0 && to >= 0 && from >= to)
        {
            row.Mistake($"a service runs in the direction of growing kilometres: {row.Text(3)} does not come before {row.Text(4)}");
        }

        return made is null || from < 0 || to <= from ? null : new Service(made, row.Text(2), line, from, to, weight);
    }

    private static int StopIndex(Line line, NetworkRow row, int field)
    {
        for (var i = 0; i < line.Stops.Count; i++)
        {
            if (line.Stops[i].Station == row.Text(field))
            {
                return i;
            }
        }

        row.Mistake($"line {line.Id} has no stop '{row.Text(field)}'");
        return -1;
    }
}
