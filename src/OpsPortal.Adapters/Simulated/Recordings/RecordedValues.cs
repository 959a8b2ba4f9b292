namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>The values and the place of one row after the other, and what was seen of them in all.</summary>
internal sealed class RecordedValues(RecordingLayout layout, RecordingDescriptor descriptor)
{
    private const double FastestKmh = 600;

    private readonly ColumnWatch _watch = new(layout.Sensors.Length);
    private long _places;
    private string? _badPlace;

    /// <summary>The row's values in the order of the descriptor's columns; NaN where there is none.</summary>
    public double[] Values { get; } = new double[layout.Sensors.Length];

    public RecordedPlace? Place { get; private set; }

    /// <summary>Values so far that are none.</summary>
    public long Bad { get; private set; }

    /// <summary>Positions so far that cannot be.</summary>
    public long BadPlaces { get; private set; }

    /// <summary>The first position that cannot be, when most cannot.</summary>
    public string? Lost => BadPlaces * 2 > _places ? _badPlace : null;

    /// <inheritdoc cref="ColumnWatch.NeverReadable"/>
    public string? NeverReadable(int column) => _watch.NeverReadable(column);

    /// <summary>Reads a row; false when it says nothing. With a status, being heard of is something to say.</summary>
    public bool Read(string[] fields, RecordedRun run)
    {
        var any = layout.Status >= 0;
        for (var i = 0; i < Values.Length; i++)
        {
            // An empty field is a gap; anything else that is no number is a bad value.
            var value = layout.Sensors[i].Read(fields);
            Values[i] = value ?? double.NaN;
            Bad += value is null ? 1 : 0;
            _watch.See(i, value, fields[layout.Sensors[i].Index]);
            any |= !double.IsNaN(Values[i]);
        }

        Place = layout is { Latitude: { } north, Longitude: { } east } ? ReadPlace(fields, north, east, run) : null;
        return any || Place is not null;
    }

    // One coordinate without the other is no gap: something is wrong with it.
    private RecordedPlace? ReadPlace(string[] fields, SensorColumn north, SensorColumn east, RecordedRun run)
    {
        if (north.IsUnknown(fields) && east.IsUnknown(fields))
        {
            return null;
        }

        _places++;
        var speed = ReadSpeed(fields);
        var (latitude, longitude) = (north.Read(fields) ?? double.NaN, east.Read(fields) ?? double.NaN);
        if (!RecordedPlace.CanBe(latitude, longitude))
        {
            BadPlaces++;
            _badPlace ??= $"{fields[north.Index]} {fields[east.Index]}";
            return double.IsNaN(latitude + longitude) ? null : new RecordedPlace(latitude, longitude, null, null, IsBad: true);
        }

        var course = run.MoveTo(latitude, longitude);
        var heading = layout.Heading is not null ? ReadHeading(fields) : descriptor.Position!.HeadingFromMovement == true ? course : null;
        return new RecordedPlace(latitude, longitude, speed, heading, IsBad: false);
    }

    // Some count to 360, some from -180 to 180; what is further round is the instrument's word for not knowing.
    private double? ReadHeading(string[] fields)
    {
        var heading = layout.Heading!.Read(fields);
        var canBe = heading is >= -360 and <= 360;
        Bad += canBe || heading is double.NaN ? 0 : 1;
        return canBe ? (heading + 360) % 360 : null;
    }

    private double? ReadSpeed(string[] fields)
    {
        if (layout.Speed?.Read(fields) is not { } speed)
        {
            Bad += layout.Speed is null ? 0 : 1;
            return null;
        }

        var canBe = speed is >= 0 and <= FastestKmh;
        Bad += canBe || double.IsNaN(speed) ? 0 : 1;
        return canBe ? speed : null;
    }
}
