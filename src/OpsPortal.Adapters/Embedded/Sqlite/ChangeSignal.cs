namespace OpsPortal.Adapters.Embedded.Sqlite;

/// <summary>Wakes everybody who waits for a change. Take <see cref="Next"/> before looking, await it after having found nothing: no change is slept through.</summary>
internal sealed class ChangeSignal
{
    private TaskCompletionSource _next = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Ends at the next change from now.</summary>
    public Task Next => Volatile.Read(ref _next).Task;

    /// <summary>Says that something changed.</summary>
    public void Raise() =>
        Interlocked.Exchange(ref _next, new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
}
