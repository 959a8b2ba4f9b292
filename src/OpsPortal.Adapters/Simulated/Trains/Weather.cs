namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>The weather, the same for all trains: season, spells of some days, time of day.</summary>
internal static class Weather
{
    private const double DaySeconds = 86_400;
    private const double YearDays = 365.25;
    private const double YearMean = 10.5;

    // Days of the year, counted from 0.
    private const double WarmestDay = 205;
    private const double WarmestHour = 16;

    private static readonly ulong Spells = Chance.Key(0, "weather");

    /// <summary>°C outside.</summary>
    public static double AmbientAt(long second)
    {
        var days = second / DaySeconds;
        var season = 7 * Math.Cos(2 * Math.PI * (days - WarmestDay) / YearDays);
        var hours = 4 * Math.Cos(2 * Math.PI * (days - (WarmestHour / 24)));
        return YearMean + season + hours + Spell(days);
    }

    private static double Spell(double days)
    {
        var (day, part) = ((ulong)days, days - Math.Floor(days));
        return (Deviation(day) * (1 - part)) + (Deviation(day + 1) * part);
    }

    private static double Deviation(ulong day) => 5 * (Chance.Uniform(Spells, day) - 0.5);
}
