using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Adapters.Aws;
using OpsPortal.Adapters.Aws.Iot;
using OpsPortal.Adapters.Aws.OpenSearch;
using OpsPortal.Adapters.Aws.QuickSight;
using OpsPortal.Adapters.Aws.Redshift;
using OpsPortal.Adapters.Aws.S3;
using OpsPortal.Adapters.Aws.S3.Keys;
using OpsPortal.Adapters.Embedded;
using OpsPortal.Adapters.Smtp;

namespace OpsPortal.Adapters;

/// <summary>The adapters that the configuration chooses, port by port.</summary>
public static class ChosenAdapters
{
    /// <summary>Adds an adapter for every store port: the embedded ones, and in their place those that section <c>Adapters</c> names; a dashboard where one is configured.</summary>
    public static IServiceCollection AddAdapters(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(AdapterOptions.Section);
        services.AddOptions<AdapterOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        services.AddEmbeddedStores(configuration);
        services.AddSmtp(configuration);
        if (Chooses(section[nameof(AdapterOptions.Operations)], OperationsAdapter.OpenSearch))
        {
            services.AddOpenSearchStores(configuration);
        }

        if (Chooses(section[nameof(AdapterOptions.Shadows)], ShadowsAdapter.Iot))
        {
            services.AddIotShadows(configuration);
        }

        if (Chooses(section[nameof(AdapterOptions.Warehouse)], WarehouseAdapter.Redshift))
        {
            services.AddRedshiftWarehouse(configuration);
        }

        if (Chooses(section[nameof(AdapterOptions.RawFiles)], RawFilesAdapter.S3))
        {
            services.AddS3RawFiles(configuration);
        }

        if (Chooses(section[nameof(AdapterOptions.Keys)], KeysAdapter.S3))
        {
            services.AddS3Keys(configuration);
        }

        if (QuickSightRoom.IsConfigured(configuration))
        {
            services.AddQuickSightDashboard(configuration);
        }

        if (configuration["OpenIdConnect:ClientSecretId"] is { Length: > 0 })
        {
            // No store, but kept over there: the portal's secret at its identity provider.
            services.AddAws(configuration);
        }

        return services;
    }

    private static bool Chooses<T>(string? said, T adapter)
        where T : struct, Enum => Enum.TryParse<T>(said, ignoreCase: true, out var chosen) && EqualityComparer<T>.Default.Equals(chosen, adapter);
}
