using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;

namespace OpsPortal.Tests.Kit.OpenSearch;

/// <summary>A real OpenSearch: where it is, who asks, whose certificate it has. The product takes user and password apart from the address; so does who cleans up here.</summary>
public sealed class RealServer
{
    private readonly string? _user;
    private readonly string? _password;
    private readonly string? _caFile;

    private RealServer(Uri address, string? user, string? password, string? caFile) => (Address, _user, _password, _caFile) = (address, user, password, caFile);

    /// <summary>The server that OPENSEARCH_URL names (<c>https://user:password@host:9200</c>, characters of both escaped), with the file of certificate authorities that OPENSEARCH_CA names; null when there is none.</summary>
    public static RealServer? Given { get; } = Environment.GetEnvironmentVariable("OPENSEARCH_URL") is { Length: > 0 } url ? Parse(url, Environment.GetEnvironmentVariable("OPENSEARCH_CA")) : null;

    /// <summary>Its address without user and password.</summary>
    public Uri Address { get; }

    public static RealServer Parse(string url, string? caFile = null)
    {
        var given = new Uri(url);
        var address = new UriBuilder(given) { UserName = "", Password = "" }.Uri;
        var parts = given.UserInfo.Split(':', 2).Select(Uri.UnescapeDataString).ToArray();
        var file = string.IsNullOrEmpty(caFile) ? null : Path.GetFullPath(caFile);
        return given.UserInfo.Length == 0 ? new RealServer(address, null, null, file) : new RealServer(address, parts[0], parts.Length > 1 ? parts[1] : "", file);
    }

    /// <summary>The product's options that lead to it.</summary>
    /// <param name="through">What stands before it; null for nothing.</param>
    public IReadOnlyList<(string Key, string Value)> Settings(Uri? through = null)
    {
        List<(string, string)> settings = [("OpenSearch:Endpoint", (through ?? Address).AbsoluteUri)];
        if (_user is not null)
        {
            settings.AddRange([("OpenSearch:Sign", "Basic"), ("OpenSearch:User", _user), ("OpenSearch:Password", _password!)]);
        }

        if (_caFile is not null)
        {
            settings.Add(("OpenSearch:CaFile", _caFile));
        }

        return settings;
    }

    /// <summary>A client of one's own.</summary>
    public HttpClient Connect()
    {
        var handler = new SocketsHttpHandler();
        if (_caFile is not null)
        {
            var trusted = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
            trusted.CustomTrustStore.ImportFromPemFile(_caFile);
            handler.SslOptions.CertificateChainPolicy = trusted;
        }

        var client = new HttpClient(handler) { BaseAddress = Address };
        if (_user is not null)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_user}:{_password}")));
        }

        return client;
    }

    /// <summary>Deletes every index and template whose name begins so.</summary>
    public async Task CleanAsync(string prefix)
    {
        using var client = Connect();
        foreach (var index in await client.GetFromJsonAsync<JsonElement[]>($"_cat/indices/{prefix}*?format=json&h=index") ?? [])
        {
            (await client.DeleteAsync(index.GetProperty("index").GetString())).Dispose();
        }

        (await client.DeleteAsync($"_index_template/{prefix}*")).Dispose();
    }
}
