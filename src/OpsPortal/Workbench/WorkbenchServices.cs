using OpsPortal.Workbench.Unload;

namespace OpsPortal.Workbench;

internal static class WorkbenchServices
{
    /// <summary>Queries that people write, run here in the background.</summary>
    public static IServiceCollection AddWorkbench(this IServiceCollection services)
    {
        services.AddOptions<WorkbenchOptions>().BindConfiguration(WorkbenchOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<QueryAudit>();
        services.AddSingleton<QueryNotes>();
        services.AddSingleton<QueryGuard>();
        services.AddSingleton<SavedQueryDesk>();
        services.AddSingleton<QueryRun>();
        services.AddSingleton<QueryDownload>();
        services.AddSingleton<QueryDesk>();
        services.AddHostedService(provider => provider.GetRequiredService<QueryDesk>());
        services.AddSingleton<UnloadDesk>();
        services.AddHostedService(provider => provider.GetRequiredService<UnloadDesk>());
        return services;
    }
}
