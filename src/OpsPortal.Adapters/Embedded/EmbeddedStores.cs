using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using OpsPortal.Adapters.Embedded.Alerts;
using OpsPortal.Adapters.Embedded.Audit;
using OpsPortal.Adapters.Embedded.Detection;
using OpsPortal.Adapters.Embedded.Extracts;
using OpsPortal.Adapters.Embedded.Feed;
using OpsPortal.Adapters.Embedded.Fleet;
using OpsPortal.Adapters.Embedded.Reports;
using OpsPortal.Adapters.Embedded.Shadows;
using OpsPortal.Adapters.Embedded.Telemetry;
using OpsPortal.Adapters.Embedded.Warehouse;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Health;
using OpsPortal.Core.Reports.Mail;
using OpsPortal.Core.Shadows;
using OpsPortal.Core.Telemetry;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Embedded;

/// <summary>The embedded stores: everything in files of one folder, no other program needed.</summary>
public static class EmbeddedStores
{
    /// <summary>Adds an embedded adapter for every store port. Options: section <c>Data</c>.</summary>
    public static IServiceCollection AddEmbeddedStores(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<DataOptions>().Bind(configuration.GetSection(DataOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<EmbeddedFiles>();
        services.AddSingleton<EmbeddedSource>();
        services.AddSingleton<ITelemetryIntake>(provider => provider.GetRequiredService<EmbeddedSource>());
        services.AddSingleton<ITelemetrySource>(provider => provider.GetRequiredService<EmbeddedSource>());
        services.AddSingleton<IDeadLetters, EmbeddedDeadLetters>();
        services.AddSingleton<IReadingStore, EmbeddedReadingStore>();
        services.AddSingleton<ITrainRegistry, EmbeddedTrainRegistry>();
        services.AddSingleton<ITrainStore, EmbeddedTrainStore>();
        services.AddSingleton<IAnomalyStore, EmbeddedAnomalyStore>();
        services.AddSingleton<IDetectorSnapshots, EmbeddedDetectorSnapshots>();
        services.AddSingleton<IAlertStore, EmbeddedAlertStore>();
        services.AddSingleton<IStoreChanges, EmbeddedStoreChanges>();
        services.AddSingleton<EmbeddedDeviceShadows>();
        services.AddSingleton<IDeviceShadows>(provider => provider.GetRequiredService<EmbeddedDeviceShadows>());
        services.AddSingleton<IShadowDeltas>(provider => provider.GetRequiredService<EmbeddedDeviceShadows>());
        services.AddSingleton<IAuditLog, EmbeddedAuditLog>();
        services.AddSingleton<EmbeddedReadingRetention>();
        services.AddSingleton<IReadingRetention>(provider => provider.GetRequiredService<EmbeddedReadingRetention>());
        services.AddLoop<EmbeddedReadingRetention>();
        services.AddSingleton<IWarehouse, EmbeddedWarehouse>();
        services.AddSingleton<IUnloading>(new NoUnloading("The embedded warehouse writes no files of its own, Amazon Redshift does. Download the rows as CSV or NDJSON."));
        services.AddSingleton<WarehouseFilling>();
        services.AddLoop<WarehouseFilling>();
        services.AddSingleton<EmbeddedSavedQueries>();
        services.AddSingleton<ISavedQueries>(provider => provider.GetRequiredService<EmbeddedSavedQueries>());
        services.AddSingleton<IQueryHistory>(provider => provider.GetRequiredService<EmbeddedSavedQueries>());
        services.AddHealth(provider => provider.GetRequiredService<EmbeddedSavedQueries>());
        services.AddSingleton<EmbeddedMailedReports>();
        services.AddSingleton<IMailedReports>(provider => provider.GetRequiredService<EmbeddedMailedReports>());
        services.AddHealth(provider => provider.GetRequiredService<EmbeddedMailedReports>());
        services.AddSingleton<IRawFiles, EmbeddedRawFiles>();
        services.AddSingleton<RawClosing>();
        services.AddSingleton<IRawFileClosing>(provider => provider.GetRequiredService<RawClosing>());
        services.AddSingleton<EmbeddedExtractStore>();
        services.AddSingleton<IExtractStore>(provider => provider.GetRequiredService<EmbeddedExtractStore>());
        services.AddHealth(provider => provider.GetRequiredService<EmbeddedExtractStore>());
        services.AddSingleton<ExtractChoice>();
        services.AddSingleton<RawArchive>();
        services.AddLoop<RawArchive>();
        services.AddHealth(provider => provider.GetRequiredService<EmbeddedFiles>().Source);
        services.AddHealth(provider => provider.GetRequiredService<EmbeddedFiles>().Operations);
        services.AddHealth(provider => provider.GetRequiredService<EmbeddedFiles>().Detector);
        services.AddHealth(provider => provider.GetRequiredService<EmbeddedFiles>().Readings);
        services.AddHealth(provider => provider.GetRequiredService<EmbeddedFiles>().Shadows);
        services.AddHealth(provider => provider.GetRequiredService<EmbeddedFiles>().Warehouse);
        return services;
    }

    private static void AddLoop<T>(this IServiceCollection services)
        where T : class, IHostedService, IServiceHealth
    {
        services.AddHealth(provider => provider.GetRequiredService<T>());
        services.AddHostedService(provider => provider.GetRequiredService<T>());
    }

    private static void AddHealth(this IServiceCollection services, Func<IServiceProvider, IServiceHealth> find) =>
        services.AddSingleton<IServiceHealth>(provider => new HealthOf(find(provider)));
}
