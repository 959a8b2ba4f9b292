using Microsoft.AspNetCore.Authentication;
using OpsPortal.Extracts.Merged;
using OpsPortal.SignIn;

namespace OpsPortal.Extracts;

internal static class ExtractServices
{
    /// <summary>Raw files handed out: to their maker, and to scripts by a token of the extract's own.</summary>
    public static IServiceCollection AddExtracts(this IServiceCollection services)
    {
        services.AddOptions<ExtractOptions>().BindConfiguration(ExtractOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ExtractDesk>();
        services.AddSingleton<ExtractGate>();
        services.AddSingleton<ArchiveDesk>();
        services.AddSingleton<RawFileTickets>();
        services.AddOptions<MergedOptions>().BindConfiguration(MergedOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<MergedTrains>().AddSingleton<MergedSources>().AddSingleton<MergedRun>().AddSingleton<MergedShelf>().AddSingleton<MergedAudit>().AddSingleton<MergedHandout>();
        services.AddSingleton<MergedDesk>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, ExtractScheme>(ExtractScheme.Name, null);

        // Whoever shows an extract's token is judged by it alone, good or bad.
        services.AddOptions<AuthenticationSchemeOptions>(SessionScheme.Name)
            .Configure(session =>
            {
                var other = session.ForwardDefaultSelector;
                session.ForwardDefaultSelector = context => ExtractScheme.IsShown(context.Request) ? ExtractScheme.Name : other?.Invoke(context);
            });
        return services;
    }

    /// <summary>Merged downloads are made in this process.</summary>
    public static IServiceCollection AddMergedDownloads(this IServiceCollection services) =>
        services.AddHostedService(provider => provider.GetRequiredService<MergedDesk>());
}
