using OpsPortal.Core.Audit;
using OpsPortal.Tests.Kit;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Audit;

/// <summary>Ten thousand acts of four days with their heads, and a hand that can change anything in the store, as somebody with the machine's rights could.</summary>
public abstract class TamperedAudit : IAsyncLifetime
{
    /// <summary>Acts kept.</summary>
    public const int Acts = 10_000;

    /// <summary>Of them, those that no head covers yet.</summary>
    public const int Uncovered = 20;

    private readonly List<AuditRow> _original = [];
    private readonly HeadKeys _keys = HeadKeys.Read(HeadKeys.New());
    private readonly HashSet<long> _touched = [];

    /// <summary>Where the heads are.</summary>
    public string Folder { get; } = Directory.CreateTempSubdirectory("opsportal-heads-").FullName;

    public HeadsFolder Heads => new(Folder);

    public HeadKeys Keys => _keys;

    /// <summary>The log as a process sees it that has just been started.</summary>
    public abstract IAuditLog Open();

    public IReadOnlyList<AuditRow> Rows => _original;

    public async Task InitializeAsync()
    {
        await StartAsync();
        var (audit, time) = (Open(), new ManualTime(Samples.Start));
        for (var i = 0; i < Acts; i++)
        {
            await audit.AppendAsync(Act(i), default);
            time.Advance(TimeSpan.FromSeconds(20));
            if (i % 1_500 == 1_499 || i == Acts - Uncovered - 1)
            {
                await new AuditSigning(audit, Heads, _keys, time).SignAsync(default);
            }
        }

        await foreach (var row in audit.ReadAsync(0, long.MaxValue, default))
        {
            _original.Add(row);
        }
    }

    public async Task DisposeAsync()
    {
        await StopAsync();
        _keys.Dispose();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Holds the store as it is now against chain and heads.</summary>
    public Task<AuditVerdict> VerifyAsync() => new AuditVerification(Open(), Heads, _keys).RunAsync(null, default);

    /// <summary>Puts these rows in the place of what has their numbers.</summary>
    public async Task PutAsync(params AuditRow[] rows)
    {
        _touched.UnionWith(rows.Select(row => row.Number));
        await WriteAsync(rows, []);
    }

    /// <summary>Takes rows out.</summary>
    public async Task RemoveAsync(long from, long to)
    {
        var numbers = Enumerable.Range(0, (int)(to - from + 1)).Select(i => from + i).ToArray();
        _touched.UnionWith(numbers);
        await WriteAsync([], numbers);
    }

    /// <summary>Makes everything as it was.</summary>
    public async Task MendAsync()
    {
        await WriteAsync([.. _touched.Where(number => number is >= 1 and <= Acts).Select(number => _original[(int)number - 1])], [.. _touched.Where(number => number is < 1 or > Acts)]);
        _touched.Clear();
    }

    protected abstract Task StartAsync();

    protected abstract Task StopAsync();

    protected abstract Task WriteAsync(IReadOnlyList<AuditRow> rows, IReadOnlyList<long> gone);

    private static AuditEntry Act(int i) =>
        new(Samples.Start.AddSeconds(20 * i), $"Operator {i % 7}", i % 3 == 0 ? "acknowledge" : "viewReadings", $"alert {i}", "10.0.0.7", "ok", i % 5 == 0 ? null : "seen, \"crew\" told\n€", $"{i:x32}");
}
