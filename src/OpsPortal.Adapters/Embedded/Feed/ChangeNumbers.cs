using OpsPortal.Adapters.Embedded.Sqlite;

namespace OpsPortal.Adapters.Embedded.Feed;

/// <summary>Numbers of changes, given out inside the write transaction: writes take turns, so a reader never sees a higher number before a lower one.</summary>
internal static class ChangeNumbers
{
    /// <summary>Takes so many numbers and returns the first of them. Numbers left unused do no harm.</summary>
    public static long Take(SqliteSession session, int count) =>
        session.Number("UPDATE change_counter SET value = value + $count RETURNING value", ("$count", count))!.Value - count + 1;

    /// <summary>The newest number given out.</summary>
    public static long Newest(SqliteSession session) => session.Number("SELECT value FROM change_counter")!.Value;
}
