using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws.OpenSearch;

/// <summary>How OpenSearch is, from its last answer.</summary>
internal sealed class OpenSearchHealth(TimeProvider time) : IServiceHealth
{
    private volatile ServiceHealth _health = new("OpenSearch", null, null);

    /// <param name="problem">In words; null for an answer that shows the server well.</param>
    public void Note(string? problem) =>
        _health = problem is null ? _health with { AsOf = time.GetUtcNow(), Problem = null } : _health with { Problem = problem };

    public ServiceHealth Get() => _health;
}
