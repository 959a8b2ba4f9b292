using System.Collections.Concurrent;
using OpsPortal.Adapters.Aws.Iot;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Shadows;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Aws.Iot;

/// <summary>
/// A service that remembers from run to run gets trains of new names at every test, registered before they are used (CreateThing; that the thing
/// is there already, or that the service knows no registry, is as good). Without such a service this does nothing.
/// </summary>
internal sealed class ForeignTrains(string? endpoint) : IDisposable
{
    private readonly string _suffix = endpoint is null ? "" : "-" + Guid.NewGuid().ToString("N")[..8];
    private readonly ConcurrentDictionary<string, Task> _registered = new(StringComparer.Ordinal);
    private readonly List<AwsRig> _processes = [];

    public AwsRig Open()
    {
        var keys = new AwsKeys(Variable("AWS_ACCESS_KEY_ID", "test"), Variable("AWS_SECRET_ACCESS_KEY", "test"), Environment.GetEnvironmentVariable("AWS_SESSION_TOKEN"), null);
        var process = new AwsRig(
            new ScriptedKeys(keys),
            [("Aws:Region", Variable("AWS_REGION", "us-east-1")), ("Iot:Endpoint", endpoint!), ("Iot:PollInterval", "00:00:00.100")],
            more: (services, configuration) => services.AddIotShadows(configuration));
        _processes.Add(process);
        return process;
    }

    public IDeviceShadows Wrap(IDeviceShadows shadows) => endpoint is null ? shadows : new Renamed(this, shadows);

    public IShadowDeltas Wrap(IShadowDeltas deltas) => endpoint is null ? deltas : new RenamedDeltas(this, deltas);

    public void Dispose() => _processes.ForEach(process => process.Dispose());

    private static string Variable(string name, string otherwise) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : otherwise;

    private Task RegisterAsync(string train) => _registered.GetOrAdd(train, async name =>
    {
        using var client = _processes[0].Client(new AwsService("iot", "IOT", null), new Uri(endpoint!));
        using var answer = await client.PostAsync($"things/{Uri.EscapeDataString(name)}", new StringContent("{}", System.Text.Encoding.UTF8, "application/json"));
        Assert.True((int)answer.StatusCode is < 300 or 404 or 405 or 409 or 501, $"CreateThing {name}: {(int)answer.StatusCode} {await answer.Content.ReadAsStringAsync()}");
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
