namespace OpsPortal.Tests.Kit;

/// <summary>A machine whose clock is off, by as much as the test says. Its timers go by the system's: who waits before a second attempt does not wait for the test.</summary>
public sealed class ShiftedTime(TimeSpan by = default) : TimeProvider
{
    private long _by = by.Ticks;

    /// <summary>A clock that shows this time now.</summary>
    public static ShiftedTime At(DateTimeOffset now) => new(now - System.GetUtcNow());

    public override DateTimeOffset GetUtcNow() => System.GetUtcNow().AddTicks(Interlocked.Read(ref _by));

    /// <summary>Moves the clock on.</summary>
    public void Advance(TimeSpan by) => Interlocked.Add(ref _by, by.Ticks);
}
