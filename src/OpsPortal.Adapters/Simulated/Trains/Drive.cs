namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>What a train's sensors feel at one instant.</summary>
/// <param name="Second">Unix seconds of the train's time; also the counter of noise.</param>
/// <param name="Ambient">°C outside.</param>
/// <param name="Load">How heavy the train is; 1 is usual.</param>
/// <param name="Gradient">‰ along the way it goes, positive uphill.</param>
internal readonly record struct Drive(long Second, double SpeedKmh, double Acceleration, double Km, double Ambient, double Load, double Gradient, DoorCycle Doors)
{
    public bool Standing => SpeedKmh < 0.5;

    public bool Braking => Acceleration < -0.05;
}

/// <summary>The doors' last opening and closing.</summary>
/// <param name="Number">Which it was, ever growing.</param>
/// <param name="Second">Unix second at which they were closed.</param>
internal readonly record struct DoorCycle(long Number, long Second);
