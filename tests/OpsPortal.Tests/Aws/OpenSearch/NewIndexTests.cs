using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Health;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.OpenSearch;

namespace OpsPortal.Tests.Aws.OpenSearch;

/// <summary>An index is there before its shards have started: until then searches of it are refused, and reads say so document by document.</summary>
[Trait("Peer", "OpenSearchStub")]
public sealed class NewIndexTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private OpenSearchRig _rig = null!;

    public async Task InitializeAsync() => _rig = await OpenSearchRig.StartStubAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task Who_follows_and_who_searches_while_a_months_first_anomaly_comes_sees_no_failure()
    {
        var (writer, reader) = (Open(), Open());
        await using var run = await FollowerRun.StartAsync(reader.Get<IStoreChanges>());
        _rig.Stub.StartShardsAfter(TimeSpan.FromMilliseconds(400));

        var writing = writer.Get<IAnomalyStore>().AppendAsync([Samples.Anomaly("first", Samples.Longsight(), Samples.Start)], default);
        await Eventually.IsTrueAsync("the index is there", Patience, () => Task.FromResult(_rig.Stub.Look(indices => indices.All.Any(index => index.Name.Contains("-anomalies-", StringComparison.Ordinal)))));
        await reader.Get<IAnomalyStore>().FindAsync(Scope.WholeFleet, new AnomalyQuery(null, null, null, null, null, 10), default);
        await writing;
        await Eventually.IsTrueAsync("it is told", Patience, () => Task.FromResult(!run.Anomalies.IsEmpty));

        Assert.Equal(["first"], run.Anomalies);
        Assert.Empty(run.Failures);
        Assert.Contains(_rig.Stub.Received, request => request.Path.EndsWith("-anomalies-*/_search", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Two_processes_begin_one_audit()
    {
        var (here, there) = (Open().Get<IAuditLog>(), Open().Get<IAuditLog>());
        await here.FindAsync(AuditQuery.Newest(1), default);
        await there.FindAsync(AuditQuery.Newest(1), default);
        _rig.Stub.StartShardsAfter(TimeSpan.FromMilliseconds(400));

        await Task.WhenAll(AppendAsync(here, "a"), AppendAsync(there, "b"));

        Assert.Equal([2, 1], (await Open().Get<IAuditLog>().FindAsync(AuditQuery.Newest(10), default)).Select(row => row.Number));
    }

    [Fact]
    public async Task A_shard_that_does_not_start_is_said_after_all_attempts()
    {
        var process = Open(("OpenSearch:Retries", "1"));
        await process.Get<IAuditLog>().FindAsync(AuditQuery.Newest(1), default);
        var before = Reads();
        _rig.Stub.StartShardsAfter(TimeSpan.FromMinutes(1));
        _rig.Stub.Look(indices => indices.Create($"{_rig.Prefix}audit-00000", null));

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => process.Get<Adapters.Aws.OpenSearch.Audit.AuditRows>().GetAsync(1, 3, default));

        Assert.Contains("document 1 of", failure.Problem, StringComparison.Ordinal);
        Assert.Contains("no_shard_available_action_exception", failure.Problem, StringComparison.Ordinal);
        Assert.Equal(before + 2, Reads());
    }

    [Fact]
    public async Task An_index_whose_making_ran_out_of_time_is_waited_for()
    {
        _rig.Stub.StartShardsAfter(TimeSpan.FromSeconds(2));

        await Open(("OpenSearch:Timeout", "00:00:01.500")).Get<Schema>().EnsureAsync(default);

        Assert.True(_rig.Stub.Look(indices => indices.All.All(index => index.IsStarted)));
        Assert.Equal(2, _rig.Stub.Received.Count(request => request.Method == "PUT" && request.Path == $"/{_rig.Prefix}alerts"));
    }

    [Fact]
    public async Task A_process_that_starts_while_the_server_still_does_waits_for_its_shards()
    {
        await Open().Get<Schema>().EnsureAsync(default);
        _rig.Stub.StartShardsAfter(TimeSpan.FromSeconds(1.5));
        _rig.Stub.Look(indices =>
        {
            indices.Delete($"{_rig.Prefix}alerts");
            return indices.Create($"{_rig.Prefix}alerts", null);
        });

        await Open().Get<Schema>().EnsureAsync(default);

        Assert.True(_rig.Stub.Look(indices => indices.Find($"{_rig.Prefix}alerts")!.IsStarted));
    }

    [Fact]
    public async Task A_shard_that_never_starts_holds_nothing_else_up()
    {
        await Open().Get<Schema>().EnsureAsync(default);
        _rig.Stub.StartShardsAfter(TimeSpan.FromHours(1));
        _rig.Stub.Look(indices => indices.Create($"{_rig.Prefix}anomalies-2024.01", null));

        var process = Open(("OpenSearch:Retries", "1"));
        await process.Get<Schema>().EnsureAsync(default);

        Assert.Empty(await process.Get<Core.Alerts.IAlertStore>().FindUndeliveredAsync(null, 10, default));
        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => process.Get<IAnomalyStore>().FindAsync(Scope.WholeFleet, new AnomalyQuery(null, null, null, null, null, 10), default));
        Assert.Contains("anomalies-2024.01", failure.Problem, StringComparison.Ordinal);
    }

    private int Reads() => _rig.Stub.Received.Count(request => request.Path == "/_mget");

    private static Task AppendAsync(IAuditLog audit, string who) => audit.AppendAsync(new AuditEntry(Samples.Start, who, "signIn", "portal", null, "ok", null, null), default);

    private AwsRig Open(params (string Key, string Value)[] settings) => _rig.Open(settings: [("Aws:RetryDelay", "00:00:00.100"), .. settings]);
}
