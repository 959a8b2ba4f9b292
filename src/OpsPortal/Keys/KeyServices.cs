using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;

namespace OpsPortal.Keys;

internal static class KeyServices
{
    /// <summary>Keys in a folder that lasts and is shared, or in the shared place that the adapters bring; encrypted where a secret is given.</summary>
    public static IServiceCollection AddKeys(this IServiceCollection services)
    {
        services.AddOptions<KeyOptions>().BindConfiguration(KeyOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<KeyOptions>, KeyOptionsCheck>();
        services.AddDataProtection().SetApplicationName("OpsPortal");
        services.AddOptions<KeyManagementOptions>().Configure<IConfiguration, IOptions<KeyOptions>, ILoggerFactory, IEnumerable<ISharedKeys>>((keys, configuration, options, loggers, shared) =>
        {
            keys.XmlRepository = shared.SingleOrDefault() is { } place
                ? new SharedKeyRepository(place)
                : new FileSystemXmlRepository(Directory.CreateDirectory(FolderOf(configuration, options.Value)), loggers);
            keys.XmlEncryptor = string.IsNullOrEmpty(options.Value.EncryptedWith) ? null : new KeyEncryption(KeySecrets.Read(options.Value.EncryptedWith));
        });
        return services.AddHostedService<KeyNotice>();
    }

    /// <summary>With the rest of the data, not in somebody's home, unless another place is named: forms and sign-ins stay valid over restarts and in containers.</summary>
    public static string FolderOf(IConfiguration configuration, KeyOptions options) =>
        Path.GetFullPath(string.IsNullOrEmpty(options.Folder) ? Path.Combine(configuration["Data:Folder"] ?? "data", "keys") : options.Folder);
}
