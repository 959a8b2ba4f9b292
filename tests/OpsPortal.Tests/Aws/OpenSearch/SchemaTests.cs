using System.Text.Json.Nodes;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Core.Access;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Health;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.OpenSearch;

namespace OpsPortal.Tests.Aws.OpenSearch;

/// <summary>Making the server ready: who it is, templates, indices that are there.</summary>
[Trait("Peer", "OpenSearchStub")]
public sealed class SchemaTests : IAsyncLifetime
{
    private OpenSearchRig _rig = null!;

    public async Task InitializeAsync() => _rig = await OpenSearchRig.StartStubAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Trait("Fault", "FLT-10")]
    [Fact]
    public async Task Mappings_are_strict_and_refresh_is_said_for_every_index()
    {
        await KeepOfEachKindAsync();

        _rig.Stub.Look(indices =>
        {
            Assert.All(indices.All, index =>
            {
                Assert.True(index.Mapping.IsStrict, index.Name);
                Assert.Contains("index.refresh_interval", index.Settings);
                Assert.Equal("1", index.Settings["index.number_of_shards"]);
                Assert.Equal("0-1", index.Settings["index.auto_expand_replicas"]);
            });
            Assert.Equal("200ms", indices.Find($"{_rig.Prefix}alerts")!.Settings["index.refresh_interval"]);
            Assert.Equal("1000ms", indices.Find($"{_rig.Prefix}trains")!.Settings["index.refresh_interval"]);
            return 0;
        });
    }

    [Fact]
    public async Task A_newer_versions_template_and_fields_stay_when_an_older_node_starts()
    {
        await _rig.Open().Get<Schema>().EnsureAsync(default);
        _rig.Stub.Look(indices =>
        {
            indices.PutTemplate($"{_rig.Prefix}anomalies-v{Mappings.Version + 1}", Newer(), mustBeNew: true);
            return indices.Create($"{_rig.Prefix}anomalies-2026.11", null);
        });

        await _rig.Open().Get<Schema>().EnsureAsync(default);

        _rig.Stub.Look(indices =>
        {
            Assert.True(indices.Find($"{_rig.Prefix}anomalies-2026.11")!.Mapping.Knows("weather"));
            Assert.True(indices.Create($"{_rig.Prefix}anomalies-2026.12", null).Mapping.Knows("weather"));
            return 0;
        });
    }

    [Fact]
    public async Task An_index_that_is_there_gets_the_fields_it_lacks()
    {
        _rig.Stub.Look(indices => indices.Create($"{_rig.Prefix}anomalies-2026.11", new JsonObject { ["mappings"] = new JsonObject { ["dynamic"] = "strict", ["properties"] = new JsonObject { ["id"] = new JsonObject { ["type"] = "keyword" } } } }));

        var process = _rig.Open();
        await process.Get<IAnomalyStore>().AppendAsync([Samples.Anomaly("a", Samples.Longsight(), Samples.Start)], default);

        Assert.Equal("long", _rig.Stub.Look(indices => indices.Find($"{_rig.Prefix}anomalies-2026.11")!.Mapping.TypeOf("measuredTicks")));
        Assert.Single(await process.Get<IAnomalyStore>().FindAsync(Scope.WholeFleet, new AnomalyQuery(null, null, null, null, null, 100), default));
    }

    [Fact]
    [Trait("Fault", "FLT-11")]
    public async Task A_mapping_that_conflicts_is_one_message_that_names_index_and_field()
    {
        _rig.Stub.Look(indices => indices.Create($"{_rig.Prefix}alerts", new JsonObject { ["mappings"] = new JsonObject { ["properties"] = new JsonObject { ["severity"] = new JsonObject { ["type"] = "keyword" } } } }));
        var process = _rig.Open();

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(async () => await process.Get<Schema>().EnsureAsync(default));

        Assert.Contains("alerts: illegal_argument_exception: mapper [severity] cannot be changed from type [keyword] to [integer]", failure.Problem, StringComparison.Ordinal);
        Assert.Equal(failure.Problem, process.Get<IServiceHealth>().Get().Problem);
    }

    [Theory]
    [InlineData("opensearch", "2.19.1", null)]
    [InlineData("opensearch", "3.0.0-SNAPSHOT", null)]
    [InlineData("opensearch", "3.3.2", null)]
    [InlineData("opensearch", "1.3.20", "OpenSearch 1.3.20")]
    [InlineData("opensearch", "10.0.0", "OpenSearch 10.0.0")]
    [InlineData(null, "8.15.0", "Elasticsearch 8.15.0")]
    [InlineData(null, "7.10.2", "compatibility mode")]
    public async Task The_server_is_looked_at_before_anything_is_written(string? distribution, string number, string? problem)
    {
        _rig.Stub.Root = new JsonObject { ["version"] = new JsonObject { ["distribution"] = distribution, ["number"] = number } };
        var process = _rig.Open();

        var failure = await Record.ExceptionAsync(() => process.Get<IAnomalyStore>().AppendAsync([Samples.Anomaly("a", Samples.Longsight(), Samples.Start)], default));

        Assert.Equal(problem is null, failure is null);
        Assert.Contains(problem ?? "", failure?.Message ?? "", StringComparison.Ordinal);
        Assert.Equal(problem is not null, _rig.Stub.Look(indices => indices.Templates.Count == 0));
    }

    [Fact]
    public async Task A_server_that_comes_back_empty_is_made_ready_before_anything_is_written_to_it()
    {
        var process = _rig.Open(settings: ("OpenSearch:Retries", "0"));
        await KeepAnomalyAsync(process.Get<IAnomalyStore>(), "before");
        using (_rig.Proxy.Set(TcpFault.Refuse))
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => KeepAnomalyAsync(process.Get<IAnomalyStore>(), "away"));
            _rig.Stub.LoseEverything();
        }

        await KeepWhenItCanBeKeptAsync(process.Get<IAnomalyStore>());

        Assert.Equal(IndexFamily.All.Count, _rig.Stub.Look(indices => indices.Templates.Count));
        Assert.All(_rig.Stub.Look(indices => indices.All.ToList()), index => Assert.True(index.Mapping.IsStrict, index.Name));
    }

    [Fact]
    public async Task A_server_that_comes_back_as_it_was_is_only_looked_at()
    {
        var process = _rig.Open(settings: ("OpenSearch:Retries", "0"));
        await KeepAnomalyAsync(process.Get<IAnomalyStore>(), "before");
        var (looks, templates) = (Requests("/"), Requests($"/_index_template/{_rig.Prefix}alerts-v{Mappings.Version}"));
        using (_rig.Proxy.Set(TcpFault.Refuse))
        {
            await Assert.ThrowsAsync<StoreUnavailableException>(() => KeepAnomalyAsync(process.Get<IAnomalyStore>(), "away"));
        }

        await KeepWhenItCanBeKeptAsync(process.Get<IAnomalyStore>());

        Assert.Equal((looks + 1, templates), (Requests("/"), Requests($"/_index_template/{_rig.Prefix}alerts-v{Mappings.Version}")));
    }

    private int Requests(string path) => _rig.Stub.Received.Count(request => request.Path == path);

    private static Task KeepAnomalyAsync(IAnomalyStore anomalies, string id) => anomalies.AppendAsync([Samples.Anomaly(id, Samples.Longsight(), Samples.Start)], default);

    private static Task KeepWhenItCanBeKeptAsync(IAnomalyStore anomalies) => Eventually.IsTrueAsync("it can be kept", TimeSpan.FromSeconds(20), async () =>
    {
        try
        {
            await KeepAnomalyAsync(anomalies, "after");
            return true;
        }
        catch (StoreUnavailableException)
        {
            return false;
        }
    });

    private static JsonObject Newer() => new()
    {
        ["index_patterns"] = new JsonArray("*-anomalies-*"),
        ["priority"] = 201 + Mappings.Version,
        ["template"] = new JsonObject { ["mappings"] = new JsonObject { ["dynamic"] = "strict", ["properties"] = new JsonObject { ["weather"] = new JsonObject { ["type"] = "keyword" } } } },
    };

    private async Task KeepOfEachKindAsync()
    {
        var process = _rig.Open();
        await process.Get<IAnomalyStore>().AppendAsync([Samples.Anomaly("a", Samples.Longsight(), Samples.Start)], default);
        await process.Get<ITrainStore>().KeepAsync([Samples.State(Samples.Longsight(), 1)], default);
        await process.Get<IDeadLetters>().AppendAsync([new DeadLetter(1, Samples.Start, "malformedJson", "", new byte[] { 1 })], default);
        await process.Get<Core.Audit.IAuditLog>().AppendAsync(new Core.Audit.AuditEntry(Samples.Start, "a", "b", "c", null, "ok", null, null), default);
    }
}
