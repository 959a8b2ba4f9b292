using System.Globalization;
using Microsoft.Extensions.Options;
using Npgsql;
using OpsPortal.Core.Access;

namespace OpsPortal.Adapters.Aws.Redshift;

/// <summary>Sessions in which an operator's own text runs: their scope known to the warehouse, their database user, a transaction that only reads and is rolled back at its end.</summary>
internal sealed class OperatorSessions(DatabaseSessions sessions, OperatorScopes scopes, SharedLogin shared, IOptions<RedshiftOptions> options)
{
    private readonly RedshiftOptions _options = options.Value;

    /// <summary>A session in a transaction of its own; dispose it to end both.</summary>
    /// <param name="limit">A statement may run so long.</param>
    public async Task<DatabaseSession> BeginAsync(User user, TimeSpan limit, CancellationToken cancellationToken)
    {
        var known = DatabaseUser.Of(user, _options);
        await scopes.KeepAsync(known, user.Scope, cancellationToken);
        var session = await sessions.OpenAsync(Login(known), cancellationToken);
        try
        {
            await session.ShortlyAsync(token => BeginAsync(session, known, limit, token), cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>A session without any transaction.</summary>
    public Task<DatabaseSession> OpenAsync(User user, CancellationToken cancellationToken) => sessions.OpenAsync(Login(DatabaseUser.Of(user, _options)), cancellationToken);

    /// <summary>By which the server knows what runs for this user.</summary>
    public string LabelOf(User user) => Label(DatabaseUser.Of(user, _options));

    // LOCAL: gone with the transaction, whatever becomes of it.
    private async Task BeginAsync(DatabaseSession session, DatabaseUser user, TimeSpan limit, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(session.Connection);
        Add(batch, "BEGIN READ ONLY");
        Add(batch, string.Create(CultureInfo.InvariantCulture, $"SET LOCAL statement_timeout TO {(long)limit.TotalMilliseconds}"));
        Add(batch, $"SET LOCAL search_path TO {_options.Schema}");
        Add(batch, "SET LOCAL datestyle TO ISO");
        Add(batch, "SET LOCAL extra_float_digits TO 2");
        // Names in texts of our own: letters, digits, - and _ only, by the options' checks and by how database users are named.
        Add(batch, session.IsRedshift ? $"SET LOCAL query_group TO '{Label(user)}'" : $"SET LOCAL application_name TO '{Label(user)}'");
        if (_options.Login != RedshiftLogin.Cluster)
        {
            Add(batch, $"SET LOCAL app_context.operator TO '{user.Name}'");
        }

        await batch.ExecuteNonQueryAsync(cancellationToken);
        await shared.CheckAsync(session, user, cancellationToken);
    }

    // With a login of the portal's own all operators share its connections: what tells them apart is set in each transaction.
    private DatabaseUser Login(DatabaseUser user) => _options.Login == RedshiftLogin.Cluster ? user : new DatabaseUser(_options.ScopesUser, []);

    private string Label(DatabaseUser user) => $"{_options.QueryGroup}:{user.Name}";

    private static void Add(NpgsqlBatch batch, string text) => batch.BatchCommands.Add(new NpgsqlBatchCommand(text));
}
