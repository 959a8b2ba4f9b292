using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Tokens;

namespace OpsPortal.Tests.Kit.Oidc;

/// <summary>
/// An identity provider on loopback that says whatever a test wants it to say: hostile tokens, missing claims, refusals. What is
/// asked of it is noted. Its honest counterpart is the certified provider beside it.
/// </summary>
internal sealed class ScriptedProvider : IAsyncDisposable
{
    public const string Client = "portal";
    public const string Secret = "a secret of 40 characters for the portal";

    private readonly WebApplication _app;
    private readonly ConcurrentQueue<(string Path, Dictionary<string, string> Form)> _asked = new();
    private readonly ConcurrentDictionary<string, byte> _shown = new(StringComparer.Ordinal);

    private ScriptedProvider(WebApplication app)
    {
        _app = app;
        IdToken = claims => Sign(claims);
    }

    public string Issuer { get; private set; } = "";

    /// <summary>The key that signs, and its name.</summary>
    public RSA Key { get; private set; } = RSA.Create(2048);

    public string KeyId { get; private set; } = "key-1";

    /// <summary>What the description says besides addresses.</summary>
    public Dictionary<string, object?> Description { get; } = [];

    /// <summary>Makes the id_token of the next answers from the claims that an honest one would have.</summary>
    public Func<Dictionary<string, object?>, string> IdToken { get; set; }

    /// <summary>Claims besides issuer, subject, audience, times and nonce.</summary>
    public Dictionary<string, object?> Claims { get; set; } = new() { ["sub"] = "anna", ["name"] = "Anna", ["roles"] = new[] { "Operator" }, ["depots"] = new[] { "Longsight" } };

    public Dictionary<string, object?>? UserInfo { get; set; }

    public string[]? Groups { get; set; }

    /// <summary>The nonce of the sign-in under way.</summary>
    public string? Nonce { get; set; }

    /// <summary>The nonce that goes with a code, where several sign-ins are under way.</summary>
    public ConcurrentDictionary<string, string> Nonces { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether refresh tokens are given.</summary>
    public bool GivesRefreshToken { get; set; } = true;

    /// <summary>Answers every question with 503.</summary>
    public bool IsDown { get; set; }

    /// <summary>A refresh token is good once; one that is shown again is taken for a stolen one, and none holds any more.</summary>
    public bool Rotates { get; set; }

    /// <summary>Awaited before a question at an address is answered: a provider that is slow, or silent.</summary>
    public Func<string, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>Answers what is asked at this address with 503.</summary>
    public string? DownAt { get; set; }

    /// <summary>Refresh tokens hold no more.</summary>
    public bool HasLeft { get; set; }

    public IReadOnlyList<(string Path, Dictionary<string, string> Form)> Asked => [.. _asked];

    public static async Task<ScriptedProvider> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        builder.Logging.SetMinimumLevel(LogLevel.None);
        var app = builder.Build();
        var provider = new ScriptedProvider(app);
        app.Run(provider.AnswerAsync);
        await app.StartAsync();
        provider.Issuer = app.Urls.First();
        return provider;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>Signs with another key from now on.</summary>
    public void ChangeKey() => (Key, KeyId) = (RSA.Create(2048), $"key-{Guid.NewGuid():N}");

    /// <summary>An honest token of these claims.</summary>
    public string Sign(Dictionary<string, object?> claims, string type = "JWT") =>
        Make(new() { ["alg"] = "RS256", ["kid"] = KeyId, ["typ"] = type }, claims, text => Key.SignData(text, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));

    /// <summary>A token with any head and any signature.</summary>
    public static string Make(Dictionary<string, object?> head, Dictionary<string, object?> claims, Func<byte[], byte[]> sign)
    {
        var text = $"{Encoded(head)}.{Encoded(claims)}";
        return $"{text}.{Base64UrlEncoder.Encode(sign(Encoding.ASCII.GetBytes(text)))}";
    }

    /// <summary>Claims as the provider would honestly say them now.</summary>
    public Dictionary<string, object?> Honest()
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object?>(Claims) { ["iss"] = Issuer, ["aud"] = Client, ["iat"] = now, ["exp"] = now + 300, ["sid"] = "their-session" };
        claims.TryAdd("auth_time", now);
        if (Nonce is not null)
        {
            claims["nonce"] = Nonce;
        }

        return claims;
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var form = context.Request.HasFormContentType ? (await context.Request.ReadFormAsync()).ToDictionary(field => field.Key, field => field.Value.ToString()) : [];
        form["authorization"] = context.Request.Headers.Authorization.ToString();
        _asked.Enqueue((context.Request.Path, form));
        await Before(context.Request.Path);
        if (IsDown || context.Request.Path == DownAt)
        {
            context.Response.StatusCode = 503;
            return;
        }

        if (context.Request.Path == "/redirect")
        {
            context.Response.Redirect("/redirected-to");
            return;
        }

        var answer = context.Request.Path.Value switch
        {
            "/.well-known/openid-configuration" => new Dictionary<string, object?>
            {
                ["issuer"] = Issuer, ["authorization_endpoint"] = $"{Issuer}/authorize", ["token_endpoint"] = $"{Issuer}/token", ["jwks_uri"] = $"{Issuer}/jwks",
                ["userinfo_endpoint"] = $"{Issuer}/me", ["end_session_endpoint"] = $"{Issuer}/end", ["token_endpoint_auth_methods_supported"] = new[] { "client_secret_basic" },
            }.Concat(Description).GroupBy(pair => pair.Key).ToDictionary(pair => pair.Key, pair => pair.Last().Value),
            "/jwks" => new() { ["keys"] = new[] { new { kty = "RSA", use = "sig", kid = KeyId, alg = "RS256", n = Base64UrlEncoder.Encode(Key.ExportParameters(false).Modulus), e = Base64UrlEncoder.Encode(Key.ExportParameters(false).Exponent) } } },
            "/token" => Token(context, form),
            "/me" => UserInfo ?? new() { ["sub"] = Claims["sub"] },
            "/groups" when Groups is not null => new() { ["value"] = Groups },
            _ => null,
        };
        if (answer is null)
        {
            context.Response.StatusCode = context.Response.StatusCode == 200 ? 404 : context.Response.StatusCode;
            return;
        }

        await context.Response.WriteAsJsonAsync(answer);
    }

    private Dictionary<string, object?> Token(HttpContext context, Dictionary<string, string> form)
    {
        var refreshes = form["grant_type"] == "refresh_token";
        HasLeft |= refreshes && Rotates && !_shown.TryAdd(form["refresh_token"], 0);
        if (refreshes ? HasLeft : form["code"] is "used")
        {
            context.Response.StatusCode = 400;
            return new() { ["error"] = "invalid_grant", ["error_description"] = "<script>alert(1)</script>" };
        }

        var claims = Honest();
        if (refreshes)
        {
            claims.Remove("nonce");
        }
        else if (Nonces.TryGetValue(form["code"], out var nonce))
        {
            claims["nonce"] = nonce;
        }

        return new() { ["access_token"] = "an-access-token", ["token_type"] = "Bearer", ["id_token"] = IdToken(claims), ["refresh_token"] = GivesRefreshToken ? $"refresh-{Guid.NewGuid():N}" : null };
    }

    private static string Encoded(Dictionary<string, object?> part) => Base64UrlEncoder.Encode(JsonSerializer.SerializeToUtf8Bytes(part));
}
