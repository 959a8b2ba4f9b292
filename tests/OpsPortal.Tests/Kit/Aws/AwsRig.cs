using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Adapters.Aws;
using OpsPortal.Adapters.Aws.Signing;

namespace OpsPortal.Tests.Kit.Aws;

/// <summary>The product's AWS room as a process has it, with keys and clock of the test's.</summary>
internal sealed class AwsRig : IDisposable, IAsyncDisposable
{
    private readonly ServiceProvider _services;

    /// <param name="settings">Configuration and environment, as one reads them: <c>Aws:Region</c>, <c>AWS_ENDPOINT_URL</c>, …</param>
    public AwsRig(ICredentialSource keys, IEnumerable<(string Key, string Value)>? settings = null, TimeProvider? time = null, Action<IServiceCollection, IConfiguration>? more = null)
    {
        var all = new Dictionary<string, string?> { ["Aws:RetryDelay"] = "00:00:00.001", ["Aws:Region"] = "eu-west-2" };
        foreach (var (key, value) in settings ?? [])
        {
            all[key] = value;
        }

        var configuration = new ConfigurationBuilder().AddInMemoryCollection(all).Build();
        var services = new ServiceCollection();
        services.AddLogging().AddSingleton<IConfiguration>(configuration);
        services.AddSingleton(time ?? TimeProvider.System).AddSingleton(keys);
        services.AddSingleton(new AwsChance(time ?? TimeProvider.System, 1));
        services.AddAws(configuration);
        more?.Invoke(services, configuration);
        _services = services.BuildServiceProvider();
    }

    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>The client to a peer.</summary>
    public HttpClient Client(AwsService service, Uri endpoint, AwsAccess access = AwsAccess.SigV4, TimeSpan? timeout = null, int? retries = null) =>
        Get<AwsHttp>().Create(new AwsPeer(service) { Endpoint = endpoint, Access = access, Timeout = timeout, Retries = retries });

    public void Dispose() => _services.Dispose();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}

/// <summary>Gives keys one after another, and counts how often it was asked.</summary>
internal sealed class ScriptedKeys(params AwsKeys[] script) : ICredentialSource
{
    private int _reads;

    public static readonly AwsKeys Lasting = new("AKIDTEST", "lasting/secret", null, null);

    /// <summary>The same as <see cref="Lasting"/>, as the service knows it.</summary>
    public static readonly KnownKey Known = new("AKIDTEST", "lasting/secret");

    public int Reads => Volatile.Read(ref _reads);

    /// <summary>Awaited before each answer.</summary>
    public Func<Task> Before { get; set; } = () => Task.CompletedTask;

    public async Task<AwsKeys> ReadAsync(bool fresh, CancellationToken cancellationToken)
    {
        var read = Interlocked.Increment(ref _reads);
        await Before();
        return script[Math.Min(read, script.Length) - 1];
    }
}
