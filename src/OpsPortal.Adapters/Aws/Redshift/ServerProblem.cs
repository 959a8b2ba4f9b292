using Npgsql;
using OpsPortal.Core.Health;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Aws.Redshift;

/// <summary>What a failure of the server or of the way to it is to the operator.</summary>
internal static class ServerProblem
{
    /// <summary>Whether it is about the server or the way to it, not a mistake of ours.</summary>
    public static bool Is(Exception failure) => failure is NpgsqlException or IOException or System.Net.Sockets.SocketException or TimeoutException or ObjectDisposedException;

    /// <summary>The failure as the port's callers know it.</summary>
    /// <param name="place">Turns the server's place in the text (from 1) into the operator's (from 0).</param>
    public static Exception Of(Exception failure, string statementId, TimeSpan limit, Func<int, int?> place) => failure switch
    {
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } e when e.MessageText.Contains("timeout", StringComparison.OrdinalIgnoreCase) =>
            new QueryCutException($"The time limit of {InWords(limit)} ended the query ({statementId}). Ask for less, or for a shorter time.", statementId, e),
        PostgresException { SqlState: PostgresErrorCodes.QueryCanceled } e =>
            new QueryCutException($"The warehouse ended the query ({statementId}): {e.MessageText}", statementId, e),
        PostgresException e when IsServers(e.SqlState) =>
            new StoreUnavailableException(RedshiftHealth.Store, $"{InWords(e)}. The query ({statementId}) has no result; run it again when the warehouse is back.", e),
        PostgresException e => new QueryFailedException(InWords(e), e.Position > 0 ? place(e.Position) : null, statementId, e),
        _ => new StoreUnavailableException(RedshiftHealth.Store, $"the connection was lost in the middle of the query ({statementId}): {InWords(failure)}. Run it again when the warehouse is back.", failure),
    };

    /// <summary>A failure's own words.</summary>
    public static string InWords(Exception failure) => failure switch
    {
        PostgresException e => e.MessageText,
        { InnerException: { } inner } and NpgsqlException => InWords(inner),
        _ => failure.Message,
    };

    /// <summary>A limit as people say it.</summary>
    public static string InWords(TimeSpan limit) => limit.TotalSeconds < 120 ? $"{limit.TotalSeconds:0.###} s" : $"{limit.TotalMinutes:0.#} min";

    // Connection, resources, an administrator's act, the system's own errors.
    private static bool IsServers(string state) => state[..2] is "08" or "53" or "57" or "58" or "XX";
}
