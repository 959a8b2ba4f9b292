using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>What the reader remembers of one train in a recording.</summary>
internal sealed class RecordedRun(Train train)
{
    private (double Latitude, double Longitude)? _place;
    private double? _heading;

    public Train Train => train;

    public DateTimeOffset? LastAt { get; set; }

    /// <summary>The train's own counter.</summary>
    public long Sequence { get; set; }

    /// <summary>Whether its last row said that it runs.</summary>
    public bool Runs { get; set; }

    /// <summary>Takes a good place; gives the heading since the one before.</summary>
    public double? MoveTo(double latitude, double longitude)
    {
        if (_place is not { } before)
        {
            _place = (latitude, longitude);
        }
        else if (RecordedPlace.Course(before.Latitude, before.Longitude, latitude, longitude) is { } course)
        {
            (_place, _heading) = ((latitude, longitude), course);
        }

        return _heading;
    }
}
