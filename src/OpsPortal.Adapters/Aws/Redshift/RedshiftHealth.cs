using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws.Redshift;

/// <summary>How the warehouse is, from its last answer.</summary>
internal sealed class RedshiftHealth(TimeProvider time) : IServiceHealth
{
    /// <summary>Its name, for people.</summary>
    public const string Store = "warehouse";

    private volatile ServiceHealth _health = new("warehouse (Redshift)", null, null);

    /// <param name="problem">In words; null for an answer that shows the server well.</param>
    public void Note(string? problem) =>
        _health = problem is null ? _health with { AsOf = time.GetUtcNow(), Problem = null } : _health with { Problem = problem };

    public ServiceHealth Get() => _health;
}
