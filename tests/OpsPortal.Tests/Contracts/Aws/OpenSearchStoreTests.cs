using OpsPortal.Core.Alerts;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.OpenSearch;

namespace OpsPortal.Tests.Contracts.Aws;

[Trait("Peer", "OpenSearch")]
public sealed class OpenSearchTrainStoreTests : TrainStoreContract, IAsyncLifetime
{
    private OpenSearchRig _rig = null!;
    private AwsRig _process = null!;

    protected override ITrainStore Trains => _process.Get<ITrainStore>();

    protected override ITrainRegistry Registry => _process.Get<ITrainRegistry>();

    public async Task InitializeAsync() => _process = (_rig = await OpenSearchRig.StartAsync()).Open();

    public async Task DisposeAsync() => await _rig.DisposeAsync();
}

[Trait("Peer", "OpenSearch")]
public sealed class OpenSearchAnomalyStoreTests : AnomalyStoreContract, IAsyncLifetime
{
    private readonly ShiftedTime _time = new();
    private OpenSearchRig _rig = null!;
    private AwsRig _process = null!;

    protected override IAnomalyStore Anomalies => _process.Get<IAnomalyStore>();

    protected override void Advance(TimeSpan by) => _time.Advance(by);

    public async Task InitializeAsync() => _process = (_rig = await OpenSearchRig.StartAsync()).Open(_time);

    public async Task DisposeAsync() => await _rig.DisposeAsync();
}

[Trait("Peer", "OpenSearch")]
public sealed class OpenSearchManyAnomaliesTests : IAsyncLifetime
{
    private OpenSearchRig _rig = null!;

    public async Task InitializeAsync() => _rig = await OpenSearchRig.StartAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Of_more_than_are_counted_at_one_moment_the_first_come_first()
    {
        var anomalies = _rig.Open().Get<IAnomalyStore>();
        await anomalies.AppendAsync([.. Enumerable.Range(0, 10_500).Select(i => Samples.Anomaly($"{99_999 - i}", Samples.Longsight(), Samples.Start))], default);

        var found = await anomalies.FindAsync(Core.Access.Scope.WholeFleet, new AnomalyQuery(null, null, null, null, null, 3), default);

        Assert.Equal(["89500", "89501", "89502"], found.Select(anomaly => anomaly.Id));
    }
}

[Trait("Peer", "OpenSearch")]
public sealed class OpenSearchAlertStoreTests : AlertStoreContract, IAsyncLifetime
{
    private OpenSearchRig _rig = null!;
    private AwsRig _process = null!;

    protected override IAlertStore Alerts => _process.Get<IAlertStore>();

    protected override IAlertStore OpenAgain() => _rig.Open().Get<IAlertStore>();

    public async Task InitializeAsync() => _process = (_rig = await OpenSearchRig.StartAsync()).Open();

    public async Task DisposeAsync() => await _rig.DisposeAsync();
}

[Trait("Peer", "OpenSearch")]
public sealed class OpenSearchDeadLettersTests : DeadLettersContract, IAsyncLifetime
{
    private OpenSearchRig _rig = null!;
    private AwsRig _process = null!;

    protected override IDeadLetters Letters => _process.Get<IDeadLetters>();

    public async Task InitializeAsync() => _process = (_rig = await OpenSearchRig.StartAsync()).Open();

    public async Task DisposeAsync() => await _rig.DisposeAsync();
}

[Trait("Peer", "OpenSearch")]
public sealed class OpenSearchReadingStoreTests : ReadingStoreContract, IAsyncLifetime
{
    private OpenSearchRig _rig = null!;
    private AwsRig _process = null!;

    protected override IReadingStore Readings => _process.Get<IReadingStore>();

    public async Task InitializeAsync() => _process = (_rig = await OpenSearchRig.StartAsync()).Open();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task A_plot_longer_than_a_page_is_whole()
    {
        await Readings.KeepAsync([.. Enumerable.Range(0, 12_000).Select(i => Window(i, i, new(i, i, i, 1)))], default);

        var points = await Readings.FindAsync(Core.Access.Scope.WholeFleet, "390-042", Pressure, Samples.Start, Samples.Start.AddDays(3), Ten, default);

        Assert.Equal(Enumerable.Range(0, 12_000).Select(i => (double)i), points.Select(point => point.Mean));
    }

    [Fact]
    public async Task The_retention_in_force_is_told()
    {
        await Readings.KeepAsync([Window(0, 1, new(1, 1, 1, 1)), Window(9, 2, new(1, 1, 1, 1))], default);

        var retention = await _process.Get<IReadingRetention>().GetAsync(default);

        Assert.Equal((TimeSpan.FromDays(7), Samples.Start), (retention.KeptFor, retention.Oldest));
        Assert.True(retention.UsedBytes > 0);
    }
}

[Trait("Peer", "OpenSearch")]
public sealed class OpenSearchAuditLogTests : AuditLogContract, IAsyncLifetime
{
    private OpenSearchRig _rig = null!;
    private AwsRig _process = null!;

    protected override IAuditLog Audit => _process.Get<IAuditLog>();

    protected override IAuditLog OpenAgain() => _rig.Open().Get<IAuditLog>();

    public async Task InitializeAsync() => _process = (_rig = await OpenSearchRig.StartAsync()).Open();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Theory]
    [InlineData("0001-01-01T00:00:00Z", 3)]
    [InlineData("1969-12-25T12:00:00Z", 3)]
    [InlineData("2026-11-21T20:00:01.0000001Z", 1)]
    [InlineData("9999-12-31T23:59:59.9999999Z", 0)]
    public async Task Times_of_a_filter_may_be_any_that_a_clock_can_show(string text, int since)
    {
        var at = DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        await AppendAsync(Audit, 0, 3);

        var (from, to) = (await Audit.FindAsync(AuditQuery.Newest(10) with { From = at }, default), await Audit.FindAsync(AuditQuery.Newest(10) with { To = at }, default));

        // By the millisecond: the row of the very one counts on both sides.
        Assert.Equal(since == 1 ? (2, 2) : (since, 3 - since), (from.Count, to.Count));
    }

    [Fact]
    public async Task A_chain_written_by_many_is_whole()
    {
        await Task.WhenAll(AppendAsync(Audit, 0, 30), AppendAsync(OpenAgain(), 100, 30), AppendAsync(OpenAgain(), 200, 30));

        var before = AuditChain.Start;
        foreach (var row in await ReadAsync(OpenAgain(), 0, long.MaxValue))
        {
            Assert.Equal(AuditChain.Hash(before, row.Number, row.Entry), row.Hash);
            before = row.Hash;
        }

        Assert.Equal(90, (await OpenAgain().FindAsync(AuditQuery.Newest(1_000), default)).Count);
    }
}

[Trait("Peer", "OpenSearch")]
public sealed class OpenSearchStoreChangesTests : StoreChangesContract, IAsyncLifetime
{
    private OpenSearchRig _rig = null!;

    protected override Stores Here => _here!;

    private Stores? _here;

    protected override Stores OpenAgain()
    {
        var process = _rig.Open();
        return new Stores(process.Get<ITrainStore>(), process.Get<IAnomalyStore>(), process.Get<IAlertStore>(), process.Get<IStoreChanges>());
    }

    public async Task InitializeAsync()
    {
        _rig = await OpenSearchRig.StartAsync();
        _here = OpenAgain();
    }

    public async Task DisposeAsync() => await _rig.DisposeAsync();
}
