using System.Web;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Tests.Host;

namespace OpsPortal.Tests.Kit.Oidc;

/// <summary>A portal whose people sign in at a scripted provider.</summary>
internal sealed class ScriptedPortal : IAsyncDisposable
{
    private ScriptedPortal(ScriptedProvider provider, PortalHost host) => (Provider, Host) = (provider, host);

    public ScriptedProvider Provider { get; }

    public PortalHost Host { get; }

    public static Task<ScriptedPortal> StartAsync(params (string Key, string Value)[] settings) => StartAsync(_ => { }, settings);

    public static async Task<ScriptedPortal> StartAsync(Action<IServiceCollection> replace, params (string Key, string Value)[] settings)
    {
        var provider = await ScriptedProvider.StartAsync();
        return new ScriptedPortal(provider, new PortalHost(replace, [.. SettingsFor(provider.Issuer), .. settings]));
    }

    /// <summary>The same at a provider that runs already, and has its description.</summary>
    public static ScriptedPortal On(ScriptedProvider provider) => new(provider, new PortalHost([.. SettingsFor(provider.Issuer)]));

    /// <summary>What a portal needs to be told of a provider.</summary>
    public static (string Key, string Value)[] SettingsFor(string issuer) =>
    [
        ("SignIn:Mode", "OpenIdConnect"), ("Door:Hosts:0", "localhost"), ("OpenIdConnect:Authority", issuer), ("OpenIdConnect:ClientId", ScriptedProvider.Client), ("OpenIdConnect:ClientSecret", ScriptedProvider.Secret),
    ];

    /// <summary>Begins a sign-in: the browser, and the fields with which it is sent to the provider.</summary>
    public async Task<(HttpClient Browser, Dictionary<string, string> Sent)> BeginAsync(string returnUrl = "/alerts", bool again = false, HttpClient? browser = null)
    {
        browser ??= Host.Caller(cookies: true);
        using var answer = await browser.GetAsync($"/sign-in/start?returnUrl={Uri.EscapeDataString(returnUrl)}{(again ? "&again=true" : "")}");
        var address = answer.Headers.Location!.OriginalString;
        Assert.StartsWith($"{Provider.Issuer}/authorize?", address, StringComparison.Ordinal);
        var query = HttpUtility.ParseQueryString(new Uri(address).Query);
        var sent = query.AllKeys.ToDictionary(key => key!, key => query[key]!);
        Provider.Nonce = sent["nonce"];
        return (browser, sent);
    }

    /// <summary>Comes back from the provider with a code.</summary>
    public static Task<HttpResponseMessage> ComeBackAsync(HttpClient browser, string state, string code = "a-code", string more = "") =>
        browser.GetAsync($"/sign-in/callback?code={code}&state={Uri.EscapeDataString(state)}{more}");

    /// <summary>The whole way; the browser is signed in afterwards, if the provider is to be believed.</summary>
    public async Task<(HttpClient Browser, HttpResponseMessage Answer)> SignInAsync(bool again = false, HttpClient? browser = null)
    {
        (browser, var sent) = await BeginAsync(again: again, browser: browser);
        return (browser, await ComeBackAsync(browser, sent["state"]));
    }

    public async ValueTask DisposeAsync()
    {
        Host.Dispose();
        await Provider.DisposeAsync();
    }
}
