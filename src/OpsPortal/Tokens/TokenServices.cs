using Microsoft.AspNetCore.Authentication;
using OpsPortal.SignIn;

namespace OpsPortal.Tokens;

internal static class TokenServices
{
    /// <summary>Personal tokens: a way in for scripts.</summary>
    public static IServiceCollection AddTokens(this IServiceCollection services)
    {
        services.AddOptions<TokenOptions>().BindConfiguration(TokenOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<TokenDesk>();
        services.AddSingleton<TokenCheck>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, TokenScheme>(TokenScheme.Name, null);

        // Whoever shows a personal token is judged by it alone, good or bad.
        services.AddOptions<AuthenticationSchemeOptions>(SessionScheme.Name)
            .Configure(session =>
            {
                var other = session.ForwardDefaultSelector;
                session.ForwardDefaultSelector = context => TokenScheme.IsShown(context.Request) ? TokenScheme.Name : other?.Invoke(context);
            });
        return services;
    }

    /// <summary>After signing in.</summary>
    public static void UseTokens(this WebApplication app) => app.UseMiddleware<PresentUsers>();
}
