using Microsoft.Data.Sqlite;

namespace OpsPortal.Adapters.Embedded.Sqlite;

/// <summary>Says in words what keeps a file from working.</summary>
internal static class SqliteProblem
{
    /// <summary>The problem, or null when the failure is not the file's (a conflict, a cancellation, a mistake in a statement).</summary>
    public static string? Of(Exception failure, DataOptions options) => failure switch
    {
        SqliteException { SqliteErrorCode: 5 or 6 } => $"another process has it locked for longer than {options.BusyTimeout.TotalSeconds:0.###} s",
        SqliteException { SqliteErrorCode: 8 } => "it may not be written; check the folder's permissions",
        SqliteException { SqliteErrorCode: 10 } e => $"the disk answers with an error: {e.Message}",
        SqliteException { SqliteErrorCode: 11 or 26 } => "the file is damaged or not ours; put it aside and restore it from a copy",
        SqliteException { SqliteErrorCode: 13 } => "the disk is full; make room, it goes on by itself",
        SqliteException { SqliteErrorCode: 14 } => "the file cannot be opened; check the folder and its permissions",
        SqliteException { SqliteErrorCode: 3 or 7 or 9 or 15 or 22 or 23 } e => e.Message,
        SchemaTooNewException e => e.Message,
        IOException e => e.Message,
        UnauthorizedAccessException e => e.Message,
        _ => null,
    };
}
