using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.OpenSearch.Alerts;
using OpsPortal.Adapters.Aws.OpenSearch.Audit;
using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Adapters.Aws.OpenSearch.Detection;
using OpsPortal.Adapters.Aws.OpenSearch.Feed;
using OpsPortal.Adapters.Aws.OpenSearch.Fleet;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Adapters.Aws.OpenSearch.Telemetry;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Health;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Aws.OpenSearch;

/// <summary>Operational documents in OpenSearch.</summary>
public static class OpenSearchRoom
{
    /// <summary>Puts OpenSearch behind the ports of operational documents, in place of what stood there. Options: sections <c>OpenSearch</c> and <c>Aws</c>.</summary>
    public static IServiceCollection AddOpenSearchStores(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAws(configuration);
        services.AddOptions<OpenSearchOptions>().Bind(configuration.GetSection(OpenSearchOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<OpenSearchOptions>, OpenSearchOptionsCheck>();
        services.AddSingleton<OpenSearchConnection>().AddSingleton<OpenSearchHealth>().AddSingleton<OpenSearchMetrics>().AddSingleton<OpenSearchClient>();
        services.AddSingleton<IndexNames>().AddSingleton<Catalogue>().AddSingleton<ServerKind>().AddSingleton<Schema>();
        services.AddSingleton<BulkWriter>().AddSingleton<ManyReader>().AddSingleton<OwnWrites>().AddSingleton<Documents>().AddSingleton<RefusedDocuments>();
        services.AddSingleton<MovedTrains>().AddSingleton<AuditRows>().AddSingleton<FollowerTools>().AddSingleton<OpenSearchAlertStore>().AddSingleton<IndexRetention>();
        services.Take<ITrainRegistry, OpenSearchTrainRegistry>().Take<ITrainStore, OpenSearchTrainStore>().Take<IReadingStore, OpenSearchReadingStore>();
        services.Take<IAnomalyStore, OpenSearchAnomalyStore>().Take<IAuditLog, OpenSearchAuditLog>().Take<IDeadLetters, OpenSearchDeadLetters>().Take<IStoreChanges, OpenSearchStoreChanges>();
        services.RemoveAll<IAlertStore>().AddSingleton<IAlertStore>(provider => provider.GetRequiredService<OpenSearchAlertStore>());
        services.RemoveAll<IReadingRetention>().AddSingleton<IReadingRetention>(provider => provider.GetRequiredService<IndexRetention>());
        services.AddSingleton<IServiceHealth>(provider => provider.GetRequiredService<OpenSearchHealth>());
        services.AddHostedService<OpenSearchUpkeep>();
        return services;
    }

    private static IServiceCollection Take<TPort, TAdapter>(this IServiceCollection services)
        where TPort : class
        where TAdapter : class, TPort => services.RemoveAll<TPort>().AddSingleton<TPort, TAdapter>();
}
