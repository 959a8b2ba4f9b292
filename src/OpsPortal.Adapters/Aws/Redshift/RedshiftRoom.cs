using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.Redshift.Unload;
using OpsPortal.Core.Health;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Aws.Redshift;

/// <summary>The warehouse in Amazon Redshift.</summary>
public static class RedshiftRoom
{
    /// <summary>Puts Redshift behind the ports of the warehouse and of its files, in place of what stood there. Options: sections <c>Redshift</c>, <c>Redshift:Unload</c> and <c>Aws</c>.</summary>
    public static IServiceCollection AddRedshiftWarehouse(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAws(configuration);
        services.AddOptions<RedshiftOptions>().Bind(configuration.GetSection(RedshiftOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<RedshiftOptions>, RedshiftOptionsCheck>();
        services.AddSingleton<RedshiftHealth>().AddSingleton<RedshiftCredentials>().AddSingleton<DatabaseSessions>().AddSingleton<OperatorScopes>().AddSingleton<SharedLogin>().AddSingleton<OperatorSessions>();
        services.RemoveAll<IWarehouse>().AddSingleton<IWarehouse, RedshiftWarehouse>();
        services.AddSingleton<IServiceHealth>(provider => provider.GetRequiredService<RedshiftHealth>());
        return services.AddUnloading(configuration);
    }

    // What is not configured is said when it is asked for.
    private static IServiceCollection AddUnloading(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(UnloadOptions.Section);
        services.AddOptions<UnloadOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<UnloadOptions>, UnloadOptionsCheck>();
        services.RemoveAll<IUnloading>();
        return string.IsNullOrEmpty(section[nameof(UnloadOptions.Bucket)])
            ? services.AddSingleton<IUnloading>(new NoUnloading($"Files of whole results are not set up here: an administrator sets {UnloadOptions.Section}:Bucket and Role. Download the rows as CSV or NDJSON."))
            : services.AddSingleton<UnloadFiles>().AddSingleton<IUnloading, RedshiftUnloading>();
    }
}
