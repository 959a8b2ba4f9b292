namespace OpsPortal.Core.Health;

/// <summary>Something whose health is shown: a store, a background service. Register as many as there are.</summary>
public interface IServiceHealth
{
    /// <summary>How it is now, from what it last did; asks nothing of anybody.</summary>
    ServiceHealth Get();
}

/// <summary>How one service is.</summary>
/// <param name="Service">Its name, for people.</param>
/// <param name="AsOf">When it last did its work well; null when it has not yet.</param>
/// <param name="Problem">In words; null while all is well.</param>
public sealed record ServiceHealth(string Service, DateTimeOffset? AsOf, string? Problem);
