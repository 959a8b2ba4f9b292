using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Simulated.Faults;

/// <summary>A kind of thing that is no fault: many sensors of a train move a little, and rightly so.</summary>
/// <param name="Weakest">Least strength, in the unit that <paramref name="Effect"/> takes.</param>
/// <param name="RampSeconds">How long it takes to come and to go.</param>
/// <param name="Effect">What a strength makes of the drive.</param>
internal sealed record LookAlikeKind(string Name, double Weakest, double Strongest, double RampSeconds, Func<Drive, double, Drive> Effect)
{
    public static IReadOnlyList<LookAlikeKind> All { get; } =
    [
        // °C more outside.
        new("hotDay", 9, 14, 1800, (drive, strength) => drive with { Ambient = drive.Ambient + strength }),

        // Part of the usual load that comes on top.
        new("heavyTrain", 0.35, 0.5, 120, (drive, strength) => drive with { Load = drive.Load + strength }),
    ];
}

/// <summary>A look-alike on one train: a pure function of the train's time.</summary>
internal sealed class LookAlike(PlantedFault planted, LookAlikeKind kind, double strength)
{
    private readonly long _start = planted.Start.ToUnixTimeSeconds();
    private readonly long _end = planted.End.ToUnixTimeSeconds();

    public bool IsOver(long second) => second >= _end;

    public Drive Change(in Drive drive)
    {
        if (drive.Second < _start || drive.Second >= _end)
        {
            return drive;
        }

        var ramp = Math.Min(1, Math.Min(drive.Second - _start + 1, _end - drive.Second) / kind.RampSeconds);
        return kind.Effect(drive, ramp * strength);
    }
}
