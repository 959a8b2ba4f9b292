using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Health;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Aws.Redshift;

/// <summary>The warehouse in Amazon Redshift.</summary>
public static class RedshiftRoom
{
    /// <summary>Puts Redshift behind the port of the warehouse, in place of what stood there. Options: sections <c>Redshift</c> and <c>Aws</c>.</summary>
    public static IServiceCollection AddRedshiftWarehouse(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAws(configuration);
        services.AddOptions<RedshiftOptions>().Bind(configuration.GetSection(RedshiftOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<RedshiftOptions>, RedshiftOptionsCheck>();
        services.AddSingleton<RedshiftHealth>().AddSingleton<RedshiftCredentials>().AddSingleton<DatabaseSessions>().AddSingleton<OperatorScopes>();
        services.RemoveAll<IWarehouse>().AddSingleton<IWarehouse, RedshiftWarehouse>();
        services.AddSingleton<IServiceHealth>(provider => provider.GetRequiredService<RedshiftHealth>());
        return services;
    }
}
