using OpsPortal.Sessions;

namespace OpsPortal.SignIn.OpenId;

internal static class ProviderServices
{
    // Replaced by what the provider's description says: the framework only wants something to write its parameters behind.
    private const string Nowhere = "https://provider.invalid/";

    /// <summary>Sign-in at an identity provider.</summary>
    public static IServiceCollection AddProvider(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<ProviderProfile>();
        services.AddSingleton<ProviderHttp>();
        services.AddSingleton<ProviderMetadata>();
        services.AddSingleton<ProviderKeys>();
        services.AddSingleton<ProviderTokenCheck>();
        services.AddSingleton<ClientSecret>();
        services.AddSingleton<ProviderTokenEndpoint>();
        services.AddSingleton<ProviderPeople>();
        services.AddSingleton<ProviderRoom>();
        services.AddSingleton<SealedTokens>();
        services.AddSingleton<ProviderReturn>();
        services.AddSingleton<ProviderFarewell>();
        services.AddSingleton<ISessionCheck, ProviderCheck>();
        services.AddHostedService<ProviderWatch>();
        services.AddAuthentication().AddOAuth<ProviderSchemeOptions, ProviderHandler>(ProviderHandler.Name, _ => { });
        services.AddOptions<ProviderSchemeOptions>(ProviderHandler.Name).Configure<ProviderProfile>(Set);

        // The framework's handler logs state and its cookie, which open a sign-in, and whatever comes back as an error, which anybody can write.
        services.AddLogging(logging => logging.AddFilter(typeof(ProviderHandler).FullName, LogLevel.Warning));
        if (!string.IsNullOrEmpty(configuration[$"{ProviderOptions.Section}:{nameof(ProviderOptions.ApiAudience)}"]))
        {
            AccessTokenScheme.Add(services);
        }

        return services;
    }

    private static void Set(ProviderSchemeOptions scheme, ProviderProfile profile)
    {
        (scheme.ClientId, scheme.ClientSecret) = (profile.ClientId, "");
        (scheme.AuthorizationEndpoint, scheme.TokenEndpoint) = (Nowhere, Nowhere);
        scheme.CallbackPath = ProviderHandler.CallbackPath;
        scheme.UsePkce = true;
        scheme.SaveTokens = false;
        scheme.Events = ProviderReturn.Events;
        scheme.Scope.Clear();
        foreach (var scope in profile.Scopes)
        {
            scheme.Scope.Add(scope);
        }

        var cookie = scheme.CorrelationCookie;
        (cookie.Name, cookie.Path, cookie.SameSite, cookie.HttpOnly, cookie.SecurePolicy) = ("__Host-opsportal-state.", "/", SameSiteMode.Lax, true, CookieSecurePolicy.Always);
    }
}

/// <summary>Reads the provider's description at the start and until it has it, so that the sign-in page can say how things stand; later whenever it is due.</summary>
internal sealed class ProviderWatch(ProviderMetadata metadata, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Every = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Every, time);
        do
        {
            await metadata.ReadWhenDueAsync(stoppingToken);
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }
}
