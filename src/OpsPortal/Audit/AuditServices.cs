using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Health;
using OpsPortal.Parts;
using OpsPortal.SignIn;

namespace OpsPortal.Audit;

internal static class AuditServices
{
    /// <summary>Name of the policy for who may read the audit.</summary>
    public const string Policy = nameof(Verb.ReadAudit);

    /// <summary>Keeping, sealing and showing the audit. After the adapters, before all that acts.</summary>
    public static IServiceCollection AddAudit(this IServiceCollection services)
    {
        services.AddAuditSeal().AddSingleton<IValidateOptions<AuditOptions>, AuditOptionsCheck>();
        services.AddSingleton<AuditWriting>().AddSingleton<IServiceHealth>(provider => provider.GetRequiredService<AuditWriting>());
        services.AddSingleton(_ => new ConfiguredSections(ConfigurationCheck.Sections(services)));
        services.AddSingleton<AuditSetting>().AddSingleton<AuditDesk>().AddSingleton<RawViews>();
        services.AddAuthorizationBuilder().AddPolicy(Policy, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => AuditDesk.Lets(context.User.FindUser())));
        return services.WatchAudit().AddHostedService<AuditKeeping>();
    }

    /// <summary>Where heads are and with what they are signed: all that verifying needs besides the log itself.</summary>
    public static IServiceCollection AddAuditSeal(this IServiceCollection services)
    {
        services.AddOptions<AuditOptions>().BindConfiguration(AuditOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<HeadKeyFile>();
        return services.AddSingleton(provider =>
        {
            var options = provider.GetRequiredService<IOptions<AuditOptions>>().Value;
            return new HeadsFolder(options.HeadsIn(provider.GetRequiredService<IConfiguration>()), options.WitnessFile);
        });
    }

    /// <summary>Puts the watch in front of whichever log was registered last.</summary>
    public static IServiceCollection WatchAudit(this IServiceCollection services)
    {
        var log = services.Last(service => service.ServiceType == typeof(IAuditLog) && !service.IsKeyedService);
        services.Remove(log);
        services.Add(log.ImplementationInstance is { } instance
            ? ServiceDescriptor.KeyedSingleton(typeof(IAuditLog), AuditWriting.Store, instance)
            : log.ImplementationFactory is { } make
                ? ServiceDescriptor.KeyedSingleton(typeof(IAuditLog), AuditWriting.Store, (provider, _) => make(provider))
                : ServiceDescriptor.KeyedSingleton(typeof(IAuditLog), AuditWriting.Store, log.ImplementationType!));
        return services.AddSingleton<IAuditLog>(provider => new WatchedAuditLog(provider.GetRequiredKeyedService<IAuditLog>(AuditWriting.Store), provider.GetRequiredService<AuditWriting>()));
    }
}
