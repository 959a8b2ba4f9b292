using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Npgsql;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Benchmarks;

/// <summary>A large result downloaded as CSV through the product over HTTP, against a bare reader loop that writes the same file, in turns.</summary>
internal static class Download
{
    private const string OfTable = "SELECT minute, train, depot, line, class, sensor, readings, min_value, mean_value, max_value, late FROM readings_minute";

    private static readonly SearchValues<char> Quoted = SearchValues.Create(",\"\r\n");

    public static async Task RunAsync(string[] args)
    {
        var (rows, rounds) = (args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 1_000_000, args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5);
        await OnSqliteAsync(rows, rounds);
        await OnPostgresAsync(rows, rounds);
    }

    private static async Task OnSqliteAsync(int rows, int rounds)
    {
        await using var product = await PortalKit.StartAsync(1, "Portal", ("Workbench:DownloadRows", "100000000"));
        using var client = await product.SignInAsync("engineer", "Benchmark");
        // Makes the file with its tables.
        await AskAsync(client, "SELECT COUNT(*) FROM trains");
        var file = Path.Combine(product.DataFolder, "warehouse.db");
        Fill(file, rows);
        await CompareAsync("SQLite", product, client, OfTable, rounds, path => BareSqlite(file, path));
    }

    private static async Task OnPostgresAsync(int rows, int rounds)
    {
        await using var server = ChildProcess.Start(Path.GetTempPath(), [], "warehouse");
        var settings = new List<(string Name, string Value)>();
        for (var line = await server.ReadAsync(); line != "ready"; line = await server.ReadAsync())
        {
            settings.Add((line.Split('=', 2)[0], line.Split('=', 2)[1]));
        }

        string Setting(string key) => settings.Single(setting => setting.Name == $"Redshift__{key}").Value;
        // No table: its policies, which ask who sees each row, would hide what the way of the rows costs.
        var query = $"""
            SELECT TIMESTAMP '2026-11-01' + i * INTERVAL '1 second' AS minute, '390-' || (i % 900 + 100) AS train, 'Longsight' AS depot, 'WCML' AS line, '390' AS class,
                'axleBoxTemperature.car3.axle2.right' AS sensor, 60 AS readings, i * 0.731 AS min_value, i / 7.0 AS mean_value, i * 1.25 AS max_value
            FROM generate_series(1, {rows}) AS n(i)
            """;
        RunningProduct.Build = "release";
        await using var product = await RunningProduct.StartAsync(settings, ("Adapters:Warehouse", "Redshift"), ("Parts", "Portal"), ("Workbench:DownloadRows", "100000000"), ("Workbench:LargestEstimate", "100000000000"));
        using var client = await product.SignInAsync("engineer", "Benchmark");
        var connection = new NpgsqlConnectionStringBuilder
        {
            Host = Setting("Host"), Port = int.Parse(Setting("Port"), CultureInfo.InvariantCulture), Database = Setting("Database"), Username = Setting("User"), Password = Setting("Password"),
            SslMode = SslMode.VerifyFull, RootCertificate = Setting("CaFile"), Pooling = false, CommandTimeout = 600,
        };
        await CompareAsync("PostgreSQL", product, client, query, rounds, path => BareNpgsql(connection.ToString(), query, path));
        await server.EndAsync();
    }

    private static async Task CompareAsync(string name, RunningProduct product, HttpClient client, string query, int rounds, Action<string> bare)
    {
        var id = await AskAsync(client, query);
        var folder = Directory.CreateTempSubdirectory("opsportal-download-").FullName;
        var (ours, theirs) = (Path.Combine(folder, "product.csv"), Path.Combine(folder, "bare.csv"));
        try
        {
            // A round beforehand: compiled, cached, and the same file.
            await FetchAsync(client, id, ours);
            bare(theirs);
            if (!await SameAsync(ours, theirs))
            {
                throw new InvalidOperationException($"{name}: the product's file is not the bare loop's: {ours}, {theirs}");
            }

            Console.WriteLine($"{name}: {File.ReadLines(ours).LongCount() - 1:N0} rows, {new FileInfo(ours).Length / 1e6:0} MB, the same file on both ways; load {ProcessCost.Load()}");
            var ratios = new List<double>();
            var memory = new List<double>();
            for (var round = 0; round < rounds; round++)
            {
                var product1 = await TimedAsync(product.ProcessId, () => FetchAsync(client, id, ours));
                var bare1 = await TimedAsync(product.ProcessId, () => Task.Run(() => bare(theirs)));
                ratios.Add(bare1.Seconds / product1.Seconds);
                memory.AddRange(product1.Memory);
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  product {product1.Seconds:0.00} s, bare {bare1.Seconds:0.00} s, ratio {ratios[^1]:0.00}; resident {product1.Memory.Min():0} to {product1.Memory.Max():0} MB"));
            }

            ratios.Sort();
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  median ratio {ratios[ratios.Count / 2]:0.00}; resident over all downloads {memory.Min():0} to {memory.Max():0} MB"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<(double Seconds, List<double> Memory)> TimedAsync(int process, Func<Task> work)
    {
        using var done = new CancellationTokenSource();
        var memory = new List<double> { ProcessCost.ResidentMb(process) };
        var watching = Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                await Task.Delay(100, CancellationToken.None);
                memory.Add(ProcessCost.ResidentMb(process));
            }
        });
        var watch = Stopwatch.StartNew();
        await work();
        var seconds = watch.Elapsed.TotalSeconds;
        await done.CancelAsync();
        await watching;
        return (seconds, memory);
    }

    private static async Task<string> AskAsync(HttpClient client, string sql)
    {
        using var asked = await client.PostAsJsonAsync("/api/queries", new { sql });
        var said = await asked.Content.ReadFromJsonAsync<JsonElement>();
        if (!asked.IsSuccessStatusCode)
        {
            throw new InvalidOperationException(said.ToString());
        }

        var id = said.GetProperty("id").GetString()!;
        await Eventually.IsTrueAsync("the query has ended", TimeSpan.FromMinutes(5), async () => (await client.GetFromJsonAsync<JsonElement>($"/api/queries/{id}")).GetProperty("state").GetString() is "succeeded");
        return id;
    }

    private static async Task FetchAsync(HttpClient client, string id, string path)
    {
        using var answer = await client.GetAsync($"/api/queries/{id}/rows?format=csv", HttpCompletionOption.ResponseHeadersRead);
        answer.EnsureSuccessStatusCode();
        await using var file = File.Create(path);
        await answer.Content.CopyToAsync(file);
    }

    private static async Task<bool> SameAsync(string one, string other)
    {
        await using var first = File.OpenRead(one);
        await using var second = File.OpenRead(other);
        var (ours, theirs) = (await SHA256.HashDataAsync(first), await SHA256.HashDataAsync(second));
        return ours.AsSpan().SequenceEqual(theirs);
    }

    private static void Fill(string file, int rows)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $rows)
            INSERT INTO readings_minute SELECT strftime('%Y-%m-%d %H:%M:%S.000', '2026-11-01', '+' || (i / 1000) || ' minutes'), '390-' || (100 + i % 100), 'Longsight', 'WCML', '390',
                'axleBoxTemperature.car' || (1 + i / 100 % 10) || '.axle2.right', 60, 50 + i % 97 * 0.731, 60 + i % 89 / 7.0, 70 + i % 83 * 1.25, i % 50 = 0 FROM n
            """;
        command.Parameters.AddWithValue("$rows", rows);
        command.CommandTimeout = 600;
        command.ExecuteNonQuery();
    }

    private static void BareSqlite(string file, string path)
    {
        using var connection = new SqliteConnection($"Data Source={file};Mode=ReadOnly;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = OfTable;
        using var reader = command.ExecuteReader();
        using var writer = new StreamWriter(path, new System.Text.UTF8Encoding(false), new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 64 * 1024 });
        Head(writer, reader);
        while (reader.Read())
        {
            for (var i = 0; i < 11; i++)
            {
                Comma(writer, i);
                if (!reader.IsDBNull(i))
                {
                    Write(writer, i switch
                    {
                        6 => reader.GetInt64(i).ToString(CultureInfo.InvariantCulture),
                        7 or 8 or 9 => reader.GetDouble(i).ToString("R", CultureInfo.InvariantCulture),
                        10 => reader.GetInt64(i) == 0 ? "false" : "true",
                        _ => reader.GetString(i),
                    });
                }
            }

            writer.Write("\r\n");
        }
    }

    private static void BareNpgsql(string settings, string query, string path)
    {
        using var connection = new NpgsqlConnection(settings);
        connection.Open();
        using var command = new NpgsqlCommand(query, connection) { AllResultTypesAreUnknown = true };
        using var reader = command.ExecuteReader();
        using var writer = new StreamWriter(path, new System.Text.UTF8Encoding(false), new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, BufferSize = 64 * 1024 });
        Head(writer, reader);
        while (reader.Read())
        {
            for (var i = 0; i < reader.FieldCount; i++)
            {
                Comma(writer, i);
                if (!reader.IsDBNull(i))
                {
                    Write(writer, reader.GetString(i));
                }
            }

            writer.Write("\r\n");
        }
    }

    private static void Head(StreamWriter writer, System.Data.Common.DbDataReader reader)
    {
        writer.Write(string.Join(',', Enumerable.Range(0, reader.FieldCount).Select(reader.GetName)));
        writer.Write("\r\n");
    }

    private static void Comma(StreamWriter writer, int column)
    {
        if (column > 0)
        {
            writer.Write(',');
        }
    }

    private static void Write(StreamWriter writer, string text)
    {
        if (text.Length > 0 && text.AsSpan().IndexOfAny(Quoted) < 0)
        {
            writer.Write(text);
            return;
        }

        writer.Write('"');
        writer.Write(text.Replace("\"", "\"\"", StringComparison.Ordinal));
        writer.Write('"');
    }
}
