using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Adapters.Aws.Iot;
using OpsPortal.Adapters.Embedded;

namespace OpsPortal.Adapters;

/// <summary>The adapters that the configuration chooses, port by port.</summary>
public static class ChosenAdapters
{
    /// <summary>Adds an adapter for every store port: the embedded ones, and in their place those that section <c>Adapters</c> names.</summary>
    public static IServiceCollection AddAdapters(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(AdapterOptions.Section);
        services.AddOptions<AdapterOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        services.AddEmbeddedStores(configuration);
        if (string.Equals(section[nameof(AdapterOptions.Shadows)], nameof(ShadowsAdapter.Iot), StringComparison.OrdinalIgnoreCase))
        {
            services.AddIotShadows(configuration);
        }

        return services;
    }
}
