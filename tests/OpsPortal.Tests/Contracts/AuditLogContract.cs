using OpsPortal.Core.Audit;

namespace OpsPortal.Tests.Contracts;

/// <summary>What every audit log keeps to.</summary>
public abstract class AuditLogContract
{
    protected abstract IAuditLog Audit { get; }

    /// <summary>The same log as another process sees it.</summary>
    protected abstract IAuditLog OpenAgain();

    [Fact]
    public async Task Entries_come_back_newest_first_and_numbered_without_a_gap()
    {
        await AppendAsync(Audit, 0, 5);

        var rows = await Audit.FindAsync(AuditQuery.Newest(3), default);
        var rest = await Audit.FindAsync(AuditQuery.Newest(10, rows[^1].Number), default);

        Assert.Equal([5, 4, 3, 2, 1], rows.Concat(rest).Select(row => row.Number));
        Assert.Equal(Entry(4), rows[0].Entry);
        Assert.Equal(5, rows.Concat(rest).Select(row => row.Hash).Distinct().Count());
    }

    [Fact]
    public async Task Two_processes_write_one_chain()
    {
        await Task.WhenAll(AppendAsync(Audit, 0, 50), AppendAsync(OpenAgain(), 100, 50), AppendAsync(Audit, 200, 50));

        var rows = await Audit.FindAsync(AuditQuery.Newest(1_000), default);

        Assert.Equal(Enumerable.Range(1, 150).Reverse().Select(i => (long)i), rows.Select(row => row.Number));
        Assert.Equal(150, rows.Select(row => row.Entry.On).Distinct().Count());
    }

    [Fact]
    public async Task All_rows_are_read_oldest_first_from_any_place_and_up_to_any_number()
    {
        await AppendAsync(Audit, 0, 12);

        Assert.Equal(Enumerable.Range(1, 12).Select(i => (long)i), (await ReadAsync(OpenAgain(), 0, long.MaxValue)).Select(row => row.Number));
        Assert.Equal([6, 7, 8], (await ReadAsync(Audit, 5, 3)).Select(row => row.Number));
        Assert.Equal(Entry(5), (await ReadAsync(Audit, 5, 1)).Single().Entry);
        Assert.Empty(await ReadAsync(Audit, 12, 10));
    }

    [Fact]
    public async Task Filters_narrow_by_the_whole_text_by_time_and_by_place()
    {
        await AppendAsync(Audit, 0, 10);
        await Audit.AppendAsync(Entry(20) with { Who = "Operator Two", Act = "signIn", On = "persona:operator:Two", Outcome = "refused", Correlation = "0af7651916cd43dd8448eb211c80319c" }, default);

        async Task<IEnumerable<long>> Found(AuditQuery query) => (await Audit.FindAsync(query, default)).Select(row => row.Number);
        var all = AuditQuery.Newest(100);
        Assert.Equal([11], await Found(all with { Who = "Operator Two" }));
        Assert.Empty(await Found(all with { Who = "Operator" }));
        Assert.Equal([11], await Found(all with { Act = "signIn" }));
        Assert.Equal([4], await Found(all with { On = "alert 3" }));
        Assert.Equal([11], await Found(all with { Outcome = "refused" }));
        Assert.Equal([11], await Found(all with { Correlation = "0af7651916cd43dd8448eb211c80319c" }));
        Assert.Equal([8, 7, 6], await Found(all with { From = Samples.Start.AddSeconds(5), To = Samples.Start.AddSeconds(8) }));
        Assert.Equal([5, 4], await Found(all with { Who = "Operator One", Before = 6, Limit = 2 }));
        Assert.Empty(await Found(all with { Who = "' OR 1=1 --" }));
    }

    protected static async Task<List<AuditRow>> ReadAsync(IAuditLog audit, long after, long limit)
    {
        var rows = new List<AuditRow>();
        await foreach (var row in audit.ReadAsync(after, limit, default))
        {
            rows.Add(row);
        }

        return rows;
    }

    protected static AuditEntry Entry(int i) => new(Samples.Start.AddSeconds(i), "Operator One", "acknowledge", $"alert {i}", "127.0.0.1", "ok", i % 2 == 0 ? null : "a \"note\"\n\u20ac", null);

    protected static async Task AppendAsync(IAuditLog audit, int first, int count)
    {
        for (var i = first; i < first + count; i++)
        {
            await audit.AppendAsync(Entry(i), default);
        }
    }
}
