using System.Globalization;
using System.Threading.Channels;
using Microsoft.Data.Sqlite;
using OpsPortal.Core.Warehouse;
using SQLitePCL;

namespace OpsPortal.Adapters.Embedded.Warehouse;

/// <summary>
/// Rows as SQLite finds them. SQLite works in place and may take long for a row, so a thread of the pool's does it, at most some rows ahead of who reads;
/// the progress handler asks every hundred steps whether to go on: cancelled, or out of time.
/// </summary>
internal sealed class EmbeddedResult : IWarehouseResult
{
    // A step may make a value of 10 MB, which takes its time.
    private const int StepsBetweenLooks = 100;

    // Rows go to the reader's thread together: handed over one by one, the handing costs more than the finding.
    private const int Together = 64;

    // Or sooner, when they are long.
    private const int CharactersTogether = 1_000_000;

    private static readonly TimeSpan LongestGathering = TimeSpan.FromMilliseconds(100);

    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _command;
    private readonly Action _ended;
    private readonly long? _rows;
    private readonly TimeSpan _limit;
    private readonly TimeProvider _time;
    private readonly long _start;
    private readonly CancellationTokenSource _stop = new();

    // Rows wait when nobody takes them: the query then waits too.
    private readonly Channel<List<string?[]>> _found = Channel.CreateBounded<List<string?[]>>(new BoundedChannelOptions(8) { SingleReader = true, SingleWriter = true });
    private readonly TaskCompletionSource<IReadOnlyList<WarehouseColumn>> _columns = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Task _running;
    private List<string?[]> _gathered = new(Together);
    private long _gatheredSince;
    private long _gatheredCharacters;
    private TimeSpan _waited;
    private List<string?[]> _taken = [];
    private int _next;
    private string?[] _row = [];
    private int? _place;

    private EmbeddedResult(string id, SqliteConnection connection, SqliteCommand command, long? rows, TimeSpan limit, TimeProvider time, Action ended)
    {
        (StatementId, _connection, _command, _rows, _limit, _time, _ended) = (id, connection, command, rows, limit, time, ended);
        _start = time.GetTimestamp();
        raw.sqlite3_progress_handler(connection.Handle!, StepsBetweenLooks, _ => Look(), null);
        _running = Task.Run(RunAsync);
    }

    public string StatementId { get; }

    public IReadOnlyList<WarehouseColumn> Columns { get; private set; } = [];

    public long Count { get; private set; }

    public bool IsCut { get; private set; }

    public string? this[int column] => _row[column];

    // Waiting for who reads is not the query's time.
    private bool IsTooLong => _time.GetElapsedTime(_start) - _waited > _limit;

    /// <summary>Starts the query; ends when its first row is there. Takes connection and command, whatever happens.</summary>
    public static async Task<EmbeddedResult> StartAsync(
        string id, SqliteConnection connection, SqliteCommand command, long? rows, TimeSpan limit, TimeProvider time, Action ended, CancellationToken cancellationToken)
    {
        var result = new EmbeddedResult(id, connection, command, rows, limit, time, ended);
        try
        {
            await using var cancelling = cancellationToken.Register(result._stop.Cancel);
            result.Columns = await result._columns.Task;
            return result;
        }
        catch (Exception e)
        {
            await result.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
            throw result.Problem(e);
        }
    }

    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (IsCut)
        {
            return false;
        }

        try
        {
            if (_next == _taken.Count && !await TakeAsync(cancellationToken))
            {
                return false;
            }

            if (Count == _rows)
            {
                IsCut = true;
                await _stop.CancelAsync();
                return false;
            }

            (_row, Count) = (_taken[_next++], Count + 1);
            return true;
        }
        catch (Exception e) when (e is SqliteException or RowTooLongException or ChannelClosedException or OperationCanceledException)
        {
            cancellationToken.ThrowIfCancellationRequested();
            throw Problem(e is ChannelClosedException { InnerException: { } inner } ? inner : e);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        await _command.DisposeAsync();
        await _connection.DisposeAsync();
        _stop.Dispose();
        _ended();
    }

    // Between steps of the query, on its own thread: rows that were found do not wait for one that is long in coming.
    private int Look()
    {
        if (_gathered.Count > 0 && _time.GetElapsedTime(_gatheredSince) > LongestGathering && _found.Writer.TryWrite(_gathered))
        {
            (_gathered, _gatheredCharacters) = (new(Together), 0);
        }

        return _stop.IsCancellationRequested || IsTooLong ? 1 : 0;
    }

    private async Task GiveAsync()
    {
        if (_gathered.Count > 0)
        {
            var since = _time.GetTimestamp();
            await _found.Writer.WriteAsync(_gathered, _stop.Token);
            _waited += _time.GetElapsedTime(since);
            (_gathered, _gatheredCharacters) = (new(Together), 0);
        }
    }

    private async Task<bool> TakeAsync(CancellationToken cancellationToken)
    {
        if (!_found.Reader.TryRead(out var rows))
        {
            await using var cancelling = cancellationToken.Register(_stop.Cancel);
            if (!await _found.Reader.WaitToReadAsync(cancellationToken) || !_found.Reader.TryRead(out rows))
            {
                return false;
            }
        }

        (_taken, _next) = (rows, 0);
        return true;
    }

    private async Task RunAsync()
    {
        try
        {
            using var reader = _command.ExecuteReader();
            var columns = EmbeddedTypes.Columns(reader);
            _columns.TrySetResult(columns);
            var isFirst = true;
            while (reader.Read())
            {
                // The first row is wanted at once.
                _gatheredSince = _gathered.Count == 0 ? _time.GetTimestamp() : _gatheredSince;
                _gathered.Add(EmbeddedTypes.Row(reader, columns, out var characters));
                _gatheredCharacters += characters;
                if (_gathered.Count == Together || _gatheredCharacters > CharactersTogether || isFirst)
                {
                    await GiveAsync();
                    isFirst = false;
                }
            }

            await GiveAsync();
            _found.Writer.TryComplete();
        }
        catch (Exception e)
        {
            _place = e is SqliteException && !_columns.Task.IsCompleted ? ErrorPlace.Of(_connection.Handle!, _command.CommandText) : null;
            _columns.TrySetException(e);
            await GiveRestAsync();
            _found.Writer.TryComplete(e);
        }
    }

    // What was found before the failure is given all the same.
    private async Task GiveRestAsync()
    {
        try
        {
            await GiveAsync();
        }
        catch (OperationCanceledException)
        {
            // Nobody reads any more.
        }
    }

    private Exception Problem(Exception failure) => failure switch
    {
        RowTooLongException => new QueryFailedException($"A row of the result is longer than {EmbeddedTypes.LongestRow:N0} characters. Ask for a part of it, such as SUBSTR(text, 1, 1000).", null, StatementId, failure),
        SqliteException { SqliteErrorCode: raw.SQLITE_INTERRUPT } when IsTooLong || !_stop.IsCancellationRequested =>
            new QueryCutException(string.Create(CultureInfo.InvariantCulture, $"The time limit of {_limit.TotalSeconds:0.###} s ended the query ({StatementId}). Ask for less, or for a shorter time."), StatementId, failure),
        SqliteException { SqliteErrorCode: raw.SQLITE_INTERRUPT } => new OperationCanceledException("The query was cancelled.", failure),
        SqliteException { SqliteErrorCode: raw.SQLITE_AUTH } e =>
            new QueryFailedException($"{Words(e)}: tables that can be asked for are {string.Join(", ", QueryConnection.Views)}.", _place, StatementId, e),
        SqliteException { SqliteErrorCode: raw.SQLITE_TOOBIG } e => new QueryFailedException("A value in the query or its result is larger than 10 MB.", null, StatementId, e),
        SqliteException e => new QueryFailedException(Words(e), _place, StatementId, e),
        _ => failure,
    };

    // "SQLite Error 1: 'no such column: x'."
    private static string Words(SqliteException e) => e.Message.Split('\'', 2) is [_, var rest] ? rest.TrimEnd('.', '\'') : e.Message;
}
