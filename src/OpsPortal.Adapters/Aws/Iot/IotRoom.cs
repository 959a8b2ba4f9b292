using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Health;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Adapters.Aws.Iot;

/// <summary>Device shadows in AWS IoT Core.</summary>
public static class IotRoom
{
    /// <summary>Puts AWS IoT Core behind the ports of device shadows, in place of what stood there. Options: sections <c>Iot</c> and <c>Aws</c>.</summary>
    public static IServiceCollection AddIotShadows(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAws(configuration);
        services.AddOptions<IotOptions>().Bind(configuration.GetSection(IotOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<IotOptions>, IotOptionsCheck>();
        services.RemoveAll<IDeviceShadows>();
        services.RemoveAll<IShadowDeltas>();
        services.AddSingleton<ShadowEars>().AddSingleton<IotHealth>().AddSingleton<IotRest>().AddSingleton<IotDeviceShadows>();
        services.AddSingleton<IDeviceShadows>(provider => provider.GetRequiredService<IotDeviceShadows>());
        services.AddSingleton<IShadowDeltas, IotShadowDeltas>();
        services.AddSingleton<IServiceHealth>(provider => provider.GetRequiredService<IotHealth>());
        return services;
    }
}
