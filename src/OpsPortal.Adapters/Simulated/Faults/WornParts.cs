using OpsPortal.Adapters.Simulated.Trains;

namespace OpsPortal.Adapters.Simulated.Faults;

/// <summary>Writes the truth about wear: one row, kind <c>wear</c>, when a part begins to wear, ending at the end of its life.</summary>
internal sealed class WornParts(SimulatedFleet fleet, TruthFile truth)
{
    private const string Kind = "wear";
    private const int LookEverySeconds = 60;

    private readonly (SimulatedTrain Train, SensorModel Sensor)[] _parts =
        [.. fleet.Trains.SelectMany(train => train.Sensors.ToArray().Where(sensor => sensor.Wear is not null).Select(sensor => (train, sensor)))];

    /// <summary>Writes down what is wearing at the start of a first run.</summary>
    public Task WriteWearingAsync(long second, CancellationToken cancellationToken) =>
        WriteAsync(range => range.From <= second && range.To > second, second, cancellationToken);

    /// <summary>Writes down what begins to wear in the seconds (after, upTo]; looks once a minute.</summary>
    public Task WriteDueAsync(long after, long upTo, CancellationToken cancellationToken)
    {
        var (from, to) = (after / LookEverySeconds * LookEverySeconds, upTo / LookEverySeconds * LookEverySeconds);
        return from == to ? Task.CompletedTask : WriteAsync(range => range.From > from && range.From <= to, to, cancellationToken);
    }

    private async Task WriteAsync(Func<(long From, long To), bool> wanted, long second, CancellationToken cancellationToken)
    {
        foreach (var (train, sensor) in _parts)
        {
            var range = sensor.Wear!.WearingAround(second);
            if (wanted(range))
            {
                var (start, end) = (DateTimeOffset.FromUnixTimeSeconds(range.From), DateTimeOffset.FromUnixTimeSeconds(range.To));
                await truth.AppendAsync(new TruthRow(Kind, train.Id, TruthRow.CarOf(sensor.Id), sensor.Id, start, end, sensor.Wear.Most, 0), cancellationToken);
            }
        }
    }
}
