using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Health;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Aws.Redshift;

/// <summary>
/// Connections to the warehouse, those of each database user apart: nobody's session, temporary table or right ever serves another. Apart
/// from all other connections of the product, too, and bounded: a warehouse that hangs takes nothing from map and alerts.
/// </summary>
internal sealed class DatabaseSessions(
    RedshiftCredentials credentials, IOptions<RedshiftOptions> options, IOptions<AwsOptions> aws, TimeProvider time, ILoggerFactory loggers) : IAsyncDisposable
{
    // New credentials are asked for so long before the old ones end.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(10);

    private readonly RedshiftOptions _options = options.Value;
    private readonly ILogger _logger = loggers.CreateLogger<DatabaseSessions>();

    // As many as users of the last minutes: who has been idle longer goes when another comes.
    private readonly ConcurrentDictionary<string, Pool> _pools = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _all = new(options.Value.Queries);

    // A login of the portal's own is shared by all operators.
    private int PerUser => _options.Login == RedshiftLogin.Cluster ? _options.QueriesPerUser : _options.Queries;

    /// <summary>An open connection of this user; dispose it to give it back.</summary>
    /// <exception cref="WarehouseDeniedException">The user has no access.</exception>
    /// <exception cref="StoreUnavailableException">The warehouse or its credentials cannot be had.</exception>
    public async Task<DatabaseSession> OpenAsync(DatabaseUser user, CancellationToken cancellationToken)
    {
        await ForgetIdleAsync(user.Key);
        var pool = _pools.GetOrAdd(user.Key, _ => new Pool(PerUser));
        await pool.Queries.WaitAsync(cancellationToken);
        try
        {
            await _all.WaitAsync(cancellationToken);
            try
            {
                pool.UsedAt = time.GetTimestamp();
                var connection = await ConnectAsync(pool, user, cancellationToken);
                return new DatabaseSession(connection, _options.ConnectTime, time, () => Release(pool));
            }
            catch
            {
                _all.Release();
                throw;
            }
        }
        catch
        {
            pool.Queries.Release();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var pool in _pools.Values)
        {
            await pool.DisposeAsync();
        }
    }

    private void Release(Pool pool)
    {
        pool.UsedAt = time.GetTimestamp();
        _all.Release();
        pool.Queries.Release();
    }

    // Redshift may refuse a password that has not yet arrived at every node, or no longer holds: asked anew once, never as somebody else.
    private async Task<NpgsqlConnection> ConnectAsync(Pool pool, DatabaseUser user, CancellationToken cancellationToken)
    {
        try
        {
            return await ConnectAsync(await pool.SourceAsync(() => LoginAsync(user, cancellationToken), Source, time, cancellationToken), cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            Log.PasswordRefused(_logger, user.Name);
            credentials.Forget();
            await pool.ForgetAsync(cancellationToken);
        }

        try
        {
            return await ConnectAsync(await pool.SourceAsync(() => LoginAsync(user, cancellationToken), Source, time, cancellationToken), cancellationToken);
        }
        catch (PostgresException e) when (e.SqlState is PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification)
        {
            throw _options.Login == RedshiftLogin.Cluster
                ? new WarehouseDeniedException($"You have no warehouse access: the warehouse does not let the database user {user.Name} in. An administrator has to make it, or set {RedshiftOptions.Section}:{nameof(RedshiftOptions.AutoCreate)}.", e)
                : new StoreUnavailableException(RedshiftHealth.Store, "it refuses the portal's own user and password", e);
        }
    }

    private async Task<NpgsqlConnection> ConnectAsync(NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        try
        {
            return await source.OpenConnectionAsync(cancellationToken);
        }
        catch (Exception e) when (e is (NpgsqlException and not PostgresException { SqlState: PostgresErrorCodes.InvalidPassword or PostgresErrorCodes.InvalidAuthorizationSpecification })
            or System.Net.Sockets.SocketException or TimeoutException or IOException or System.Security.Authentication.AuthenticationException)
        {
            throw new StoreUnavailableException(RedshiftHealth.Store, $"{_options.Host}:{_options.Port} cannot be connected to: {ServerProblem.InWords(e)}", e);
        }
    }

    private async Task<DatabaseLogin> LoginAsync(DatabaseUser user, CancellationToken cancellationToken)
    {
        var login = await credentials.GetAsync(user, cancellationToken);
        Log.SignedIn(_logger, user.Name, login.ExpiresAt);
        return login with { ExpiresAt = login.ExpiresAt - Margin };
    }

    private NpgsqlDataSource Source(string user, Func<string> password)
    {
        var builder = new NpgsqlDataSourceBuilder(new NpgsqlConnectionStringBuilder
        {
            Host = _options.Host,
            Port = _options.Port,
            Database = _options.Database,
            Username = user,
            SslMode = _options.Tls == RedshiftTls.None ? SslMode.Disable : SslMode.VerifyFull,
            // Redshift knows neither: an unknown first message ends the connection.
            GssEncryptionMode = GssEncryptionMode.Disable,
            NoResetOnClose = true,
            // Large results come in pieces of this: a small one would be waited for thousands of times.
            ReadBufferSize = 64 * 1024,
            MinPoolSize = 0,
            MaxPoolSize = PerUser + 1,
            ConnectionIdleLifetime = 60,
            ConnectionPruningInterval = 10,
            Timeout = (int)_options.ConnectTime.TotalSeconds,
            // Of the product's own small steps; each query has a limit of its own.
            CommandTimeout = (int)_options.ConnectTime.TotalSeconds,
            CancellationTimeout = 2_000,
            KeepAlive = 15,
            Timezone = "UTC",
            ApplicationName = _options.QueryGroup,
            IncludeErrorDetail = false,
            LogParameters = false,
        }.ToString());
        builder.UsePasswordProvider(_ => password(), (_, _) => ValueTask.FromResult(password()));
        builder.UseLoggerFactory(loggers);
        // Redshift's catalogue lacks what Npgsql would ask it.
        builder.ConfigureTypeLoading(types => types.EnableTypeLoading(false));
        builder.UseSslClientAuthenticationOptionsCallback(ssl =>
        {
            if (CertificateTrust.With(_options.CaFile ?? aws.Value.CaFile) is { } policy)
            {
                ssl.CertificateChainPolicy = policy;
            }
        });
        return builder.Build();
    }

    private async Task ForgetIdleAsync(string keep)
    {
        foreach (var (key, pool) in _pools)
        {
            if (key != keep && time.GetElapsedTime(pool.UsedAt) > Idle && pool.Queries.CurrentCount == PerUser && _pools.TryRemove(key, out _))
            {
                await pool.DisposeAsync();
            }
        }
    }

    /// <summary>One user's login and connections.</summary>
    private sealed class Pool(int queries) : IAsyncDisposable
    {
        private readonly SemaphoreSlim _asking = new(1);
        private volatile DatabaseLogin? _login;
        private NpgsqlDataSource? _source;

        public SemaphoreSlim Queries { get; } = new(queries);

        public long UsedAt { get; set; }

        /// <summary>The source with credentials that hold; who comes while they are asked for waits for the same answer.</summary>
        public async Task<NpgsqlDataSource> SourceAsync(Func<Task<DatabaseLogin>> ask, Func<string, Func<string>, NpgsqlDataSource> make, TimeProvider time, CancellationToken cancellationToken)
        {
            await _asking.WaitAsync(cancellationToken);
            try
            {
                if (_login is not { } login || login.ExpiresAt <= time.GetUtcNow())
                {
                    var fresh = await ask();
                    if (_source is not null && _login?.User != fresh.User)
                    {
                        await ReplaceAsync();
                    }

                    _login = fresh;
                }

                return _source ??= make(_login.User, () => _login?.Password ?? "");
            }
            finally
            {
                _asking.Release();
            }
        }

        public async Task ForgetAsync(CancellationToken cancellationToken)
        {
            await _asking.WaitAsync(cancellationToken);
            _login = null;
            _asking.Release();
        }

        public ValueTask DisposeAsync() => _source?.DisposeAsync() ?? ValueTask.CompletedTask;

        private async Task ReplaceAsync()
        {
            await _source!.DisposeAsync();
            _source = null;
        }
    }
}

/// <summary>A connection while it is used by one query.</summary>
internal sealed class DatabaseSession(NpgsqlConnection connection, TimeSpan shortly, TimeProvider time, Action release) : IAsyncDisposable
{
    private bool _spoilt;
    private int _disposed;

    public NpgsqlConnection Connection => connection;

    /// <summary>Redshift says that it is PostgreSQL 8.</summary>
    public bool IsRedshift => connection.PostgreSqlVersion.Major < 9;

    /// <summary>What the server calls it, and every statement that runs on it.</summary>
    public string Id { get; } = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"pid {connection.ProcessID}");

    /// <summary>A step that takes a server that is well no time: one that does not answer within the time for connecting is not there.</summary>
    /// <exception cref="StoreUnavailableException">It did not answer, or not well.</exception>
    public async Task ShortlyAsync(Func<CancellationToken, Task> step, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(shortly, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            await step(both.Token);
        }
        catch (Exception e) when (ServerProblem.Is(e) || e is OperationCanceledException)
        {
            _spoilt = true;
            cancellationToken.ThrowIfCancellationRequested();
            throw new StoreUnavailableException(RedshiftHealth.Store, e is OperationCanceledException ? $"it does not answer within {ServerProblem.InWords(shortly)}" : ServerProblem.InWords(e), e);
        }
    }

    /// <summary>Nobody gets this connection again.</summary>
    public void Spoil() => _spoilt = true;

    /// <summary>Gives it back as it was: whatever the query set is undone, or the connection is thrown away.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 1)
        {
            return;
        }

        try
        {
            await CloseAsync();
        }
        finally
        {
            release();
        }
    }

    private async Task CloseAsync()
    {
        if (!_spoilt)
        {
            try
            {
                await using var command = new NpgsqlCommand("ROLLBACK", connection) { CommandTimeout = 5 };
                await command.ExecuteNonQueryAsync();
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException or IOException or TimeoutException)
            {
                _spoilt = true;
            }
        }

        if (_spoilt)
        {
            NpgsqlConnection.ClearPool(connection);
        }

        await connection.DisposeAsync();
    }
}
