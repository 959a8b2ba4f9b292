using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using OpsPortal.Core.Access;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws.Redshift;

/// <summary>
/// Keeps operators' scopes in the warehouse's table user_scopes, by which its row-level security goes (infra/sql): kinds depot, line and class with the
/// names the operator may see, or depots, lines, classes without a name for all of them (no name means "all": any may be a depot's). A scope that cannot be written lets no query through.
/// </summary>
internal sealed class OperatorScopes(DatabaseSessions sessions, IOptions<RedshiftOptions> options, TimeProvider time, ILogger<OperatorScopes> logger)
{
    // Looked after again, in case the table was put back from a copy.
    private static readonly TimeSpan Again = TimeSpan.FromMinutes(15);

    // Of operators of the last quarter of an hour; older ones go when one is added.
    private readonly ConcurrentDictionary<string, (string Scope, long At)> _kept = new(StringComparer.Ordinal);

    public async Task KeepAsync(DatabaseUser user, Scope scope, CancellationToken cancellationToken)
    {
        if (_kept.TryGetValue(user.Name, out var kept) && kept.Scope == scope.Key && time.GetElapsedTime(kept.At) < Again)
        {
            return;
        }

        var rows = Rows(scope).ToList();
        // With a login of the portal's own there is just one.
        await using var session = await sessions.OpenAsync(new DatabaseUser(options.Value.ScopesUser, []), cancellationToken);
        try
        {
            await session.ShortlyAsync(token => WriteAsync(session.Connection, user.Name, rows, token), cancellationToken);
        }
        catch (StoreUnavailableException e)
        {
            throw new StoreUnavailableException(RedshiftHealth.Store, $"it could not be told what you may see ({e.Problem}), so no query is run", e);
        }

        foreach (var (name, old) in _kept.Where(entry => time.GetElapsedTime(entry.Value.At) >= Again))
        {
            _kept.TryRemove(KeyValuePair.Create(name, old));
        }

        _kept[user.Name] = (scope.Key, time.GetTimestamp());
        Log.ScopeKept(logger, user.Name, rows.Count);
    }

    private static IEnumerable<(string Kind, string Name)> Rows(Scope scope) =>
        Of("depot", "depots", scope.Depots).Concat(Of("line", "lines", scope.Lines)).Concat(Of("class", "classes", scope.Classes));

    private static IEnumerable<(string Kind, string Name)> Of(string kind, string all, IReadOnlySet<string>? names) =>
        names is null ? [(all, "")] : names.Select(name => (kind, name));

    // One way there and back. A failure leaves the connection to nobody, and so ends the transaction.
    private async Task WriteAsync(NpgsqlConnection connection, string user, List<(string Kind, string Name)> rows, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(new NpgsqlBatchCommand("BEGIN"));
        batch.BatchCommands.Add(Command("DELETE FROM {0}.user_scopes WHERE db_user = $1", user));
        foreach (var (kind, name) in rows)
        {
            batch.BatchCommands.Add(Command("INSERT INTO {0}.user_scopes (db_user, kind, name) VALUES ($1, $2, $3)", user, kind, name));
        }

        batch.BatchCommands.Add(new NpgsqlBatchCommand("COMMIT"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    private NpgsqlBatchCommand Command(string text, params ReadOnlySpan<string> values)
    {
        // The schema's name is an option that was checked for letters, digits and _.
        var command = new NpgsqlBatchCommand(string.Format(System.Globalization.CultureInfo.InvariantCulture, text, options.Value.Schema));
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
        }

        return command;
    }
}
