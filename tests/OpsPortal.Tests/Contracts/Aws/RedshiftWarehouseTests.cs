using OpsPortal.Core.Access;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.Redshift;

namespace OpsPortal.Tests.Contracts.Aws;

/// <summary>A provisioned cluster: a database user for every operator.</summary>
[Trait("Peer", "PostgreSQL")]
public class RedshiftWarehouseTests : WarehouseContract, IAsyncLifetime
{
    private AwsRig _process = null!;

    protected override IWarehouse Warehouse => _process.Get<IWarehouse>();

    private protected RedshiftRig Rig { get; private set; } = null!;

    private protected virtual Task<AwsRig> OpenAsync() => Task.FromResult(Rig.Open());

    protected override Task AddAsync(TrainIdentity train, string id, DateTimeOffset at) => Rig.AddAsync(train, id, at);

    [Fact]
    public async Task Bytes_are_told_by_the_plans_width_and_by_the_servers_own_sizes_where_it_has_them()
    {
        await AddAsync(Samples.Longsight(), "a1", Samples.Start);
        var plain = await EstimateAsync(Engineer(Scope.WholeFleet), "SELECT train, grade FROM anomalies");
        // PostgreSQL has no such view: as Redshift's documentation describes it, 3 blocks of 1 MB for 1,024 rows.
        await Rig.Server.RunAsync(Rig.Database, """
            CREATE VIEW opsportal.svv_table_info AS SELECT 'opsportal'::text AS "schema", 'anomalies'::text AS "table", 3::bigint AS size, 1024::numeric(38,0) AS tbl_rows, 'EVEN'::text AS diststyle, NULL::text AS sortkey1;
            GRANT SELECT ON opsportal.svv_table_info TO PUBLIC;
            """);
        var other = Engineer(Scope.WholeFleet, "contract|sizes");
        var sized = await EstimateAsync(other, "SELECT train, grade FROM anomalies");
        var kept = await EstimateAsync(Engineer(Scope.WholeFleet), "SELECT train, grade FROM anomalies");
        var narrow = await EstimateAsync(Engineer(Samples.OnlyLongsight("depot"), "contract|narrow"), "SELECT train, grade FROM anomalies");

        Assert.True(plain.Bytes > 0, string.Join("; ", plain.Words));
        Assert.Matches(@"^reads all of anomalies, .* rows?, (\d+ bytes|about [\d.]+ [kM]B)$", plain.Words[0]);
        Assert.Equal(sized.Rows * 3 * 1024, sized.Bytes);
        Assert.Equal(plain.Bytes, kept.Bytes);
        Assert.Null(narrow.Bytes);
    }

    public async Task InitializeAsync()
    {
        Rig = await RedshiftRig.StartForContractAsync();
        _process = await OpenAsync();
    }

    public async Task DisposeAsync() => await Rig.DisposeAsync();
}

/// <summary>A serverless workgroup: a login that all operators share; who asks is said in the session.</summary>
[Trait("Peer", "PostgreSQL")]
public sealed class RedshiftServerlessWarehouseTests : RedshiftWarehouseTests
{
    private protected override Task<AwsRig> OpenAsync() => Task.FromResult(Rig.Open(("Redshift:Login", "Serverless"), ("Redshift:Workgroup", "fleet")));
}

/// <summary>User and password, shared by all operators like a workgroup's.</summary>
[Trait("Peer", "PostgreSQL")]
public sealed class RedshiftPasswordWarehouseTests : RedshiftWarehouseTests
{
    private protected override Task<AwsRig> OpenAsync() =>
        Task.FromResult(Rig.Open([.. Rig.PasswordSettings.Where(setting => setting.Name != "Redshift__Port").Select(setting => (setting.Name.Replace("__", ":", StringComparison.Ordinal), setting.Value))]));
}
