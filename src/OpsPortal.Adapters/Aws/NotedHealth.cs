using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws;

/// <summary>How a service is, from its last answer.</summary>
/// <param name="service">Its name, for people.</param>
internal abstract class NotedHealth(string service, TimeProvider time) : IServiceHealth
{
    private volatile ServiceHealth _health = new(service, null, null);

    /// <param name="problem">In words; null for an answer that shows the service well.</param>
    public void Note(string? problem) =>
        _health = problem is null ? _health with { AsOf = time.GetUtcNow(), Problem = null } : _health with { Problem = problem };

    public ServiceHealth Get() => _health;
}
