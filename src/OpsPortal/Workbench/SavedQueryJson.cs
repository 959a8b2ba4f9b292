using OpsPortal.Core.Access;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Workbench;

/// <summary>A query to keep.</summary>
/// <param name="Shared">Whether all who may run queries see it and may add versions.</param>
internal sealed record MakeSavedQueryRequest(string? Name, string? Sql, IReadOnlyDictionary<string, SavedValue?>? Values, SavedChart? Chart, bool? Shared);

/// <summary>A new version.</summary>
/// <param name="Revision">The revision that this goes out from.</param>
internal sealed record SaveVersionRequest(long? Revision, string? Sql, IReadOnlyDictionary<string, SavedValue?>? Values, SavedChart? Chart);

/// <summary>Another name, or another way of sharing; what is null stays.</summary>
/// <param name="Revision">The revision that this goes out from.</param>
internal sealed record ChangeSavedQueryRequest(long? Revision, string? Name, bool? Shared);

/// <summary>An older version to make the present one again.</summary>
/// <param name="Revision">The revision that this goes out from.</param>
/// <param name="Version">Number of the older version.</param>
internal sealed record RestoreVersionRequest(long? Revision, int? Version);

/// <summary>One state of a saved query.</summary>
/// <param name="By">Who saved it.</param>
internal sealed record SavedVersionJson(int Version, string Sql, IReadOnlyDictionary<string, SavedValue> Values, SavedChart? Chart, DateTimeOffset At, string By)
{
    public static SavedVersionJson Of(SavedVersion version) => new(version.Number, version.Text.Sql, version.Text.Values, version.Text.Chart, version.At, version.By);
}

/// <summary>A saved query as it is now.</summary>
/// <param name="Own">Whether it is yours: only its owner renames, shares and deletes it.</param>
/// <param name="Revision">To be sent along with a change.</param>
internal sealed record SavedQueryJson(string Id, string Name, string Owner, bool Own, bool Shared, long Revision, SavedVersionJson Latest)
{
    public static SavedQueryJson Of(SavedQuery query, User user) => new(query.Id, query.Name, query.OwnerName, query.OwnerId == user.Id, query.IsShared, query.Revision, SavedVersionJson.Of(query.Latest));
}

/// <summary>A run of yours that has ended.</summary>
internal sealed record PastQueryJson(string Id, string Sql, IReadOnlyDictionary<string, SavedValue> Values, string State, DateTimeOffset AskedAt, double Seconds, long Rows, string? Problem)
{
    public static PastQueryJson Of(PastQuery run) => new(run.Id, run.Sql, run.Values, run.State, run.AskedAt, Math.Round(run.Took.TotalSeconds, 3), run.Rows, run.Problem);
}
