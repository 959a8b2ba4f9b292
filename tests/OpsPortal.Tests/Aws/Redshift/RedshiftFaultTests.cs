using System.Collections.Frozen;
using Npgsql;
using OpsPortal.Core.Access;
using OpsPortal.Core.Health;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.Redshift;

namespace OpsPortal.Tests.Aws.Redshift;

/// <summary>FLT-13 to FLT-16, and that no operator gets another's session.</summary>
[Trait("Peer", "PostgreSQL")]
public sealed class RedshiftFaultTests : IAsyncLifetime
{
    private const string Long = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) SELECT i, 'some text that makes the row longer than it needs to be' AS filler FROM n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ManualTime _time = new(TimeProvider.System.GetUtcNow());
    private RedshiftRig _rig = null!;

    public async Task InitializeAsync() => _rig = await RedshiftRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    private static User User(string id, params Role[] roles) => new(id, "Somebody", roles.Length == 0 ? FrozenSet.Create(Role.Engineer) : roles.ToFrozenSet(), Scope.WholeFleet);

    private static Task<IWarehouseResult> RunAsync(AwsRig process, User user, string text, TimeSpan? time = null, CancellationToken cancellationToken = default) =>
        process.Get<IWarehouse>().RunAsync(user, new WarehouseQuery(text, new Dictionary<string, object?>(), null, time), cancellationToken);

    private static async Task<long> CountAsync(IWarehouseResult result)
    {
        while (await result.ReadAsync(default))
        {
        }

        return result.Count;
    }

    private static async Task<string?> ReadAsync(AwsRig process, User user, string text)
    {
        await using var result = await RunAsync(process, user, text);
        Assert.True(await result.ReadAsync(default));
        return result[0];
    }

    [Fact]
    [Trait("Fault", "FLT-13")]
    public async Task A_connection_cut_in_mid_result_is_said_with_the_statements_id_and_the_next_query_runs()
    {
        var process = _rig.Open();
        Assert.Equal("1", await ReadAsync(process, User("a"), "SELECT 1"));
        await using (var result = await RunAsync(process, User("a"), Long))
        {
            Assert.True(await result.ReadAsync(default));
            _rig.Proxy.Set(TcpFault.CutAfter(100_000));

            var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => CountAsync(result).WaitAsync(Patience));

            Assert.Contains(result.StatementId, failure.Message);
            Assert.InRange(result.Count, 1, 199_999);
            using var away = _rig.Proxy.Set(TcpFault.Refuse);
            await Assert.ThrowsAsync<StoreUnavailableException>(() => ReadAsync(process, User("a"), "SELECT 1").WaitAsync(Patience));
            Assert.NotNull(process.Get<IEnumerable<IServiceHealth>>().Single(health => health.Get().Service.Contains("Redshift", StringComparison.Ordinal)).Get().Problem);
        }

        Assert.Equal("1", await ReadAsync(process, User("a"), "SELECT 1"));
        Assert.Null(process.Get<IEnumerable<IServiceHealth>>().Single(health => health.Get().Service.Contains("Redshift", StringComparison.Ordinal)).Get().Problem);
        await using var whole = await RunAsync(process, User("a"), Long);
        Assert.Equal(200_000, await CountAsync(whole));
    }

    [Fact]
    [Trait("Fault", "FLT-13")]
    public async Task An_administrator_who_ends_the_session_is_said_and_the_next_query_runs()
    {
        var process = _rig.Open();
        await using (var result = await RunAsync(process, User("a"), Long))
        {
            Assert.True(await result.ReadAsync(default));
            await _rig.Server.RunAsync(_rig.Database, $"SELECT pg_terminate_backend({result.StatementId.Split(' ')[1]})");

            var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => CountAsync(result).WaitAsync(Patience));

            Assert.Contains(result.StatementId, failure.Message);
        }

        Assert.Equal("1", await ReadAsync(process, User("a"), "SELECT 1"));
    }

    [Fact]
    [Trait("Fault", "FLT-13")]
    public async Task A_warehouse_that_hangs_is_left_after_the_limit_and_others_wait_for_nothing_of_it()
    {
        // Long enough for an honest connection on a busy machine.
        var process = _rig.Open(("Redshift:ConnectTime", "00:00:06"));
        Assert.Equal("1", await ReadAsync(process, User("a"), "SELECT 1"));
        using (_rig.Proxy.Set(TcpFault.BlackHole))
        {
            using var cancel = new CancellationTokenSource(TimeSpan.FromSeconds(1));
            var hanging = RunAsync(process, User("a"), "SELECT 1", cancellationToken: cancel.Token);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging.WaitAsync(Patience));

            // Who is not connected yet is told after the time for connecting.
            await Assert.ThrowsAsync<StoreUnavailableException>(() => RunAsync(process, User("b"), "SELECT 1").WaitAsync(Patience));
        }

        Assert.Equal("1", await ReadAsync(process, User("a"), "SELECT 1").WaitAsync(Patience));
        Assert.Equal("1", await ReadAsync(process, User("b"), "SELECT 1").WaitAsync(Patience));
    }

    [Fact]
    [Trait("Fault", "FLT-15")]
    public async Task Credentials_that_expire_in_mid_query_let_it_end_and_the_next_one_gets_new_ones_once()
    {
        await using var rig = await RedshiftRig.StartAsync(_time);
        var process = rig.Open(("Redshift:QueriesPerUser", "12"), ("Redshift:QueryTime", "01:00:00"));
        await using (var running = await RunAsync(process, User("a"), Long))
        {
            Assert.True(await running.ReadAsync(default));
            var asked = rig.Asked.Count;
            _time.Advance(TimeSpan.FromMinutes(16));

            rig.Before = () => Task.Delay(200);
            var many = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ReadAsync(process, User("a"), "SELECT 1")));

            Assert.All(many, value => Assert.Equal("1", value));
            Assert.Equal(1, rig.Asked.Skip(asked).Count(request => request.Text.Contains("DbUser=op_a", StringComparison.Ordinal)));
            Assert.Equal(200_000, await CountAsync(running));
        }
    }

    [Fact]
    [Trait("Fault", "FLT-16")]
    public async Task Throttled_credentials_are_asked_for_again_and_then_given()
    {
        var process = _rig.Open();
        _rig.Refusals.Enqueue(new PeerAnswer(400, "<ErrorResponse><Error><Code>Throttling</Code><Message>Rate exceeded</Message></Error></ErrorResponse>") { ContentType = "text/xml" });
        _rig.Refusals.Enqueue(new PeerAnswer(503, ""));

        Assert.Equal("1", await ReadAsync(process, User("a"), "SELECT 1"));
    }

    [Fact]
    [Trait("Fault", "FLT-16")]
    [Trait("Fault", "SEC-27")]
    public async Task A_user_whom_AWS_denies_has_no_access_and_is_never_run_as_somebody_else()
    {
        var process = _rig.Open();
        Assert.Equal("1", await ReadAsync(process, User("first"), "SELECT 1"));
        _rig.Refusals.Enqueue(new PeerAnswer(403, "<ErrorResponse><Error><Code>AccessDenied</Code><Message>not authorized to perform redshift:JoinGroup</Message></Error></ErrorResponse>") { ContentType = "text/xml" });

        var failure = await Assert.ThrowsAsync<WarehouseDeniedException>(() => RunAsync(process, User("denied"), "SELECT 4711"));

        Assert.Contains("no warehouse access", failure.Message);
        Assert.Contains("op_denied", failure.Message);
        Assert.Contains("ops_engineers", failure.Message);
        Assert.Equal(0L, await _rig.Server.AskAsync(_rig.Database, "SELECT COUNT(*) FROM pg_stat_activity WHERE (usename LIKE 'op_denied%' OR query LIKE '%47' || '11%') AND pid <> pg_backend_pid()"));
    }

    [Fact]
    [Trait("Fault", "FLT-16")]
    public async Task A_database_user_that_is_not_there_is_told_to_the_operator_by_name()
    {
        var process = _rig.Open();
        Assert.Equal("1", await ReadAsync(process, User("first"), "SELECT 1"));
        _rig.KnowsNobody = true;
        var asked = _rig.Asked.Count;

        var failure = await Assert.ThrowsAsync<WarehouseDeniedException>(() => RunAsync(process, User("gone"), "SELECT 1"));

        Assert.Contains("op_gone_", failure.Message);
        Assert.Contains("Redshift:AutoCreate", failure.Message);
        Assert.Equal(2, _rig.Asked.Count - asked);
        _rig.KnowsNobody = false;
        Assert.Equal("1", await ReadAsync(process, User("gone"), "SELECT 1"));
    }

    [Fact]
    [Trait("Fault", "SEC-27")]
    [Trait("Fault", "SEC-28")]
    public async Task Every_operator_has_a_database_user_and_a_session_of_their_own()
    {
        var process = _rig.Open();
        var (a, b) = (User("https://idp.example|alice"), User("https://idp.example|bob"));

        var (first, second) = (await ReadAsync(process, a, "SELECT current_user"), await ReadAsync(process, b, "SELECT current_user"));
        Assert.NotEqual(first, second);
        Assert.Equal(first, await ReadAsync(process, a, "SELECT session_user"));
        await using var session = await RunAsync(process, a, "SELECT pg_typeof(1)");
        await using var other = await RunAsync(process, b, "SELECT pg_typeof(1)");
        Assert.NotEqual(session.StatementId, other.StatementId);
        Assert.Equal(true, await _rig.Server.AskAsync(_rig.Database, $"SELECT EXISTS (SELECT 1 FROM pg_auth_members m JOIN pg_roles g ON g.oid = m.roleid JOIN pg_roles u ON u.oid = m.member WHERE g.rolname = 'ops_engineers' AND u.rolname = '{first}')"));
    }

    [Fact]
    [Trait("Fault", "BAD-22")]
    [Trait("Fault", "BAD-25")]
    [Trait("Fault", "SEC-26")]
    public async Task The_databases_own_walls_stand_when_the_text_is_not_looked_at()
    {
        var process = _rig.Open();
        await _rig.AddAsync(Samples.Longsight(), "a1", Samples.Start);
        var name = (await ReadAsync(process, User("a"), "SELECT current_user"))!;
        var password = await _rig.Server.MakeUserAsync(name, null);
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = "localhost", Port = _rig.Server.Port, Database = _rig.Database, Username = name, Password = password, SslMode = SslMode.VerifyFull, RootCertificate = _rig.Server.CaFile, Pooling = false,
        }.ToString());
        await connection.OpenAsync();

        foreach (var text in new[]
        {
            "DELETE FROM opsportal.trains", "UPDATE opsportal.alerts SET state = 'cleared'", "INSERT INTO opsportal.user_scopes VALUES (current_user, 'depots', '')", "SELECT * FROM opsportal.user_scopes",
            "CREATE TABLE public.t (a INT)", "CREATE TABLE opsportal.t (a INT)", "CREATE TEMP TABLE t (a INT)", "DROP TABLE opsportal.trains", "ALTER TABLE opsportal.trains DISABLE ROW LEVEL SECURITY",
            "SELECT set_config('app_context.operator', 'x', false)", "COPY opsportal.trains TO PROGRAM 'true'", "SELECT pg_read_file('/etc/passwd')", "SET ROLE admin", "SET SESSION AUTHORIZATION admin",
            "SELECT pg_terminate_backend(1)", "SELECT pg_cancel_backend(1)", "SELECT ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, ''b''::tsquery')", "SELECT * FROM ts_stat('SELECT ''a''::tsvector')",
            "SELECT query_to_xml('SELECT 1', true, true, '')", "SELECT table_to_xml('opsportal.trains', true, true, '')",
        })
        {
            await using var command = new NpgsqlCommand(text, connection);
            var refused = await Assert.ThrowsAsync<PostgresException>(command.ExecuteNonQueryAsync);
            Assert.True(refused.SqlState is PostgresErrorCodes.InsufficientPrivilege, $"{text}: {refused.SqlState} {refused.MessageText}");
        }

        Assert.Equal(1L, await _rig.Server.AskAsync(_rig.Database, "SELECT COUNT(*) FROM opsportal.trains"));
    }

    [Fact]
    [Trait("Fault", "SEC-26")]
    public async Task The_transaction_alone_refuses_to_write_whatever_the_user_may()
    {
        var process = _rig.Open();
        var name = (await ReadAsync(process, User("a"), "SELECT current_user"))!;
        await _rig.Server.RunAsync(_rig.Database, $"CREATE FUNCTION opsportal.writes() RETURNS INT LANGUAGE sql SECURITY DEFINER AS 'INSERT INTO opsportal.user_scopes VALUES (''x'', ''depots'', '''') RETURNING 1'; GRANT ALL ON ALL TABLES IN SCHEMA opsportal TO {name}");

        var refused = await Assert.ThrowsAsync<QueryFailedException>(() => RunAsync(process, User("a"), "SELECT opsportal.writes()"));

        Assert.Contains("read-only", refused.Message);
    }

    [Fact]
    [Trait("Fault", "SEC-27")]
    public async Task A_login_that_operators_share_shows_and_keeps_nobody_elses_scope_in_an_operators_transaction()
    {
        var process = _rig.Open([.. _rig.PasswordSettings.Where(setting => setting.Name != "Redshift__Port").Select(setting => (setting.Name.Replace("__", ":", StringComparison.Ordinal), setting.Value))]);
        await ReadAsync(process, User("a"), "SELECT 1");
        await ReadAsync(process, User("b"), "SELECT 1");
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = "localhost", Port = _rig.Server.Port, Database = _rig.Database, Username = "opsportal_portal", Password = _rig.Server.PortalPassword, SslMode = SslMode.VerifyFull, RootCertificate = _rig.Server.CaFile, Pooling = false,
        }.ToString());
        await connection.OpenAsync();
        async Task<object?> AskAsync(string text)
        {
            await using var command = new NpgsqlCommand(text, connection);
            return await command.ExecuteScalarAsync();
        }

        var one = (string)(await AskAsync("SELECT min(db_user) FROM opsportal.user_scopes"))!;
        Assert.Equal(2L, await AskAsync("SELECT COUNT(DISTINCT db_user) FROM opsportal.user_scopes"));
        await AskAsync($"SET app_context.operator TO '{one}'");

        Assert.Equal(one, await AskAsync("SELECT string_agg(DISTINCT db_user, ',') FROM opsportal.user_scopes"));
        await Assert.ThrowsAsync<PostgresException>(() => AskAsync($"INSERT INTO opsportal.user_scopes VALUES ('{one}', 'depots', '')"));
        await AskAsync("DELETE FROM opsportal.user_scopes");
        await AskAsync("RESET app_context.operator");
        Assert.Equal(2L, await AskAsync("SELECT COUNT(DISTINCT db_user) FROM opsportal.user_scopes"));
    }

    [Fact]
    [Trait("Fault", "SEC-27")]
    public async Task A_login_by_which_operators_are_not_told_apart_runs_no_query_and_it_is_said_why()
    {
        await _rig.AddAsync(Samples.Longsight(), "a1", Samples.Start);
        var other = await OpenAsync("other_portal", "");
        var above = await OpenAsync("portal_above", "SUPERUSER");
        var beside = await OpenAsync("portal_beside", "BYPASSRLS");

        Assert.Contains("other_portal is not the one that infra/sql/postgresql-scope.sql names", await RefusedAsync(other), StringComparison.Ordinal);
        Assert.Contains("portal_above passes by row-level security", await RefusedAsync(above), StringComparison.Ordinal);
        Assert.Contains("portal_beside passes by row-level security", await RefusedAsync(beside), StringComparison.Ordinal);

        var right = _rig.Open(("Redshift:Login", "Password"), ("Redshift:User", "opsportal_portal"), ("Redshift:Password", _rig.Server.PortalPassword));
        Assert.Equal("1", await ReadAsync(right, User("a"), "SELECT COUNT(*) FROM trains"));
        await _rig.Server.RunAsync(_rig.Database, "DROP FUNCTION opsportal.operator_name() CASCADE");
        var late = _rig.Open(("Redshift:Login", "Password"), ("Redshift:User", "opsportal_portal"), ("Redshift:Password", _rig.Server.PortalPassword));
        Assert.Contains("has to run infra/sql/schema.sql and infra/sql/postgresql-scope.sql", await RefusedAsync(late), StringComparison.Ordinal);
    }

    private async Task<AwsRig> OpenAsync(string user, string rights)
    {
        var password = await _rig.Server.MakeUserAsync(user, "opsportal_scopes");
        await _rig.Server.RunAsync("postgres", $"ALTER ROLE {user} {rights}");
        return _rig.Open(("Redshift:Login", "Password"), ("Redshift:User", user), ("Redshift:Password", password));
    }

    private static async Task<string> RefusedAsync(AwsRig process) =>
        (await Assert.ThrowsAsync<StoreUnavailableException>(() => RunAsync(process, User("a"), "SELECT COUNT(*) FROM trains"))).Problem;

    [Fact]
    public async Task A_servers_mistake_is_shown_at_its_place_in_the_text_as_written()
    {
        const string Text = "SELECT :aLongName, wrong FROM trains";
        var process = _rig.Open();

        var failure = await Assert.ThrowsAsync<QueryFailedException>(() =>
            process.Get<IWarehouse>().RunAsync(User("a"), new WarehouseQuery(Text, new Dictionary<string, object?> { ["aLongName"] = 1L }), default));

        Assert.Equal(Text.IndexOf("wrong", StringComparison.Ordinal), failure.Position);
    }

    [Theory]
    [Trait("Fault", "BAD-28")]
    [InlineData("SELECT 'infinity'::timestamp", "infinity")]
    [InlineData("SELECT '0044-03-15 BC'::date", "0044-03-15 BC")]
    [InlineData("SELECT 'NaN'::float8", "NaN")]
    [InlineData("SELECT 12345678901234567890123456789012345678::numeric", "12345678901234567890123456789012345678")]
    [InlineData("SELECT point(1, 2)", "(1,2)")]
    [InlineData("SELECT NULL", null)]
    [InlineData("SELECT '{\"a\": 1}'::jsonb", "{\"a\": 1}")]
    [InlineData("SELECT 0.1::float8 + 0.2::float8", "0.30000000000000004")]
    [InlineData("SELECT TIMESTAMPTZ '2026-11-28 22:00:00+02'", "2026-11-28 20:00:00")]
    public async Task Odd_values_come_as_the_server_says_them(string text, string? value) => Assert.Equal(value, await ReadAsync(_rig.Open(), User("a"), text));

    [Fact]
    public async Task A_certificate_of_another_authority_or_for_another_host_is_refused()
    {
        var untrusted = _rig.Open(("Redshift:CaFile", ""));
        var wrongHost = _rig.Open(("Redshift:Host", "127.0.0.1"));
        var plain = _rig.Open(("Redshift:Tls", "None"));

        await Assert.ThrowsAsync<StoreUnavailableException>(() => RunAsync(untrusted, User("a"), "SELECT 1"));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => RunAsync(wrongHost, User("a"), "SELECT 1"));
        // The server takes none without.
        Assert.Contains("no encryption", (await Assert.ThrowsAsync<WarehouseDeniedException>(() => RunAsync(plain, User("a"), "SELECT 1"))).InnerException!.Message, StringComparison.Ordinal);
    }
}
