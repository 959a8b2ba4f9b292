using OpsPortal.Adapters.Simulated.Trains;

namespace OpsPortal.Adapters.Simulated.Faults;

/// <summary>Faults that come by chance: one in each slot of the played time, at a moment and with a seed that follow from the fleet's seed. A restart plants none twice.</summary>
internal sealed class RandomFaults(FaultPlanter planter, double perHour, int fleetSeed)
{
    private readonly long _slotSeconds = perHour > 0 ? Math.Max(1, (long)(3600 / perHour)) : 0;
    private readonly ulong _key = Chance.Key((ulong)fleetSeed, "random faults");

    /// <summary>Plants what falls due in the seconds (after, upTo].</summary>
    public async Task PlantDueAsync(long after, long upTo, CancellationToken cancellationToken)
    {
        if (_slotSeconds == 0)
        {
            return;
        }

        for (var slot = after / _slotSeconds; slot <= upTo / _slotSeconds; slot++)
        {
            var due = (slot * _slotSeconds) + (long)(_slotSeconds * Chance.Uniform(_key, (ulong)slot));
            if (due > after && due <= upTo)
            {
                await planter.PlantAsync(null, null, (int)(Chance.Mix(_key, (ulong)slot) >> 33), cancellationToken);
            }
        }
    }
}
