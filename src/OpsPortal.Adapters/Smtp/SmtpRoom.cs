using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws;
using OpsPortal.Core.Mail;

namespace OpsPortal.Adapters.Smtp;

/// <summary>Mail goes out over SMTP.</summary>
internal static class SmtpRoom
{
    /// <summary>Adds the sender. Options: section <c>Smtp</c>.</summary>
    public static IServiceCollection AddSmtp(this IServiceCollection services, IConfiguration configuration)
    {
        var section = configuration.GetSection(SmtpOptions.Section);
        services.AddOptions<SmtpOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<SmtpOptions>, SmtpOptionsCheck>();
        services.AddSingleton<IMailSender, SmtpSender>();
        return string.IsNullOrEmpty(section[nameof(SmtpOptions.PasswordSecret)]) ? services : services.AddAws(configuration);
    }
}
