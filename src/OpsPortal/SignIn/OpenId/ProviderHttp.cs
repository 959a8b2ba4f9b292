using System.Net.Http.Headers;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Microsoft.IdentityModel.Protocols;
using OpsPortal.Door;

namespace OpsPortal.SignIn.OpenId;

/// <summary>The way to the provider: its own trust, no redirects, no cookies, no link-local addresses, no proxy of anybody's wish, answers of bounded size. Nothing of it is logged.</summary>
internal sealed class ProviderHttp : IDocumentRetriever, IDisposable
{
    private const int LargestAnswer = 512 * 1024;
    private const string ServerAuthentication = "1.3.6.1.5.5.7.3.1";

    private readonly HttpClient _client;

    public ProviderHttp(ProviderProfile profile)
    {
        var handler = OutsideConnection.Handler(profile.Options.Timeout);
        if (!string.IsNullOrEmpty(profile.Options.CaFile))
        {
            handler.SslOptions = new SslClientAuthenticationOptions { CertificateChainPolicy = TrustWith(profile.Options.CaFile) };
        }

        _client = new HttpClient(handler) { Timeout = profile.Options.Timeout, MaxResponseContentBufferSize = LargestAnswer };
        _client.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    /// <summary>A document of the provider's description.</summary>
    public async Task<string> GetDocumentAsync(string address, CancellationToken cancel)
    {
        var at = new Uri(address);
        if (!ProviderOptionsCheck.IsSafe(at))
        {
            throw new ProviderUnavailableException($"{at.Host} is named by the provider without https.");
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, at);
        var (status, text) = await SendAsync(request, cancel);
        return status == StatusCodes.Status200OK ? text : throw new ProviderUnavailableException($"{at.Host} answers {status}.");
    }

    /// <summary>Sends and reads the whole answer.</summary>
    /// <exception cref="ProviderUnavailableException">No whole answer came.</exception>
    public async Task<(int Status, string Text)> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await _client.SendAsync(request, cancellationToken);
            return ((int)answer.StatusCode, await answer.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (HttpRequestException e) when (e.HttpRequestError == HttpRequestError.ConfigurationLimitExceeded)
        {
            throw new SignInRefusedException(SignInTrouble.Failed, $"The answer of {request.RequestUri!.Host} is too large.", e);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            throw new ProviderUnavailableException($"{request.RequestUri!.Host} does not answer: {InnermostOf(e).Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new ProviderUnavailableException($"{request.RequestUri!.Host} did not answer in time.", e);
        }
    }

    /// <summary>The answer as a JSON object.</summary>
    public static JsonElement ReadObject(string text, string what)
    {
        try
        {
            using var document = JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = 32 });
            return document.RootElement.ValueKind == JsonValueKind.Object ? document.RootElement.Clone() : throw new SignInRefusedException(SignInTrouble.Failed, $"{what} is no JSON object.");
        }
        catch (JsonException e)
        {
            throw new SignInRefusedException(SignInTrouble.Failed, $"{what} is no JSON.", e);
        }
    }

    public void Dispose() => _client.Dispose();

    private static X509ChainPolicy TrustWith(string file)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.ApplicationPolicy.Add(new Oid(ServerAuthentication));
        using var system = new X509Store(StoreName.Root, StoreLocation.LocalMachine, OpenFlags.ReadOnly);
        policy.CustomTrustStore.AddRange(system.Certificates);
        policy.CustomTrustStore.ImportFromPemFile(file);
        return policy;
    }

    private static Exception InnermostOf(Exception e) => e.InnerException is { } inner ? InnermostOf(inner) : e;
}

/// <summary>The provider cannot be asked now: what is known goes on to hold.</summary>
internal sealed class ProviderUnavailableException(string message, Exception? cause = null) : Exception(message, cause);
