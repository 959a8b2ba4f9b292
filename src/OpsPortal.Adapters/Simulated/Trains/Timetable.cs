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
internal sealed class Timetable
{
    private readonly double _fromKm;
    private readonly double _metres;
    private readonly double[] _start;
    private readonly TimetablePiece[] _pieces;

    /// <param name="fromKm">Where the way there starts.</param>
    /// <param name="metres">Length of one way.</param>
    /// <param name="pieces">There and back, without a gap.</param>
    public Timetable(double fromKm, double metres, IReadOnlyList<TimetablePiece> pieces)
    {
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

    /// <summary>The motion at a time since any start of the cycle.</summary>
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

/// <summary>A piece of constant acceleration.</summary>
/// <param name="Metres">Travelled since the cycle's start when it begins.</param>
/// <param name="Speed">m/s when it begins.</param>
internal readonly record struct TimetablePiece(double Metres, double Speed, double Acceleration, double Seconds);
