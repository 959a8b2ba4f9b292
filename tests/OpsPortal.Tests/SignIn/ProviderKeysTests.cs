using Microsoft.Extensions.DependencyInjection;
using OpsPortal.SignIn.OpenId;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Oidc;

namespace OpsPortal.Tests.SignIn;

/// <summary>The provider's keys: new ones while people come back, old ones while it is silent.</summary>
public sealed class ProviderKeysTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    [Trait("Fault", "FLT-24")]
    public async Task All_who_come_back_while_new_keys_are_being_read_come_in()
    {
        await using var portal = await ScriptedPortal.StartAsync();
        await portal.SignInAsync();
        portal.Provider.ChangeKey();
        var before = portal.Provider.Asked.Count(asked => asked.Path is "/token");
        var keys = new TaskCompletionSource();
        portal.Provider.Before = path => path == "/jwks" ? keys.Task : Task.CompletedTask;

        var answers = new List<Task<HttpResponseMessage>>();
        foreach (var code in new[] { "one", "two", "three" })
        {
            var (browser, sent) = await portal.BeginAsync();
            portal.Provider.Nonces[code] = sent["nonce"];
            answers.Add(ScriptedPortal.ComeBackAsync(browser, sent["state"], code));
        }

        await Eventually.IsTrueAsync("all have their tokens", Patience, () => Task.FromResult(portal.Provider.Asked.Count(asked => asked.Path is "/token") == before + 3));
        await Task.Delay(200);
        keys.SetResult();

        Assert.All(await Task.WhenAll(answers), answer => Assert.Equal("/alerts", answer.Headers.Location?.OriginalString));
    }

    [Theory]
    [Trait("Fault", "FLT-24")]
    [InlineData("none")]
    [InlineData("HS256")]
    public async Task A_stranger_who_sends_what_no_provider_signs_does_not_keep_new_keys_from_being_read(string algorithm)
    {
        await using var portal = await ScriptedPortal.StartAsync();
        await portal.SignInAsync();
        var token = ScriptedProvider.Make(new() { ["alg"] = algorithm, ["kid"] = "made-up" }, portal.Provider.Honest(), _ => algorithm == "none" ? [] : new byte[32]);
        await (await portal.Host.Caller().PostAsync("/sign-in/back-channel", new FormUrlEncodedContent([new("logout_token", token)]))).ProblemAsync(400);
        portal.Provider.ChangeKey();

        var (_, answer) = await portal.SignInAsync();

        Assert.Equal("/alerts", answer.Headers.Location?.OriginalString);
    }

    [Fact]
    [Trait("Fault", "FLT-23")]
    public async Task Nobody_waits_for_a_silent_provider_whose_keys_are_old_and_they_are_read_when_it_speaks()
    {
        var time = new ShiftedTime();
        await using var portal = await ScriptedPortal.StartAsync(services => services.AddSingleton<TimeProvider>(time));
        await portal.BeginAsync();
        var (read, silence) = (Descriptions(), new TaskCompletionSource());
        portal.Provider.Before = path => path == "/.well-known/openid-configuration" ? silence.Task : Task.CompletedTask;
        time.Advance(TimeSpan.FromMinutes(61));

        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => portal.BeginAsync())).WaitAsync(TimeSpan.FromSeconds(8));
        await Eventually.IsTrueAsync("the provider is asked", TimeSpan.FromSeconds(40), () => Task.FromResult(Descriptions() > read));
        await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => portal.BeginAsync())).WaitAsync(TimeSpan.FromSeconds(8));
        portal.Provider.ChangeKey();
        silence.SetResult();

        // By the portal itself: nobody has shown it a token of the new key.
        await Eventually.IsTrueAsync("the new keys are read", TimeSpan.FromSeconds(40), () =>
            Task.FromResult(portal.Host.Services.GetRequiredService<ProviderMetadata>().Known!.SigningKeys.Any(key => key.KeyId == portal.Provider.KeyId)));

        int Descriptions() => portal.Provider.Asked.Count(asked => asked.Path == "/.well-known/openid-configuration");
    }
}
