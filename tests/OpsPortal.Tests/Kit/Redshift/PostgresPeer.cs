using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Npgsql;

namespace OpsPortal.Tests.Kit.Redshift;

/// <summary>
/// A PostgreSQL server of the test run's own, playing Redshift: TLS with a certificate authority of the tests', the texts of infra/sql in the template of every
/// database. One for all tests; a shell stands beside it that ends it when this process has ended, however it ended. The contract can be run on a server that was there
/// before: databases opsportal_tests… are made in it and those that an earlier run has left go; the product's roles stay in it.
/// </summary>
internal sealed class PostgresPeer
{
    // Its server refuses to run as root. The shell ends the server at the end of its own input.
    private const string Script = """
        set -euo pipefail
        bin=$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)
        folder=$1; port=$2
        as=(env)
        if [ "$(id -u)" = 0 ]; then
          chown -R postgres "$folder"
          as=(setpriv --reuid postgres --regid postgres --init-groups)
        fi
        cd "$folder"
        "${as[@]}" "$bin/initdb" -D data --username=admin --pwfile=password --auth=md5 --no-sync --encoding=UTF8 --locale=C >initdb.log 2>&1 || { cat initdb.log; exit 1; }
        printf '%s\n' "hostssl all all 127.0.0.1/32 md5" "hostssl all all ::1/128 md5" >data/pg_hba.conf
        "${as[@]}" "$bin/postgres" -D data -p "$port" -c listen_addresses=localhost -c unix_socket_directories= -c fsync=off -c password_encryption=md5 \
          -c ssl=on -c ssl_cert_file="$folder/server.pem" -c ssl_key_file="$folder/server.key" -c max_connections=200 >server.log 2>&1 &
        server=$!
        echo started
        cat >/dev/null || true
        kill -INT "$server" 2>/dev/null || true
        wait "$server" || true
        rm -rf "$folder"
        """;

    private static readonly Lazy<Task<PostgresPeer>> Only = new(StartAsync);
    private static readonly Lazy<Task<PostgresPeer>> OfContract = new(async () => PostgresElsewhere.Find() is { } other ? await OpenAsync(other) : await GetAsync());

    private readonly string _folder = "";
    private readonly string _password;
    private readonly PostgresElsewhere? _elsewhere;
    private readonly SemaphoreSlim _making = new(1);
    private readonly HashSet<string> _users = new(StringComparer.Ordinal);
    private int _databases;

    // Held: its input ends with it.
    private readonly Process? _shell;

    private PostgresPeer(string folder, string password, int port, Process shell) =>
        (_folder, _password, Port, _shell, CaFile) = (folder, password, port, shell, Path.Combine(folder, "ca.pem"));

    private PostgresPeer(PostgresElsewhere elsewhere) =>
        (_elsewhere, _password, Host, Port, Admin, CaFile) = (elsewhere, elsewhere.Password, elsewhere.Host, elsewhere.Port, elsewhere.User, elsewhere.CaFile);

    /// <summary>Whether the tests have started it.</summary>
    public bool IsOwn => _elsewhere is null;

    /// <summary>Whether it is spoken to without TLS.</summary>
    public bool IsPlain => _elsewhere?.IsPlain == true;

    public string Host { get; } = "localhost";

    public int Port { get; }

    /// <summary>Of opsportal_portal, the login that operators share. The same for all databases: tests run side by side.</summary>
    public string PortalPassword { get; } = RandomNumberGenerator.GetHexString(24);

    /// <summary>PEM of the authority that has signed the server's certificate; null where this machine trusts it anyway.</summary>
    public string? CaFile { get; }

    /// <summary>PEM of the server's own certificate, for who stands before it.</summary>
    public string CertificateFile => Path.Combine(_folder, "server.pem");

    /// <summary>PEM of that certificate's key.</summary>
    public string KeyFile => Path.Combine(_folder, "server.key");

    private string Admin { get; } = "admin";

    private string Template => IsOwn ? "opsportal" : "opsportal_tests";

    /// <summary>For tests of the contract: the server that the environment names (<see cref="PostgresElsewhere"/>), else the tests' own.</summary>
    public static Task<PostgresPeer> GetForContractAsync() => OfContract.Value;

    /// <summary>The tests' own server, started with the first call.</summary>
    public static async Task<PostgresPeer> GetAsync()
    {
        var peer = await Only.Value;
        Assert.False(peer._shell!.HasExited, "PostgreSQL has ended by itself.");
        return peer;
    }

    /// <summary>A new database with the product's schema; its name.</summary>
    public async Task<string> MakeDatabaseAsync()
    {
        var name = $"{(IsOwn ? "t" : "opsportal_tests_")}{Interlocked.Increment(ref _databases)}";
        await RunAsync("postgres", $"DROP DATABASE IF EXISTS {name} WITH (FORCE)");
        await RunAsync("postgres", $"CREATE DATABASE {name} TEMPLATE {Template}");
        await RunAsync("postgres", $"REVOKE TEMPORARY ON DATABASE {name} FROM PUBLIC");
        return name;
    }

    /// <summary>Makes a database user when there is none; its password. Users are the server's, not a database's, and tests run side by side: the same name, the same password.</summary>
    public async Task<string> MakeUserAsync(string user, string? group)
    {
        var password = Convert.ToHexStringLower(HMACSHA256.HashData(System.Text.Encoding.UTF8.GetBytes(_password), System.Text.Encoding.UTF8.GetBytes(user)));
        await _making.WaitAsync();
        try
        {
            if (_users.Add($"{user} {group}"))
            {
                await RunAsync("postgres", $"""
                    DO $$ BEGIN CREATE ROLE "{user}"; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
                    ALTER ROLE "{user}" LOGIN PASSWORD '{password}';
                    {(group is null ? "" : $"GRANT {group} TO \"{user}\";")}
                    """);
            }
        }
        finally
        {
            _making.Release();
        }

        return password;
    }

    /// <summary>Runs a text as the administrator.</summary>
    public async Task RunAsync(string database, string sql)
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first value of a query of the administrator's.</summary>
    public async Task<object?> AskAsync(string database, string sql)
    {
        await using var connection = await OpenAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }

    public async Task<NpgsqlConnection> OpenAsync(string database)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder
        {
            Host = Host,
            Port = Port,
            Database = database,
            Username = Admin,
            Password = _password,
            SslMode = IsPlain ? SslMode.Disable : SslMode.VerifyFull,
            RootCertificate = CaFile,
            Pooling = false,
        }.ToString());
        await connection.OpenAsync();
        return connection;
    }

    private static async Task<PostgresPeer> OpenAsync(PostgresElsewhere elsewhere)
    {
        var peer = new PostgresPeer(elsewhere);
        await peer.RunAsync("postgres", $"DROP DATABASE IF EXISTS {peer.Template} WITH (FORCE)");
        await peer.RunAsync("postgres", $"CREATE DATABASE {peer.Template}");
        foreach (var role in new[] { "ops_engineers", "opsportal_scopes", "opsportal_portal" })
        {
            await peer.RunAsync("postgres", $"DO $$ BEGIN CREATE ROLE {role}; EXCEPTION WHEN duplicate_object THEN NULL; END $$");
        }

        await peer.RunAsync("postgres", $"ALTER ROLE opsportal_portal LOGIN PASSWORD '{peer.PortalPassword}'; GRANT opsportal_scopes TO opsportal_portal");
        await peer.WriteSchemaAsync();
        return peer;
    }

    private static async Task<PostgresPeer> StartAsync()
    {
        Assert.True(Directory.Exists("/usr/lib/postgresql"), "These tests need PostgreSQL: install Debian's package postgresql (./test.sh does it as root).");
        var folder = Directory.CreateTempSubdirectory("opsportal-postgres-").FullName;
        var password = RandomNumberGenerator.GetHexString(24);
        await File.WriteAllTextAsync(Path.Combine(folder, "password"), password);
        WriteCertificates(folder);
        var port = FreePorts.Take();
        var shell = Process.Start(new ProcessStartInfo("bash", ["-c", Script, "postgres-peer", folder, $"{port}"]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        var said = await shell.StandardOutput.ReadLineAsync();
        Assert.True(said == "started", $"PostgreSQL does not start: {said}{await (said == "started" ? Task.FromResult("") : shell.StandardOutput.ReadToEndAsync())}");
        var peer = new PostgresPeer(folder, password, port, shell);
        await Eventually.IsTrueAsync("PostgreSQL takes connections", TimeSpan.FromSeconds(60), async () =>
        {
            try
            {
                await peer.RunAsync("postgres", "SELECT 1");
                return true;
            }
            catch (Exception e) when (e is NpgsqlException or SocketException)
            {
                return false;
            }
        });
        await peer.InstallAsync();
        return peer;
    }

    // As compose.yaml does, by the same script; and what infra/sql/README.md says of each text: that it can be run again.
    private async Task InstallAsync()
    {
        await RunAsync("postgres", "CREATE DATABASE opsportal");
        await RunAsync("postgres", "CREATE ROLE ops_engineers");
        var infra = Path.Combine(RunningProduct.Root, "infra");
        await File.WriteAllTextAsync(Path.Combine(_folder, "portal-password"), PortalPassword);
        var start = new ProcessStartInfo("bash", [Path.Combine(infra, "compose", "warehouse.sh")]) { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (var (name, value) in new[]
        {
            ("SQL", Path.Combine(infra, "sql")), ("POSTGRES_USER", Admin), ("PORTAL_PASSWORD_FILE", Path.Combine(_folder, "portal-password")),
            ("PGHOST", "localhost"), ("PGPORT", $"{Port}"), ("PGPASSWORD", _password), ("PGSSLMODE", "verify-full"), ("PGSSLROOTCERT", CaFile!),
        })
        {
            start.Environment[name] = value;
        }

        using var script = Process.Start(start)!;
        var said = await Task.WhenAll(script.StandardError.ReadToEndAsync(), script.StandardOutput.ReadToEndAsync());
        await script.WaitForExitAsync();
        Assert.True(script.ExitCode == 0, string.Concat(said));
        await WriteSchemaAsync();
    }

    private async Task WriteSchemaAsync()
    {
        var sql = Path.Combine(RunningProduct.Root, "infra", "sql");
        var schema = (await File.ReadAllLinesAsync(Path.Combine(sql, "schema.sql"))).Where(line => !line.EndsWith("-- redshift only", StringComparison.Ordinal));
        await RunAsync(Template, string.Join('\n', schema).Replace("ON DATABASE opsportal ", $"ON DATABASE {Template} ", StringComparison.Ordinal));
        await RunAsync(Template, await File.ReadAllTextAsync(Path.Combine(sql, "postgresql-scope.sql")));
    }

    private static void WriteCertificates(string folder)
    {
        using var authorityKey = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var authority = new CertificateRequest("CN=OpsPortal tests", authorityKey, HashAlgorithmName.SHA256);
        authority.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        var (from, to) = (TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddDays(30));
        using var signer = authority.CreateSelfSigned(from, to);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var server = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        server.CertificateExtensions.Add(names.Build());
        server.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var certificate = server.Create(signer, from, to, [1, 2, 3, 4]);
        File.WriteAllText(Path.Combine(folder, "ca.pem"), signer.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "server.pem"), certificate.ExportCertificatePem());
        var file = Path.Combine(folder, "server.key");
        File.WriteAllText(file, key.ExportPkcs8PrivateKeyPem());
        if (!OperatingSystem.IsWindows())
        {
            // Or the server does not take it.
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
    }
}
