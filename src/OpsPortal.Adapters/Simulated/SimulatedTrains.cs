using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Simulated.Dirt;
using OpsPortal.Adapters.Simulated.Faults;
using OpsPortal.Adapters.Simulated.Network;
using OpsPortal.Adapters.Simulated.Recordings;
using OpsPortal.Adapters.Simulated.Shadows;
using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Shadows;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated;

/// <summary>The part Trains: a simulated fleet, and recordings of real trains beside it.</summary>
public static class SimulatedTrains
{
    /// <summary>Adds the network (<see cref="INetwork"/>), which the map needs with or without simulated trains.</summary>
    public static IServiceCollection AddSimulatedNetwork(this IServiceCollection services, IConfiguration configuration)
    {
        if (services.Any(service => service.ServiceType == typeof(SimulatedNetwork)))
        {
            // Bound once: bound twice, every recording would be there twice.
            return services;
        }

        services.AddOptions<TrainsOptions>()
            .Bind(configuration.GetSection(TrainsOptions.Section))
            .Configure(options => options.Folder = configuration["Data:Folder"] ?? options.Folder)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TrainsOptions>, TrainsOptionsCheck>());
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(provider => ReadNetwork(Options(provider)));
        services.TryAddSingleton<INetwork>(provider => provider.GetRequiredService<SimulatedNetwork>());
        return services;
    }

    /// <summary>Adds the fleet, its loop, <see cref="IFaultPlanter"/>, <see cref="IRecordings"/> and <see cref="IInjectedDirt"/>. Needs the intake, the registry and the shadows of some adapter.</summary>
    public static IServiceCollection AddSimulatedTrains(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSimulatedNetwork(configuration);
        services.AddSingleton(provider => new SimulatedFleet(FleetMaker.Make(provider.GetRequiredService<SimulatedNetwork>(), Options(provider).Count, Options(provider).Seed, Options(provider).Wear)));
        services.AddSingleton(provider => new PlayedClock(provider.GetRequiredService<TimeProvider>(), Options(provider).Speed));
        services.AddSingleton(provider => new TruthFile(Path.Combine(Options(provider).Folder, "truth.ndjson")));
        services.AddSingleton(provider => new FaultPlanter(provider.GetRequiredService<SimulatedFleet>(), provider.GetRequiredService<TruthFile>(), Options(provider).Seed));
        services.AddSingleton<WornParts>();
        services.AddSingleton<IFaultPlanter>(provider => provider.GetRequiredService<FaultPlanter>());
        services.AddSingleton(provider => new RecordingShelf(provider.GetService<ILogger<RecordingShelf>>()));
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<TrainsOptions>, RecordingsCheck>());
        services.AddSingleton<IRecordings>(provider => provider.GetRequiredService<RecordingShelf>());
        // Annotations are not followed into a part of another options class; bound as its own it is checked, too.
        services.AddOptions<DirtOptions>().Bind(configuration.GetSection(DirtOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton(provider => new DirtSpreader(Options(provider).Dirt, Options(provider).Seed));
        services.AddSingleton<IInjectedDirt>(provider => provider.GetRequiredService<DirtSpreader>());
        services.AddSingleton(MakeShadowClients);
        services.AddSingleton<TrainParts>();
        services.AddHostedService<TrainsService>();
        return services;
    }

    private static TrainsOptions Options(IServiceProvider provider) => provider.GetRequiredService<IOptions<TrainsOptions>>().Value;

    private static SimulatedNetwork ReadNetwork(TrainsOptions options) =>
        string.IsNullOrEmpty(options.Network) ? NetworkFile.ReadEmbedded() : NetworkFile.ReadFile(options.Network);

    private static ShadowClients MakeShadowClients(IServiceProvider provider)
    {
        var clock = provider.GetRequiredService<PlayedClock>();
        return new ShadowClients(
            provider.GetRequiredService<IDeviceShadows>(),
            provider.GetRequiredService<IShadowDeltas>(),
            () => clock.Now,
            new ShadowRetry(provider.GetRequiredService<TimeProvider>(), Options(provider).Seed),
            provider.GetRequiredService<ILogger<ShadowClients>>());
    }
}
