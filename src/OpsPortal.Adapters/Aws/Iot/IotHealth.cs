using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws.Iot;

/// <summary>How the shadow service is, from its last answer.</summary>
internal sealed class IotHealth(TimeProvider time) : IServiceHealth
{
    private volatile ServiceHealth _health = new("AWS IoT device shadows", null, null);

    /// <param name="problem">In words; null for an answer that shows the service well.</param>
    public void Note(string? problem) =>
        _health = problem is null ? _health with { AsOf = time.GetUtcNow(), Problem = null } : _health with { Problem = problem };

    public ServiceHealth Get() => _health;
}
