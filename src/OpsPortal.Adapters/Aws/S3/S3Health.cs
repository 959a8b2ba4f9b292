using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>How the buckets are, from their last answers, and whether the clocks agree.</summary>
internal sealed class S3Health(S3Clock clock, TimeProvider time) : IServiceHealth
{
    private volatile ServiceHealth _health = new("S3 raw files", null, null);

    /// <summary>The first bucket has answered.</summary>
    public void NoteWell() => _health = _health with { AsOf = time.GetUtcNow(), Problem = null };

    /// <param name="problem">In words.</param>
    public void NoteProblem(string problem) => _health = _health with { Problem = problem };

    /// <summary>The replica has answered in place of the first.</summary>
    public void NoteReplica(string problem) => _health = _health with { AsOf = time.GetUtcNow(), Problem = problem };

    public ServiceHealth Get()
    {
        var health = _health;
        string?[] problems = [health.Problem, clock.Problem];
        var all = string.Join(" ", problems.OfType<string>());
        return health with { Problem = all.Length == 0 ? null : all };
    }
}
