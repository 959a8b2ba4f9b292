namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>How a train moves at one instant.</summary>
/// <param name="Km">Kilometre of its line.</param>
/// <param name="SpeedKmh">Never negative.</param>
/// <param name="Acceleration">m/s², along the way it goes.</param>
/// <param name="Forward">Whether kilometres grow.</param>
internal readonly record struct Motion(double Km, double SpeedKmh, double Acceleration, bool Forward);

/// <summary>
/// One service's there and back as a closed form in time: pieces of constant acceleration. A train that starts at any time is where
/// its timetable says, and never anywhere it could not have come to. Shared by all trains of the service.
/// </summary>
/// <remarks>Times are seconds since any start of the cycle.</remarks>
internal sealed class Timetable
{
    private const double DoorsClosedBefore = 6;

    private readonly double _fromKm;
    private readonly double _metres;
    private readonly double[] _start;
    private readonly TimetablePiece[] _pieces;
    private readonly double[] _doorsClosed;

    /// <param name="fromKm">Where the way there starts.</param>
    /// <param name="metres">Length of one way.</param>
    /// <param name="pieces">There and back, without a gap.</param>
    /// <param name="calls">The stands between them, in order.</param>
    public Timetable(double fromKm, double metres, IReadOnlyList<TimetablePiece> pieces, IReadOnlyList<Call> calls)
    {
        Calls = calls;
        _doorsClosed = [.. calls.Select(call => call.Departure - DoorsClosedBefore)];
        (_fromKm, _metres, _pieces) = (fromKm, metres, [.. pieces]);
        _start = new double[_pieces.Length];
        var at = 0.0;
        for (var i = 0; i < _pieces.Length; i++)
        {
            _start[i] = at;
            at += _pieces[i].Seconds;
        }

        CycleSeconds = at;
    }

    /// <summary>How long there and back takes, with all stops.</summary>
    public double CycleSeconds { get; }

    /// <summary>Where it stands when, in one cycle.</summary>
    public IReadOnlyList<Call> Calls { get; }

    /// <summary>The newest closing of the doors: how many there were since time 0, and when it was.</summary>
    public (long Number, double At) DoorsClosedBy(double seconds)
    {
        var cycle = Math.Floor(seconds / CycleSeconds);
        var found = Array.BinarySearch(_doorsClosed, seconds - (cycle * CycleSeconds));
        var closed = found >= 0 ? found + 1 : ~found;
        var number = ((long)cycle * _doorsClosed.Length) + closed;
        return (number, closed > 0 ? (cycle * CycleSeconds) + _doorsClosed[closed - 1] : ((cycle - 1) * CycleSeconds) + _doorsClosed[^1]);
    }

    /// <summary>When the doors will have closed next.</summary>
    public double DoorsClosedAfter(double seconds)
    {
        var cycle = Math.Floor(seconds / CycleSeconds);
        var next = _doorsClosed.Select(at => (cycle * CycleSeconds) + at).FirstOrDefault(at => at > seconds);
        return next > 0 ? next : ((cycle + 1) * CycleSeconds) + _doorsClosed[0];
    }

    /// <summary>The motion at a time.</summary>
    public Motion At(double seconds)
    {
        var inCycle = seconds % CycleSeconds;
        inCycle = inCycle < 0 ? inCycle + CycleSeconds : inCycle;
        var found = Array.BinarySearch(_start, inCycle);
        ref readonly var piece = ref _pieces[found >= 0 ? found : ~found - 1];
        var since = inCycle - _start[found >= 0 ? found : ~found - 1];
        var metres = piece.Metres + (piece.Speed * since) + (piece.Acceleration * since * since / 2);
        var speed = Math.Max(0, piece.Speed + (piece.Acceleration * since));
        var forward = metres < _metres;
        var km = _fromKm + (Math.Clamp(forward ? metres : (2 * _metres) - metres, 0, _metres) / 1000);
        return new Motion(km, speed * 3.6, piece.Acceleration, forward);
    }
}

/// <summary>A stand at a station.</summary>
/// <param name="Station">Id of the station.</param>
/// <param name="Arrival">Seconds since the start of the cycle, as <paramref name="Departure"/>.</param>
internal readonly record struct Call(string Station, double Km, double Arrival, double Departure);

/// <summary>A piece of constant acceleration.</summary>
/// <param name="Metres">Travelled since the cycle's start when it begins.</param>
/// <param name="Speed">m/s when it begins.</param>
internal readonly record struct TimetablePiece(double Metres, double Speed, double Acceleration, double Seconds);
