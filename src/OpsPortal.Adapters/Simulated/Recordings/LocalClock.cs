namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Times as a clock of the zone showed them, one after the other.</summary>
internal sealed class LocalClock(TimeZoneInfo zone)
{
    private DateTimeOffset _last = DateTimeOffset.MinValue;

    /// <summary>The time in UTC; null for one that the clock never showed.</summary>
    public DateTimeOffset? Read(DateTime local)
    {
        local = DateTime.SpecifyKind(local, DateTimeKind.Unspecified);
        return zone.IsInvalidTime(local) ? null : _last = zone.IsAmbiguousTime(local) ? ReadTwice(local) : At(local, zone.GetUtcOffset(local));
    }

    // In autumn the clock shows an hour twice: it is the first time round, unless the row before says that this has passed.
    private DateTimeOffset ReadTwice(DateTime local)
    {
        var offsets = zone.GetAmbiguousTimeOffsets(local);
        var (first, second) = (At(local, offsets.Max()), At(local, offsets.Min()));
        return first < _last && _last <= second ? second : first;
    }

    private static DateTimeOffset At(DateTime local, TimeSpan offset) => new DateTimeOffset(local, offset).ToUniversalTime();
}
