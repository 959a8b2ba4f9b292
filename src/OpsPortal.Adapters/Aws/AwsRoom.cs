using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Access;

namespace OpsPortal.Adapters.Aws;

/// <summary>What all AWS adapters stand on.</summary>
public static class AwsRoom
{
    /// <summary>Adds credentials, signing and connections. Options: section <c>Aws</c>. May be called more than once.</summary>
    public static IServiceCollection AddAws(this IServiceCollection services, IConfiguration configuration)
    {
        if (services.Any(service => service.ServiceType == typeof(AwsHttp)))
        {
            return services;
        }

        services.AddOptions<AwsOptions>().Bind(configuration.GetSection(AwsOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<AwsOptions>, AwsOptionsCheck>();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<ICredentialSource, ChainCredentials>();
        // Nodes that fail together must not come back together.
        services.TryAddSingleton(provider => new AwsChance(provider.GetRequiredService<TimeProvider>(), HashCode.Combine(Environment.MachineName, Environment.ProcessId)));
        services.AddSingleton(provider => new AwsPlaces(configuration, provider.GetRequiredService<IOptions<AwsOptions>>()));
        services.AddSingleton<KeyRing>();
        services.AddSingleton<AwsHttp>();
        services.AddSingleton<SecretSource>();
        services.AddSingleton<ISecrets, AwsSecrets>();
        return services;
    }
}
