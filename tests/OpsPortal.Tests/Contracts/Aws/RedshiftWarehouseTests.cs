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

    public async Task InitializeAsync()
    {
        Rig = await RedshiftRig.StartAsync();
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
