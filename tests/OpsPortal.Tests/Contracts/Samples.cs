using System.Collections.Frozen;
using System.Text;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Contracts;

/// <summary>Documents for the contract suites.</summary>
internal static class Samples
{
    public static readonly DateTimeOffset Start = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);

    public static TrainIdentity Longsight(string id = "390-042") => new(id, "Longsight", "WCML", "390");

    public static TrainIdentity Wembley(string id = "390-001") => new(id, "Wembley", "WCML", "390");

    /// <summary>Scopes that hold Longsight's trains but not Crofton's, one by each dimension.</summary>
    public static TheoryData<string> Dimensions => ["depot", "line", "class"];

    public static TrainIdentity Crofton(string id = "222-007") => new(id, "Crofton", "MML", "222");

    public static Scope OnlyLongsight(string dimension) => dimension switch
    {
        "depot" => new Scope(FrozenSet.Create("Longsight", "Wembley"), null, null),
        "line" => new Scope(null, FrozenSet.Create("WCML"), null),
        _ => new Scope(null, null, FrozenSet.Create("390")),
    };

    public static Scope Nothing { get; } = new(FrozenSet<string>.Empty, null, null);

    public static Train Train(TrainIdentity identity) => new(identity, identity.Id.Replace('-', ' '), TimeSpan.FromSeconds(1), true);

    public static TrainState State(TrainIdentity identity, long offset, double value = 61.2) => new(
        Train(identity),
        offset,
        new TrainPosition(53.4774, -2.2309, 143.5, 12, "WCML", 301.2, Start),
        new Dictionary<string, LatestReading> { ["axleBoxTemperature.car3.axle2.right"] = new(value, Start) },
        Start,
        Start.AddMilliseconds(250),
        Start.AddMinutes(-5),
        null,
        null,
        0);

    public static Anomaly Anomaly(string id, TrainIdentity train, DateTimeOffset at, string subsystem = "axleBox") => new(
        id, train, subsystem, at, at.AddMilliseconds(300), null, false, 0.93, 3.1, [Share()], null, 17);

    public static SensorShare Share() => new("axleBoxTemperature.car3.axle2.right", 0.71, Direction.High, 78.2, double.NaN, "°C");

    public static Alert Alert(string id, TrainIdentity train, DateTimeOffset raisedAt, Severity severity = Severity.Critical) => new(
        id,
        train,
        "axleBox",
        "A",
        new AlertEpisode(1, raisedAt, raisedAt, null, 1, severity, 0.93, 3.1, [Share()], "Axle box 3-2 78 °C, expected 61", false, raisedAt.AddSeconds(1)),
        null,
        null,
        [new AlertAct(raisedAt, "detector", "raise", null)],
        0);

    public static Alert Acknowledged(Alert alert, DateTimeOffset at) => alert with
    {
        Acknowledgement = new Acknowledgement("Operator One", at, "seen"),
        Delivery = new Delivery(at, null, null, null, null, null, 0, null),
    };

    public static OutgoingRecord Record(long number, string text = "{}") => new(number, SourceRecordKind.Telemetry, Encoding.UTF8.GetBytes(text));

    public static List<OutgoingRecord> Records(long first, int count) =>
        Enumerable.Range(0, count).Select(i => Record(first + i, $$"""{"trainId":"390-042","sequence":{{first + i}}}""")).ToList();
}
