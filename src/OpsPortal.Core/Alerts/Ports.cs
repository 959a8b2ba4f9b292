using OpsPortal.Core.Access;

namespace OpsPortal.Core.Alerts;

/// <summary>Alerts with history and delivery, changed with optimistic concurrency.</summary>
public interface IAlertStore
{
    /// <summary>One alert, or null when unknown or outside the scope.</summary>
    Task<Alert?> GetAsync(Scope scope, string id, CancellationToken cancellationToken);

    /// <summary>Keeps the alert if the kept revision is still <paramref name="expectedRevision"/> (0 = must not exist yet).</summary>
    /// <returns>The alert as kept, with its new revision (expected + 1).</returns>
    /// <exception cref="AlertConflictException">Somebody else changed it in between; carries the present one.</exception>
    Task<Alert> PutAsync(Alert alert, long expectedRevision, CancellationToken cancellationToken);

    /// <summary>Alerts inside the scope, newest raised first, then by id.</summary>
    Task<IReadOnlyList<Alert>> FindAsync(Scope scope, AlertQuery query, CancellationToken cancellationToken);

    /// <summary>Acknowledged alerts that their trains have not reported yet: the outbox of deliveries. Oldest click first.</summary>
    /// <param name="trainId">Of this train only; null: of all.</param>
    Task<IReadOnlyList<Alert>> FindUndeliveredAsync(string? trainId, int limit, CancellationToken cancellationToken);
}

/// <summary>What to look for; null means "any". From and To bound <c>RaisedAt</c> (from inclusive, to exclusive).</summary>
/// <param name="States">Any of these states.</param>
/// <param name="Severities">Any of these severities.</param>
public sealed record AlertQuery(
    IReadOnlySet<AlertState>? States,
    IReadOnlySet<Severity>? Severities,
    string? TrainId,
    DateTimeOffset? From,
    DateTimeOffset? To,
    AlertCursor? After,
    int Limit)
{
    /// <summary>Line of the alert's train.</summary>
    public string? Line { get; init; }

    /// <summary>Class of the alert's train.</summary>
    public string? Class { get; init; }
}

/// <summary>Place in a list of alerts.</summary>
public sealed record AlertCursor(DateTimeOffset RaisedAt, string Id);

/// <summary>An alert was changed by somebody else since it was read.</summary>
public sealed class AlertConflictException(Alert? present)
    : Exception("The alert was changed by somebody else in the meantime.")
{
    /// <summary>The alert as it is now; null when it is gone.</summary>
    public Alert? Present { get; } = present;
}
