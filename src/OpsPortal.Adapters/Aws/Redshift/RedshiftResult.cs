using Npgsql;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Aws.Redshift;

/// <summary>Rows as they come from the server. Everything travels as text: see the port.</summary>
internal sealed class RedshiftResult(DatabaseSession session, NpgsqlCommand command, NpgsqlDataReader reader, RunningQuery query) : IWarehouseResult
{
    private static readonly TimeSpan LongestClosing = TimeSpan.FromSeconds(5);

    private readonly WarehouseColumn[] _columns = ColumnsOf(reader);
    private bool _atEnd;

    public string StatementId => session.Id;

    public IReadOnlyList<WarehouseColumn> Columns => _columns;

    public long Count { get; private set; }

    public bool IsCut { get; private set; }

    public string? this[int column]
    {
        get
        {
            if (reader.IsDBNull(column))
            {
                return null;
            }

            var text = reader.GetString(column);
            return _columns[column].Type switch
            {
                WarehouseType.Boolean => text is "t" or "true" or "1" ? "true" : "false",
                // "2026-11-28 22:00:00.123+00": sessions are in UTC.
                WarehouseType.Time when text.EndsWith("+00", StringComparison.Ordinal) => text[..^3],
                _ => text,
            };
        }
    }

    public ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_atEnd)
        {
            return new ValueTask<bool>(false);
        }

        // Most rows have come already with the one before: for them nothing is awaited and nothing allocated.
        var reading = query.GuardAsync(static reading => reading.Rows.ReadAsync(reading.Token), (Rows: reader, Token: query.Token(cancellationToken)), session, cancellationToken);
        return reading.IsCompletedSuccessfully ? new ValueTask<bool>(Take(reading.Result)) : WaitAsync(reading);
    }

    public async ValueTask DisposeAsync()
    {
        // A server that is gone without a word holds the connection for a while, but not who puts the result away.
        var closing = CloseAsync();
        await Task.WhenAny(closing, Task.Delay(LongestClosing, query.Time, CancellationToken.None));
        if (closing.IsCompleted)
        {
            await closing;
        }
    }

    private async ValueTask<bool> WaitAsync(ValueTask<bool> reading) => Take(await reading);

    private bool Take(bool more)
    {
        if (more && Count == query.Rows)
        {
            (IsCut, more) = (true, false);
        }

        if (more)
        {
            Count++;
        }
        else
        {
            _atEnd = !IsCut;
        }

        return more;
    }

    private async Task CloseAsync()
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            if (!_atEnd)
            {
                // Or the rest would be read first.
                command.Cancel();
            }

            await reader.DisposeAsync();
        }
        catch (Exception e) when (ServerProblem.Is(e) || e is InvalidOperationException)
        {
            // The statement has ended with what ended it; the session is looked after below.
        }

        await command.DisposeAsync();
        await session.DisposeAsync();
        query.Dispose();
    }

    private static WarehouseColumn[] ColumnsOf(NpgsqlDataReader reader)
    {
        var columns = new WarehouseColumn[reader.FieldCount];
        for (var i = 0; i < columns.Length; i++)
        {
            columns[i] = ServerTypes.Column(reader.GetName(i), reader.GetDataTypeOID(i));
        }

        return columns;
    }
}
