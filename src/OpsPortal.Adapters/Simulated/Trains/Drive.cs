namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>What a train's sensors feel at one instant.</summary>
/// <param name="Second">Unix seconds of the train's time; also the counter of noise.</param>
/// <param name="Ambient">°C outside.</param>
internal readonly record struct Drive(long Second, double SpeedKmh, double Acceleration, double Km, double Ambient)
{
    public bool Standing => SpeedKmh < 0.5;

    public static double AmbientAt(long second)
    {
        // Coolest at four in the morning, warmest at four in the afternoon.
        var dayPart = ((second % 86_400) - (16 * 3600)) / 86_400.0;
        return 11 + (4 * Math.Cos(2 * Math.PI * dayPart));
    }
}
