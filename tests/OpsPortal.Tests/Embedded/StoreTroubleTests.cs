using Microsoft.Data.Sqlite;
using OpsPortal.Adapters.Embedded.Alerts;
using OpsPortal.Adapters.Embedded.Audit;
using OpsPortal.Adapters.Embedded.Detection;
using OpsPortal.Adapters.Embedded.Feed;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Health;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Embedded;

/// <summary>A store that cannot work says so, and works again when it can.</summary>
[Trait("Fault", "FLT-12")]
public sealed class StoreTroubleTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public StoreTroubleTests() => _folder.Options.BusyTimeout = TimeSpan.FromMilliseconds(100);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_file_locked_by_another_process_is_said_and_heals()
    {
        var files = _folder.Open();
        var alerts = new EmbeddedAlertStore(files);
        await alerts.PutAsync(Samples.Alert("a", Samples.Longsight(), Samples.Start), 0, default);
        await using (var other = await ConnectAsync("operations.db"))
        {
            await RunAsync(other, "BEGIN IMMEDIATE");

            var trouble = await Assert.ThrowsAsync<StoreUnavailableException>(() => alerts.PutAsync(Samples.Alert("b", Samples.Longsight(), Samples.Start), 0, default));
            Assert.Contains("locked", trouble.Message, StringComparison.Ordinal);
            Assert.Equal("operations", trouble.Store);
            Assert.Contains("locked", files.Operations.Get().Problem, StringComparison.Ordinal);
            Assert.Single(await FindAsync(alerts));
        }

        await alerts.PutAsync(Samples.Alert("b", Samples.Longsight(), Samples.Start), 0, default);
        Assert.Equal(2, (await FindAsync(alerts)).Count);
        Assert.Null(files.Operations.Get().Problem);
    }

    [Fact]
    public async Task A_full_disk_is_said_nothing_half_is_kept_and_it_heals()
    {
        var files = _folder.Open();
        var anomalies = new EmbeddedAnomalyStore(files, TimeProvider.System);
        await anomalies.AppendAsync([Samples.Anomaly("before", Samples.Longsight(), Samples.Start)], default);
        // Holds for the writing connection only; it is thrown away after the failure, as if room had been made.
        await files.Operations.WriteAsync(session => session.Number("PRAGMA max_page_count=1"), default);
        var many = Enumerable.Range(0, 2_000).Select(i => Samples.Anomaly($"id{i}", Samples.Longsight(), Samples.Start)).ToList();

        var trouble = await Assert.ThrowsAsync<StoreUnavailableException>(() => anomalies.AppendAsync(many, default));

        Assert.Contains("disk is full", trouble.Message, StringComparison.Ordinal);
        Assert.Single(await FindAsync(anomalies));
        await anomalies.AppendAsync(many, default);
        Assert.Equal(1_001, (await FindAsync(anomalies)).Count);
    }

    [Fact]
    public async Task A_damaged_file_is_said_to_who_reads_writes_and_follows()
    {
        Directory.CreateDirectory(_folder.Path);
        await File.WriteAllBytesAsync(Path.Combine(_folder.Path, "operations.db"), [.. Enumerable.Repeat((byte)'x', 8_192)]);
        var files = _folder.Open();

        var trouble = await Assert.ThrowsAsync<StoreUnavailableException>(() => FindAsync(new EmbeddedAlertStore(files)));
        Assert.Contains("damaged", trouble.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<StoreUnavailableException>(() => new EmbeddedAuditLog(files).AppendAsync(new(Samples.Start, "a", "b", "c", null, "ok", null, null), default));
        await Assert.ThrowsAsync<StoreUnavailableException>(() => FirstAsync(new EmbeddedStoreChanges(files, TimeProvider.System), new StoreCursor("0")));
    }

    [Fact]
    public async Task A_file_of_a_newer_version_is_left_alone()
    {
        Directory.CreateDirectory(_folder.Path);
        await using (var other = await ConnectAsync("operations.db"))
        {
            await RunAsync(other, "PRAGMA user_version=99");
        }

        var trouble = await Assert.ThrowsAsync<StoreUnavailableException>(() => FindAsync(new EmbeddedAlertStore(_folder.Open())));

        Assert.Contains("newer version", trouble.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_cannot_be_made_is_said_and_heals()
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_folder.Path)!);
        await File.WriteAllTextAsync(_folder.Path, "in the way");
        var alerts = new EmbeddedAlertStore(_folder.Open());
        await Assert.ThrowsAsync<StoreUnavailableException>(() => FindAsync(alerts));

        File.Delete(_folder.Path);

        Assert.Empty(await FindAsync(alerts));
    }

    [Fact]
    public async Task A_replaced_store_is_not_followed_in_silence()
    {
        var changes = new EmbeddedStoreChanges(_folder.Open(), TimeProvider.System);

        await Assert.ThrowsAsync<InvalidOperationException>(() => FirstAsync(changes, new StoreCursor("1000")));
    }

    [Fact]
    public async Task What_was_confirmed_is_there_after_a_process_ended_without_a_word()
    {
        var files = _folder.Open();
        await new EmbeddedAlertStore(files).PutAsync(Samples.Alert("a", Samples.Longsight(), Samples.Start), 0, default);
        using var after = new DataFolder();
        Directory.CreateDirectory(after.Path);
        // As a kill leaves it: the log not yet in the file, its index lost with the process.
        foreach (var name in new[] { "operations.db", "operations.db-wal" })
        {
            File.Copy(Path.Combine(_folder.Path, name), Path.Combine(after.Path, name));
        }

        Assert.Single(await FindAsync(new EmbeddedAlertStore(after.Open())));
    }

    [Fact]
    public async Task Two_processes_that_start_at_once_make_one_schema()
    {
        var opened = Enumerable.Range(0, 8).Select(_ => new EmbeddedAlertStore(_folder.Open())).ToList();
        _folder.Options.BusyTimeout = TimeSpan.FromSeconds(5);

        await Task.WhenAll(opened.Select((store, i) => store.PutAsync(Samples.Alert($"{i}", Samples.Longsight(), Samples.Start), 0, default)));

        Assert.All(await Task.WhenAll(opened.Select(FindAsync)), found => Assert.Equal(8, found.Count));
    }

    private static Task<IReadOnlyList<Alert>> FindAsync(EmbeddedAlertStore store) =>
        store.FindAsync(Scope.WholeFleet, new AlertQuery(null, null, null, null, null, null, 100), default);

    private static Task<IReadOnlyList<Anomaly>> FindAsync(EmbeddedAnomalyStore store) =>
        store.FindAsync(Scope.WholeFleet, new AnomalyQuery(null, null, null, null, null, 1_001), default);

    private static async Task<StoreChanges> FirstAsync(EmbeddedStoreChanges changes, StoreCursor cursor)
    {
        await foreach (var page in changes.FollowAsync(cursor, default))
        {
            return page;
        }

        throw new InvalidOperationException("no page");
    }

    private async Task<SqliteConnection> ConnectAsync(string file)
    {
        var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, file)};Pooling=False");
        await connection.OpenAsync();
        return connection;
    }

    private static async Task RunAsync(SqliteConnection connection, string sql)
    {
        await using var command = connection.CreateCommand();
        command.CommandText = sql;
        await command.ExecuteNonQueryAsync();
    }
}
