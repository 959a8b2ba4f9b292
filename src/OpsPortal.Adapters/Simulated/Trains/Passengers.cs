namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>How heavy its passengers make a train: by the hour of the day, and by chance for each train and hour.</summary>
internal static class Passengers
{
    private const double ByChance = 0.24;

    /// <summary>1 is a train loaded as usual; it never jumps.</summary>
    public static double LoadAt(ulong trainKey, long second)
    {
        var (hour, part) = (second / 3600, second % 3600 / 3600.0);
        return (InHour(trainKey, hour) * (1 - part)) + (InHour(trainKey, hour + 1) * part);
    }

    private static double InHour(ulong trainKey, long hour)
    {
        var usual = (hour % 24) switch { >= 7 and <= 9 or >= 16 and <= 18 => 1.15, <= 5 or 23 => 0.82, _ => 1.0 };
        return usual + (ByChance * (Chance.Uniform(trainKey, (ulong)hour + (1UL << 41)) - 0.5));
    }
}
