using Microsoft.Extensions.Options;

namespace OpsPortal.Door;

/// <summary>
/// How often each address was refused without being known: the first of a minute are written down one by one, the rest are counted. Else a
/// stranger could fill the audit, and hold up behind it the acts of those who work.
/// </summary>
internal sealed class StrangerRefusals(IOptions<LimitsOptions> limits, TimeProvider time)
{
    // More at a time are counted together.
    private const int MostAddresses = 10_000;
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private readonly Lock _lock = new();
    private readonly Dictionary<string, Count> _counts = new(StringComparer.Ordinal);

    /// <summary>Counts one.</summary>
    /// <returns>What to write beside its reason, empty mostly; null when it is counted only.</returns>
    public string? Take(string address)
    {
        var (now, most) = (time.GetUtcNow(), limits.Value.RefusalsPerMinute);
        lock (_lock)
        {
            var key = _counts.ContainsKey(address) || HasRoomNeedsLock(now) ? address : "";
            var before = _counts.GetValueOrDefault(key);
            if (before is null || now - before.Since >= Window)
            {
                _counts[key] = new Count(now, 1);
                return before is { Refused: var refused } && refused > most + 1 ? $" (In the minute from {before.Since:HH:mm:ss} UTC on, {refused - most - 1} more from this address were counted only.)" : "";
            }

            _counts[key] = before with { Refused = before.Refused + 1 };
            return before.Refused < most ? "" : before.Refused == most ? $" (Over {most} in a minute from this address: further ones are counted only.)" : null;
        }
    }

    private bool HasRoomNeedsLock(DateTimeOffset now)
    {
        if (_counts.Count >= MostAddresses)
        {
            foreach (var (address, _) in _counts.Where(count => now - count.Value.Since >= Window).ToList())
            {
                _counts.Remove(address);
            }
        }

        return _counts.Count < MostAddresses;
    }

    private sealed record Count(DateTimeOffset Since, int Refused);
}
