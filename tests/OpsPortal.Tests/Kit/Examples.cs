using System.Collections.Frozen;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Tests.Kit;

/// <summary>Plain values that many tests start from.</summary>
public static class Examples
{
    public static DateTimeOffset At { get; } = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);

    public static User Operator { get; } = User("Operator One", Role.Operator);

    public static User Executive { get; } = User("Chief", Role.Executive);

    public static Train Train(string id = "390-042", string depot = "Longsight", string line = "WCML", string trainClass = "390") =>
        new(new TrainIdentity(id, depot, line, trainClass), id.Replace('-', ' '), TimeSpan.FromSeconds(1), PositionKnown: true);

    public static User User(string name, params Role[] roles) => new(name, name, roles.ToFrozenSet(), Scope.WholeFleet);

    /// <summary>An episode's change with this number; cleared when asked.</summary>
    public static AlertChange Change(string alertId, long number, Severity severity = Severity.Warning, bool cleared = false, string trainId = "390-042") =>
        new(alertId, Train(trainId).Identity, "axleBox",
            new AlertEpisode(number, At, At.AddSeconds(number), cleared ? At.AddMinutes(2) : null, (int)number, severity, 0.9, 3.1,
                [new SensorShare("axleBoxTemperature.car3.axle2.right", 0.71, Direction.High, 78.2, 61, "°C")], "Axle box 3-2 right 78 °C, expected 61; 71 % of the score", false, At.AddSeconds(number)));
}
