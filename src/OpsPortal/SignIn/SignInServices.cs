using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.Options;
using OpsPortal.Door;
using OpsPortal.Keys;
using OpsPortal.Sessions;
using OpsPortal.SignIn.Alb;
using OpsPortal.SignIn.OpenId;

namespace OpsPortal.SignIn;

internal static class SignInServices
{
    /// <summary>Sessions, personas, and a signed-in user required everywhere that does not say otherwise.</summary>
    public static IServiceCollection AddSignIn(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddOptions<SignInOptions>().BindConfiguration(SignInOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<SignInOptions>, LoopbackOnly>();
        services.AddSingleton<IValidateOptions<SignInOptions>, SignInOptionsCheck>();
        services.AddSingleton<SignInDesk>();
        services.AddSingleton<FreshProof>();
        services.AddSingleton<ClaimsReader>();
        services.AddSessions();
        services.AddAuthentication(SessionScheme.Name).AddScheme<AuthenticationSchemeOptions, SessionScheme>(SessionScheme.Name, null);
        services.AddAuthorizationBuilder().SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        services.AddAntiforgery(options =>
        {
            options.FormFieldName = "antiforgery";
            options.Cookie = new FormCookie { Name = "__Host-opsportal-form", SameSite = SameSiteMode.Strict, HttpOnly = true, IsEssential = true };
        });
        services.AddKeys();

        // The options of all modes are looked at, what a mode does is there in that mode only.
        services.AddOptions<ProviderOptions>().BindConfiguration(ProviderOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<ProviderOptions>, ProviderOptionsCheck>();
        services.AddOptions<AlbOptions>().BindConfiguration(AlbOptions.Section).ValidateDataAnnotations().ValidateOnStart();
        services.AddSingleton<IValidateOptions<AlbOptions>, AlbOptionsCheck>();
        return configuration[$"{SignInOptions.Section}:{nameof(SignInOptions.Mode)}"] switch
        {
            SignInOptions.OpenIdConnect => services.AddProvider(configuration),
            SignInOptions.Alb => services.AddSingleton<AlbKeys>().AddSingleton<AlbVoucher>(),
            _ => services,
        };
    }

    /// <summary>Who is it, may they, and was it they who asked: in this order, after the door and before any endpoint.</summary>
    public static void UseSignIn(this WebApplication app)
    {
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseMiddleware<CrossSiteCheck>();
        app.UseAntiforgery();
    }
}
