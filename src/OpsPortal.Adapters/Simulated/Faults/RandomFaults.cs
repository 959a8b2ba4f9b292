using OpsPortal.Adapters.Simulated.Trains;

namespace OpsPortal.Adapters.Simulated.Faults;

/// <summary>
/// Faults that come by chance, and a look-alike for every four of them: one in each slot of the played time, at a moment and with a seed
/// that follow from the fleet's seed. A restart plants none twice.
/// </summary>
internal sealed class RandomFaults(FaultPlanter planter, double perHour, int fleetSeed)
{
    private const double FaultsPerLookAlike = 4;

    private readonly Slots _faults = new(perHour, Chance.Key((ulong)fleetSeed, "random faults"));
    private readonly Slots _lookAlikes = new(perHour / FaultsPerLookAlike, Chance.Key((ulong)fleetSeed, "random look-alikes"));

    /// <summary>Plants what falls due in the seconds (after, upTo].</summary>
    public async Task PlantDueAsync(long after, long upTo, CancellationToken cancellationToken)
    {
        foreach (var seed in _faults.Due(after, upTo))
        {
            await planter.PlantAnyAsync(seed, cancellationToken);
        }

        foreach (var seed in _lookAlikes.Due(after, upTo))
        {
            await planter.PlantLookAlikeAsync(seed, cancellationToken);
        }
    }

    private sealed class Slots(double perHour, ulong key)
    {
        private readonly long _slotSeconds = perHour > 0 ? Math.Max(1, (long)(3600 / perHour)) : 0;

        public IEnumerable<int> Due(long after, long upTo)
        {
            for (var slot = _slotSeconds == 0 ? long.MaxValue : after / _slotSeconds; _slotSeconds > 0 && slot <= upTo / _slotSeconds; slot++)
            {
                var due = (slot * _slotSeconds) + (long)(_slotSeconds * Chance.Uniform(key, (ulong)slot));
                if (due > after && due <= upTo)
                {
                    yield return (int)(Chance.Mix(key, (ulong)slot) >> 33);
                }
            }
        }
    }
}
