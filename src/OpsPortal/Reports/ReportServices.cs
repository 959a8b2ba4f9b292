using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Health;
using OpsPortal.Core.Reports;
using OpsPortal.Reports.Mail;

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
        services.AddOptions<MailOptions>().BindConfiguration(MailOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<MailOptions>, MailOptionsCheck>();
        services.AddSingleton<MailDesk>().AddSingleton<MailHealth>();
        services.AddSingleton(provider => ActivatorUtilities.CreateInstance<Mailer>(provider, new Random(RandomNumberGenerator.GetInt32(int.MaxValue))));
        return services;
    }

    /// <summary>Reports that are due are mailed by this process.</summary>
    public static IServiceCollection AddReportMail(this IServiceCollection services)
    {
        services.AddSingleton<IServiceHealth>(provider => provider.GetRequiredService<MailHealth>());
        return services.AddHostedService(provider => provider.GetRequiredService<Mailer>());
    }
}
