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

        var rows = await Audit.FindAsync(null, 3, default);
        var rest = await Audit.FindAsync(rows[^1].Number, 10, default);

        Assert.Equal([5, 4, 3, 2, 1], rows.Concat(rest).Select(row => row.Number));
        Assert.Equal(Entry(4), rows[0].Entry);
        Assert.Equal(5, rows.Concat(rest).Select(row => row.Hash).Distinct().Count());
    }

    [Fact]
    public async Task Two_processes_write_one_chain()
    {
        await Task.WhenAll(AppendAsync(Audit, 0, 50), AppendAsync(OpenAgain(), 100, 50), AppendAsync(Audit, 200, 50));

        var rows = await Audit.FindAsync(null, 1_000, default);

        Assert.Equal(Enumerable.Range(1, 150).Reverse().Select(i => (long)i), rows.Select(row => row.Number));
        Assert.Equal(150, rows.Select(row => row.Entry.On).Distinct().Count());
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
