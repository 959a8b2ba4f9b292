namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>The trains' time: runs at a speed from an origin in the past until it has caught up with the real clock, and then with it. Never ahead of it.</summary>
internal sealed class PlayedClock(TimeProvider time, double speed)
{
    private volatile Course? _course;

    /// <summary>The played time at the moment of starting.</summary>
    public DateTimeOffset Origin => _course?.Played ?? time.GetUtcNow();

    /// <summary>The played time now; before the start, the real one.</summary>
    public DateTimeOffset Now
    {
        get
        {
            var real = time.GetUtcNow();
            var played = _course is { } course ? course.Played + ((real - course.Real) * speed) : real;
            return played > real ? real : played;
        }
    }

    /// <param name="behind">How far the played time begins behind the real one.</param>
    public void Start(TimeSpan behind)
    {
        var real = time.GetUtcNow();
        _course = new Course(real, real - behind);
    }

    /// <summary>Waits until the played time has come to <paramref name="at"/>.</summary>
    public async Task WaitForAsync(DateTimeOffset at, CancellationToken cancellationToken)
    {
        for (var left = at - Now; left > TimeSpan.Zero; left = at - Now)
        {
            // Rounded up to whole milliseconds: a timer that fires a little early would only be waited for again.
            var milliseconds = Math.Ceiling(Math.Max(1, (left / PaceNow()).TotalMilliseconds));
            await Task.Delay(TimeSpan.FromMilliseconds(milliseconds), time, cancellationToken);
        }
    }

    private double PaceNow() => Now < time.GetUtcNow() ? speed : 1;

    /// <summary>When both clocks started.</summary>
    private sealed record Course(DateTimeOffset Real, DateTimeOffset Played);
}
