using System.Collections.Concurrent;
using OpsPortal.Adapters.Aws.Iot;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Shadows;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Aws.Iot;

/// <summary>
/// A service that remembers from run to run gets trains of new names at every test, registered before they are used (CreateThing; that the thing
/// is there already, or that the service knows no registry or no signature but the data plane's, is as good: a thing that is missed is said by the update). Without such a service this does nothing.
/// </summary>
internal sealed class ForeignTrains(Elsewhere? other) : IDisposable
{
    private static readonly AwsService Registry = new("iot", "IOT", null);

    private readonly string _suffix = other is null ? "" : "-" + Guid.NewGuid().ToString("N")[..8];
    private readonly ConcurrentDictionary<string, Task> _registered = new(StringComparer.Ordinal);
    private readonly List<AwsRig> _processes = [];

    public AwsRig Open()
    {
        var process = new AwsRig(
            new ScriptedKeys(other!.Keys),
            [("Aws:Region", other.Region), ("Iot:Endpoint", other.Address.AbsoluteUri), ("Iot:PollInterval", "00:00:00.100")],
            more: (services, configuration) => services.AddIotShadows(configuration));
        _processes.Add(process);
        return process;
    }

    public IDeviceShadows Wrap(IDeviceShadows shadows) => other is null ? shadows : new Renamed(this, shadows);

    public IShadowDeltas Wrap(IShadowDeltas deltas) => other is null ? deltas : new RenamedDeltas(this, deltas);

    public void Dispose() => _processes.ForEach(process => process.Dispose());

    private Task RegisterAsync(string train) => _registered.GetOrAdd(train, async name =>
    {
        using var client = _processes[0].Client(Registry, Elsewhere.Of(Registry)?.Address ?? other!.Address);
        using var answer = await client.PostAsync($"things/{Uri.EscapeDataString(name)}", new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));
        Assert.True((int)answer.StatusCode is < 300 or 403 or 404 or 405 or 409 or 501, $"CreateThing {name}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
    });

    private async Task<string> NameAsync(string train)
    {
        ShadowRules.RefuseBadName(train, "x");
        await RegisterAsync(train + _suffix);
        return train + _suffix;
    }

    private sealed class Renamed(ForeignTrains trains, IDeviceShadows shadows) : IDeviceShadows
    {
        public async Task<DeviceShadow?> GetAsync(string trainId, string name, CancellationToken cancellationToken) =>
            await shadows.GetAsync(await trains.NameAsync(trainId), name, cancellationToken);

        public async Task<DeviceShadow> UpdateAsync(string trainId, string name, ShadowChange change, CancellationToken cancellationToken) =>
            await shadows.UpdateAsync(await trains.NameAsync(trainId), name, change, cancellationToken);

        public async Task DeleteAsync(string trainId, string name, CancellationToken cancellationToken) =>
            await shadows.DeleteAsync(await trains.NameAsync(trainId), name, cancellationToken);

        public async Task<IReadOnlyList<string>> FindNamesAsync(string trainId, CancellationToken cancellationToken) =>
            await shadows.FindNamesAsync(await trains.NameAsync(trainId), cancellationToken);
    }

    private sealed class RenamedDeltas(ForeignTrains trains, IShadowDeltas deltas) : IShadowDeltas
    {
        // Listening begins at once: the name is known without asking anybody.
        public IAsyncEnumerable<DeviceShadow> WatchAsync(string trainId, string name, CancellationToken cancellationToken) =>
            deltas.WatchAsync(trainId + trains._suffix, name, cancellationToken);
    }
}
