using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Embedded.Telemetry;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>Raw files in S3.</summary>
public static class S3Room
{
    /// <summary>Puts S3 behind the port of raw files, in place of what stood there, and copies closed raw files of the data folder to it. Options: sections <c>S3</c> and <c>Aws</c>.</summary>
    public static IServiceCollection AddS3RawFiles(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAws(configuration);
        var section = configuration.GetSection(S3Options.Section);
        services.AddOptions<S3Options>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<S3Options>, S3OptionsCheck>();
        services.RemoveAll<IRawFiles>();
        services.AddSingleton<S3Clock>().AddSingleton<S3Health>().AddSingleton<S3Buckets>().AddSingleton<S3Catalogue>().AddSingleton<S3Links>();
        services.AddSingleton<IRawFiles, S3RawFiles>();
        services.AddSingleton<IServiceHealth>(provider => provider.GetRequiredService<S3Health>());
        services.AddHostedService<S3Watch>();
        if (!"false".Equals(section[nameof(S3Options.Copy)], StringComparison.OrdinalIgnoreCase))
        {
            services.AddCopies();
        }

        return services;
    }

    private static void AddCopies(this IServiceCollection services)
    {
        services.AddSingleton<RawCopies>().AddSingleton<RawFileCopier>().AddSingleton<RawFileCopying>();
        services.RemoveAll<IRawFileClosing>();
        services.AddSingleton<IRawFileClosing, S3RawFileClosing>();
        services.AddHostedService(provider => provider.GetRequiredService<RawFileCopying>());
        services.AddSingleton<IServiceHealth>(provider => new HealthOf(provider.GetRequiredService<RawFileCopying>()));
    }
}
