using OpsPortal.Core.Reports;

namespace OpsPortal.Reports;

internal static class ReportServices
{
    /// <summary>Reports for everybody who reads figures rather than rows.</summary>
    public static IServiceCollection AddReports(this IServiceCollection services)
    {
        services.AddOptions<ReportOptions>().BindConfiguration(ReportOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<ReportReading>();
        services.AddSingleton<ReportMaker>();
        services.AddSingleton<ReportDesk>();
        services.AddSingleton<DashboardDesk>();
        return services;
    }
}
