using Microsoft.Extensions.Options;
using Npgsql;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws.Redshift;

/// <summary>
/// Whether the login that operators share is one by which PostgreSQL tells them apart: named in operator_name(), and held by row-level security. Any other would
/// see nothing, or everything, whoever asks. Asked until the answer is yes. On Redshift nothing is asked: it has neither of the two.
/// </summary>
internal sealed class SharedLogin(IOptions<RedshiftOptions> options)
{
    private const string Text = "infra/sql/postgresql-scope.sql";

    private readonly RedshiftOptions _options = options.Value;
    private volatile bool _isWell;

    /// <summary>In the operator's own transaction.</summary>
    /// <exception cref="StoreUnavailableException">It is not; says what to do.</exception>
    public async Task CheckAsync(DatabaseSession session, DatabaseUser user, CancellationToken cancellationToken)
    {
        if (_isWell || _options.Login == RedshiftLogin.Cluster || session.IsRedshift)
        {
            return;
        }

        try
        {
            if (await ProblemAsync(session.Connection, user.Name, cancellationToken) is { } problem)
            {
                throw new StoreUnavailableException(RedshiftHealth.Store, $"{problem} No query is run");
            }
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.UndefinedFunction or PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            throw new StoreUnavailableException(RedshiftHealth.Store, $"it does not keep operators apart ({e.MessageText}): an administrator has to run infra/sql/schema.sql and {Text}. No query is run", e);
        }

        _isWell = true;
    }

    private async Task<string?> ProblemAsync(NpgsqlConnection connection, string user, CancellationToken cancellationToken)
    {
        var schema = _options.Schema;
        await using var command = new NpgsqlCommand($"SELECT current_user::text, {schema}.operator_name(), row_security_active('{schema}.trains')", connection);
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        await row.ReadAsync(cancellationToken);
        var (login, known, held) = (row.GetString(0), await row.IsDBNullAsync(1, cancellationToken) ? null : row.GetString(1), row.GetBoolean(2));
        return held
            ? known == user ? null : $"its user {login} is not the one that {Text} names in operator_name(): it would see its own rows, not the operator's. Take opsportal_portal, or name it there."
            : $"its user {login} passes by row-level security (a superuser, the tables' owner, or BYPASSRLS): it would see everything, whoever asks. Take opsportal_portal, or one like it.";
    }
}
