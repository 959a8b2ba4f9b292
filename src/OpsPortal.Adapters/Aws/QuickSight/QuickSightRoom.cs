using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Reports;

namespace OpsPortal.Adapters.Aws.QuickSight;

/// <summary>A dashboard of Amazon QuickSight inside the portal.</summary>
public static class QuickSightRoom
{
    /// <summary>Adds the dashboard. Options: sections <c>QuickSight</c> and <c>Aws</c>.</summary>
    public static IServiceCollection AddQuickSightDashboard(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddAws(configuration);
        services.AddOptions<QuickSightOptions>().Bind(configuration.GetSection(QuickSightOptions.Section)).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<QuickSightOptions>, QuickSightOptionsCheck>();
        services.AddSingleton<IDashboard, QuickSightDashboard>();
        return services;
    }

    /// <summary>Whether somebody has begun to configure one: half of it is a mistake and not none.</summary>
    public static bool IsConfigured(IConfiguration configuration)
    {
        var section = configuration.GetSection(QuickSightOptions.Section);
        return new[] { nameof(QuickSightOptions.AccountId), nameof(QuickSightOptions.DashboardId), nameof(QuickSightOptions.UserArn) }.Any(key => !string.IsNullOrEmpty(section[key]))
            || section.GetSection(nameof(QuickSightOptions.UserArnByRole)).GetChildren().Any();
    }
}
