using Microsoft.Data.Sqlite;
using OpsPortal.Adapters.Embedded.Audit;
using OpsPortal.Core.Audit;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Audit;

/// <summary>The embedded file, changed by another program.</summary>
public sealed class TamperedFile : TamperedAudit
{
    private readonly DataFolder _folder = new();

    /// <summary>Folder of the file.</summary>
    public string DataPath => _folder.Path;

    public override IAuditLog Open() => new EmbeddedAuditLog(_folder.Open());

    /// <summary>Does to the file what no row could say.</summary>
    public async Task RunAsync(string sql)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "operations.db")};Pooling=False");
        await connection.OpenAsync();
        var command = connection.CreateCommand();
        command.CommandText = sql;
        Assert.Equal(1, await command.ExecuteNonQueryAsync());
    }

    protected override Task StartAsync() => Task.CompletedTask;

    protected override Task StopAsync()
    {
        _folder.Dispose();
        return Task.CompletedTask;
    }

    protected override async Task WriteAsync(IReadOnlyList<AuditRow> rows, IReadOnlyList<long> gone)
    {
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "operations.db")};Pooling=False");
        await connection.OpenAsync();
        await using var transaction = await connection.BeginTransactionAsync();
        var command = connection.CreateCommand();
        command.Transaction = (SqliteTransaction)transaction;
        foreach (var number in gone)
        {
            command.CommandText = $"DELETE FROM audit WHERE number = {number}";
            await command.ExecuteNonQueryAsync();
        }

        command.CommandText = "INSERT OR REPLACE INTO audit VALUES ($0, $1, $2, $3, $4, $5, $6, $7, $8, $9)";
        foreach (var (number, entry, hash) in rows)
        {
            command.Parameters.Clear();
            foreach (var value in new object?[] { number, entry.At.UtcTicks, entry.Who, entry.Act, entry.On, entry.From, entry.Outcome, entry.Detail, entry.Correlation, hash })
            {
                command.Parameters.AddWithValue($"${command.Parameters.Count}", value ?? DBNull.Value);
            }

            await command.ExecuteNonQueryAsync();
        }

        await transaction.CommitAsync();
    }
}

[Trait("Peer", "Embedded")]
public sealed class EmbeddedTamperingTests(TamperedFile audit) : TamperingContract(audit), IClassFixture<TamperedFile>
{
    private readonly TamperedFile _audit = audit;

    [Theory]
    [InlineData("-1")]
    [InlineData("3155378976000000000")]
    [InlineData("9223372036854775807")]
    [InlineData("'yesterday'")]
    [InlineData("x'00ff'")]
    public async Task A_time_that_is_none_is_found_and_the_row_is_shown_like_any(string time)
    {
        await _audit.PutAsync(_audit.Rows[4_320]);
        await _audit.RunAsync($"UPDATE audit SET at = {time} WHERE number = 4321");

        var verdict = await _audit.VerifyAsync();
        var page = await _audit.Open().FindAsync(AuditQuery.Newest(2, before: 4_322), default);

        Assert.Equal((AuditBreakKind.RowChanged, 4_321L), (verdict.Break!.Kind, verdict.Break.FromRow));
        Assert.Equal([4_321L, 4_320L], page.Select(row => row.Number));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public async Task A_row_put_in_before_the_first_is_found(long number)
    {
        await _audit.PutAsync(_audit.Rows[0] with { Number = number });

        var verdict = await _audit.VerifyAsync();
        await _audit.MendAsync();

        Assert.Equal((AuditBreakKind.RowInserted, number), (verdict.Break!.Kind, verdict.Break.FromRow));
        Assert.Null((await _audit.VerifyAsync()).Break);
    }

    [Theory]
    [InlineData("alert 6789", 6_790)]
    [InlineData("alert 17", 18)]
    public async Task A_byte_flipped_in_the_file_itself_is_found(string text, long number)
    {
        var copy = Directory.CreateTempSubdirectory("opsportal-flip-").FullName;
        using var folder = new DataFolder(copy);
        await using (var source = new SqliteConnection($"Data Source={Path.Combine(_audit.DataPath, "operations.db")};Pooling=False"))
        await using (var target = new SqliteConnection($"Data Source={Path.Combine(copy, "operations.db")};Pooling=False"))
        {
            await source.OpenAsync();
            await target.OpenAsync();
            source.BackupDatabase(target);
        }

        var bytes = await File.ReadAllBytesAsync(Path.Combine(copy, "operations.db"));
        var wanted = System.Text.Encoding.UTF8.GetBytes(text + "10.0.0.7");
        Assert.True(bytes.AsSpan().IndexOf(wanted) > 0);
        // Wherever it stands: the file may hold a former copy in a page that it no longer uses.
        for (var place = bytes.AsSpan().IndexOf(wanted); place >= 0; place = bytes.AsSpan().IndexOf(wanted))
        {
            bytes[place] ^= 0x01;
        }

        await File.WriteAllBytesAsync(Path.Combine(copy, "operations.db"), bytes);

        var verdict = await new AuditVerification(new EmbeddedAuditLog(folder.Open()), _audit.Heads, _audit.Keys).RunAsync(null, default);

        Assert.Equal((AuditBreakKind.RowChanged, number), (verdict.Break!.Kind, verdict.Break.FromRow));
    }
}
