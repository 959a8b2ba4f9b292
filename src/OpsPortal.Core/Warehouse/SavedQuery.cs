using OpsPortal.Core.Access;

namespace OpsPortal.Core.Warehouse;

/// <summary>A parameter's value as somebody typed it.</summary>
/// <param name="Type">text, number, boolean, time or null.</param>
public sealed record SavedValue(string Type, string Value);

/// <summary>How a result is drawn.</summary>
/// <param name="Kind">line, bar, scatter or map.</param>
/// <param name="X">Column along the axis; of a map the longitude.</param>
/// <param name="Y">Columns drawn; of a map the latitude.</param>
/// <param name="By">Column whose every value has a line of its own; null for none.</param>
public sealed record SavedChart(string Kind, string X, IReadOnlyList<string> Y, string? By);

/// <summary>What a saved query says: its text, the values that stand in its fields, its chart. No row of any result.</summary>
public sealed record SavedText(string Sql, IReadOnlyDictionary<string, SavedValue> Values, SavedChart? Chart);

/// <summary>One state of a saved query.</summary>
/// <param name="Number">From 1, each one more than the last.</param>
/// <param name="By">Name of who saved it.</param>
public sealed record SavedVersion(int Number, SavedText Text, DateTimeOffset At, string By);

/// <summary>A query that somebody keeps, as it is now.</summary>
/// <param name="IsShared">Whether all who may run queries see it and may add versions.</param>
/// <param name="Revision">One more with each change of any kind: who changes says which they saw.</param>
public sealed record SavedQuery(string Id, string OwnerId, string OwnerName, string Name, bool IsShared, long Revision, SavedVersion Latest);

/// <summary>What came of a change to a saved query.</summary>
public enum SavedChange
{
    Done,

    /// <summary>There is none that this user may see.</summary>
    NotThere,

    /// <summary>It is shared with this user, but this change is its owner's.</summary>
    NotOwner,

    /// <summary>It has changed since this user saw it.</summary>
    Changed,

    /// <summary>The owner has as many as are kept.</summary>
    TooMany,
}

/// <summary>What came of a change, and the query as it is now, if there is one.</summary>
public sealed record SavedOutcome(SavedChange Change, SavedQuery? Present);

/// <summary>A run that has ended.</summary>
/// <param name="State">succeeded, failed or cancelled.</param>
/// <param name="Rows">Rows that were kept.</param>
/// <param name="Problem">Why it came to nothing; null when it did not.</param>
public sealed record PastQuery(string Id, string Sql, IReadOnlyDictionary<string, SavedValue> Values, string State, DateTimeOffset AskedAt, TimeSpan Took, long Rows, string? Problem);

/// <summary>
/// Queries that people keep, with their versions. To who may not run queries nothing is there; a query that is not shared is there for its owner only. A shared one is seen whatever
/// the scope: it is its author's words and holds no rows, and whoever runs it finds the rows of their own scope.
/// </summary>
public interface ISavedQueries
{
    /// <summary>The user's own and those shared, by name; at most <paramref name="limit"/>.</summary>
    Task<IReadOnlyList<SavedQuery>> FindAsync(User user, int limit, CancellationToken cancellationToken);

    /// <summary>One of them, or null.</summary>
    Task<SavedQuery?> GetAsync(User user, string id, CancellationToken cancellationToken);

    /// <summary>Its versions that are kept, newest first; none where there is no such query.</summary>
    Task<IReadOnlyList<SavedVersion>> FindVersionsAsync(User user, string id, CancellationToken cancellationToken);

    /// <summary>Keeps a new query of the user's.</summary>
    /// <param name="most">So many one user keeps; beyond these <see cref="SavedChange.TooMany"/>.</param>
    Task<SavedOutcome> MakeAsync(User user, string id, string name, bool isShared, SavedText text, DateTimeOffset at, int most, CancellationToken cancellationToken);

    /// <summary>Adds a version: the owner, or with whom it is shared.</summary>
    /// <param name="revision">The one the user saw.</param>
    /// <param name="most">So many versions are kept; the oldest go.</param>
    Task<SavedOutcome> AddVersionAsync(User user, string id, long revision, SavedText text, DateTimeOffset at, int most, CancellationToken cancellationToken);

    /// <summary>Changes name or sharing: the owner.</summary>
    Task<SavedOutcome> ChangeAsync(User user, string id, long revision, string? name, bool? isShared, CancellationToken cancellationToken);

    /// <summary>Forgets it with all versions: the owner.</summary>
    Task<SavedOutcome> DeleteAsync(User user, string id, CancellationToken cancellationToken);
}

/// <summary>What each user has run.</summary>
public interface IQueryHistory
{
    /// <summary>Keeps a run; of each user the newest <paramref name="most"/>.</summary>
    Task NoteAsync(User user, PastQuery run, int most, CancellationToken cancellationToken);

    /// <summary>The user's own runs, newest first.</summary>
    Task<IReadOnlyList<PastQuery>> FindAsync(User user, int limit, CancellationToken cancellationToken);

    /// <summary>Forgets all of the user's runs.</summary>
    Task ClearAsync(User user, CancellationToken cancellationToken);
}
