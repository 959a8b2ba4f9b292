namespace OpsPortal.Adapters.Simulated;

/// <summary>Where the trains' time begins.</summary>
/// <param name="Behind">How far the played clock starts behind the real one.</param>
/// <param name="FirstSecond">First Unix second to be measured; before the played clock's start it is made up for as fast as the source takes it.</param>
internal readonly record struct FleetStart(TimeSpan Behind, long FirstSecond)
{
    // Without a recording to play to its end, a faster fleet is faster for this long.
    private static readonly TimeSpan FasterFor = TimeSpan.FromMinutes(10);

    /// <summary>Older than a month is refused on the way in as a wrong clock.</summary>
    public static readonly TimeSpan FurthestBack = TimeSpan.FromDays(28);

    /// <param name="lastSecond">Measured last in an earlier run; 0 when there was none.</param>
    /// <param name="longest">The longest recording.</param>
    public static FleetStart Find(long lastSecond, DateTimeOffset now, TimeSpan longest, TrainsOptions options)
    {
        var history = (long)options.History.TotalSeconds;
        if (lastSecond == 0)
        {
            var behind = FirstBehind(longest, options.Speed);
            return new FleetStart(behind, (now - behind).ToUnixTimeSeconds() - history);
        }

        if (options.Speed > 1)
        {
            // Played time stood still meanwhile.
            var last = DateTimeOffset.FromUnixTimeSeconds(Math.Max(lastSecond, (now - FurthestBack).ToUnixTimeSeconds()));
            return new FleetStart(last < now ? now - last : TimeSpan.Zero, last.ToUnixTimeSeconds() + 1);
        }

        var pause = now.ToUnixTimeSeconds() - lastSecond;
        return new FleetStart(TimeSpan.Zero, pause <= Math.Max(history, 1) ? lastSecond + 1 : now.ToUnixTimeSeconds());
    }

    // What is played at this speed catches up with the real clock just when the recording ends, never before.
    private static TimeSpan FirstBehind(TimeSpan longest, double speed)
    {
        if (speed <= 1)
        {
            return TimeSpan.Zero;
        }

        var behind = longest > TimeSpan.Zero ? longest * (1 - (1 / speed)) : FasterFor * (speed - 1);
        return behind < FurthestBack ? behind : FurthestBack;
    }
}
