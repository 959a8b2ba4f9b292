using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpsPortal.Adapters.Embedded;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Tests.Kit;

/// <summary>The embedded stores on a data folder of their own, with what stands on them: the fakes of every test.</summary>
public sealed class EmbeddedHouse : IAsyncDisposable
{
    private readonly bool _ownsFolder;
    private readonly ServiceProvider _services;

    /// <param name="folder">An existing data folder (a second process on the same data), or null for a fresh one.</param>
    public EmbeddedHouse(TimeProvider? time = null, string? folder = null, Action<IServiceCollection>? more = null)
    {
        _ownsFolder = folder is null;
        Folder = folder ?? Directory.CreateTempSubdirectory("opsportal-house-").FullName;
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Data:Folder"] = Folder }).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration).AddLogging(logging => logging.SetMinimumLevel(LogLevel.Error));
        services.AddSingleton(time ?? TimeProvider.System);
        services.AddEmbeddedStores(configuration);
        services.AddSingleton<AlertBook>().AddSingleton<PipelineFigures>().AddSingleton<TellingRecord>().AddSingleton<TrainTelling>();
        services.AddSingleton<PipelineSetting>().AddSingleton<DetectorStores>().AddSingleton<DetectorKeeping>();
        more?.Invoke(services);
        _services = services.BuildServiceProvider();
    }

    public string Folder { get; }

    /// <summary>The adapter behind a port, or what stands on it.</summary>
    public T Get<T>()
        where T : notnull => _services.GetRequiredService<T>();

    /// <summary>A new instance, made from what is here.</summary>
    public T Make<T>() => ActivatorUtilities.CreateInstance<T>(_services);

    public async ValueTask DisposeAsync()
    {
        await _services.DisposeAsync();
        if (_ownsFolder)
        {
            Directory.Delete(Folder, recursive: true);
        }
    }
}
