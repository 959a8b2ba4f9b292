using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;

namespace OpsPortal.Adapters.Aws.S3.Keys;

/// <summary>Data-protection keys in S3.</summary>
public static class S3KeysRoom
{
    /// <summary>Adds the shared place of keys. Options: sections <c>S3Keys</c> and <c>Aws</c>.</summary>
    public static IServiceCollection AddS3Keys(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAws(configuration);
        services.AddOptions<S3KeysOptions>().Bind(configuration.GetSection(S3KeysOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<S3KeysOptions>, S3KeysOptionsCheck>();
        return services.AddSingleton<ISharedKeys, S3SharedKeys>();
    }
}
