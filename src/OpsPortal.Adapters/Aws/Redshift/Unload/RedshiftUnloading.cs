using Microsoft.Extensions.Options;
using Npgsql;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Health;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Aws.Redshift.Unload;

/// <summary>UNLOAD in the operator's own session: the query's walls, and files of a folder that nothing else has.</summary>
internal sealed class RedshiftUnloading(OperatorSessions sessions, UnloadFiles files, RedshiftHealth health, IOptions<UnloadOptions> options, TimeProvider time) : IUnloading
{
    private readonly UnloadOptions _options = options.Value;

    public string? Absent => null;

    public UnloadPlace NewPlace(string id)
    {
        var until = time.GetUtcNow() + _options.Time + _options.KeepFor;
        return new UnloadPlace(id, new DateTimeOffset(until.Ticks - (until.Ticks % TimeSpan.TicksPerSecond), TimeSpan.Zero));
    }

    public async Task<UnloadedResult> UnloadAsync(User user, WarehouseQuery query, UnloadPlace place, Action<string> started, CancellationToken cancellationToken)
    {
        var text = QueryText.Read(query.Text);
        text.CheckValues(query.Parameters);
        try
        {
            var statementId = await RunAsync(user, text, query, place, started, cancellationToken);
            health.Note(null);
            return await ReadAsync(place, statementId, cancellationToken);
        }
        catch (QueryFailedException e)
        {
            // The server's place is one in our text, not in the operator's.
            throw new QueryFailedException(e.Message, null, e.StatementId, e);
        }
        catch (StoreUnavailableException e) when (e.InnerException is PostgresException server && RoleProblem(server.MessageText) is { } problem)
        {
            throw new WarehouseDeniedException(problem, e);
        }
        catch (StoreUnavailableException e) when (e.Store == RedshiftHealth.Store)
        {
            health.Note(e.Problem);
            throw;
        }
    }

    public Task<RawFileWay.Presigned?> LinkAsync(UnloadPlace place, string name, CancellationToken cancellationToken) => files.LinkAsync(place, name, cancellationToken);

    public Task<UnloadRemoval> RemoveAsync(UnloadPlace place, CancellationToken cancellationToken) => files.RemoveAsync(place, cancellationToken);

    public Task<IReadOnlyList<UnloadRemoval>> RemoveEndedAsync(CancellationToken cancellationToken) => files.RemoveEndedAsync(cancellationToken);

    private async Task<string> RunAsync(User user, QueryText text, WarehouseQuery query, UnloadPlace place, Action<string> started, CancellationToken cancellationToken)
    {
        var limit = query.Time < _options.Time ? query.Time.Value : _options.Time;
        await using var session = await sessions.BeginAsync(user, limit, cancellationToken);
        started(session.Id);
        using var running = new RunningQuery(text, 0, null, limit, time);
        return await running.GuardAsync(() => RunAsync(session, text, query, place, running.CommandTimeout, running.Token(cancellationToken)), session, cancellationToken);
    }

    private async Task<string> RunAsync(DatabaseSession session, QueryText text, WarehouseQuery query, UnloadPlace place, int timeout, CancellationToken cancellationToken)
    {
        var values = query.Parameters.ToDictionary(value => value.Key, value => UnloadStatement.Value(value.Value), StringComparer.Ordinal);
        var given = values.Where(value => value.Value.Text is not null).ToList();
        var quoted = await ServerQuoting.QuoteAsync(session.Connection, [.. given.Select(value => value.Value.Text!)], timeout, cancellationToken);
        var literals = given.Zip(quoted).ToDictionary(pair => pair.First.Key, pair => (Literal: (string?)pair.Second, pair.First.Value.Type), StringComparer.Ordinal);
        var inner = UnloadStatement.Query(text, values.ToDictionary(value => value.Key, value => literals.GetValueOrDefault(value.Key), StringComparer.Ordinal));
        var literal = (await ServerQuoting.QuoteAsync(session.Connection, [inner], timeout, cancellationToken))[0];
        // A literal of the server's own around the operator's text, which QueryText has read.
#pragma warning disable CA2100
        await using var command = new NpgsqlCommand(UnloadStatement.Whole(literal, _options.Bucket!, files.FolderOf(place), _options), session.Connection) { CommandTimeout = timeout };
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
        return session.Id;
    }

    private async Task<UnloadedResult> ReadAsync(UnloadPlace place, string statementId, CancellationToken cancellationToken)
    {
        var folder = files.FolderOf(place);
        var bytes = await files.ReadAsync(place, UnloadManifest.Name, cancellationToken);
        return bytes is not null && UnloadManifest.Read(bytes, $"s3://{_options.Bucket}/{folder}", folder) is var (found, rows)
            ? new UnloadedResult(statementId, found, rows)
            : throw new QueryFailedException("The warehouse says that it has written the files, but its manifest is not there or cannot be read: nobody knows whether they are whole, so none is handed out.", null, statementId);
    }

    // "User … is not authorized to assume IAM Role …", "Not authorized to get credentials of role …", "S3ServiceException:Access Denied,…": an administrator's, not the warehouse's being away.
    private string? RoleProblem(string said)
    {
        var isRole = said.Contains("authorized", StringComparison.OrdinalIgnoreCase) && said.Contains("role", StringComparison.OrdinalIgnoreCase);
        if (!isRole && !said.Contains("S3ServiceException", StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        var what = isRole
            ? $"your database user may not use the role {_options.Role}, or Redshift itself may not. An administrator has to associate the role with the cluster or workgroup and, where ASSUMEROLE was revoked, grant it for UNLOAD"
            : $"S3 does not take the files in {_options.Bucket}/{_options.Prefix} from the role {_options.Role}. An administrator has to look after its policy";
        return $"The warehouse cannot write the files: {what}. It says: {said}";
    }
}
