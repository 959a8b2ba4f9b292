using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws.OpenSearch.Client;

/// <summary>
/// OpenSearch's HTTP API, request by request. Everything this product sends may be sent twice without harm, so the connection repeats it
/// after 429, 503 and broken connections. Ids and texts of others never stand in an address, only in bodies.
/// </summary>
internal sealed class OpenSearchClient(OpenSearchConnection connection, OpenSearchHealth health)
{
    /// <summary>What this store is called where it fails.</summary>
    public const string Store = "OpenSearch";

    private int _breaks;

    /// <summary>How often the server could not be reached so far: what answers afterwards may be another.</summary>
    public int Breaks => Volatile.Read(ref _breaks);

    /// <summary>Sends a request and reads its answer.</summary>
    /// <exception cref="OpenSearchRefusedException">The server will not do it.</exception>
    /// <exception cref="StoreUnavailableException">The server cannot do it now.</exception>
    public async Task<T> SendAsync<T>(HttpMethod method, string path, JsonNode? body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var content = body is null ? null : Bodies.Json(body);
        return await SendContentAsync(method, path, content, type, cancellationToken);
    }

    /// <inheritdoc cref="SendAsync"/>
    public async Task<T> SendContentAsync<T>(HttpMethod method, string path, HttpContent? content, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        try
        {
            using var response = await connection.Http.SendAsync(request.With(AwsRequest.Repeatable, true), HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            await RefuseFailureAsync(response, cancellationToken);
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var answer = await JsonSerializer.DeserializeAsync(stream, type, cancellationToken) ?? throw new JsonException("The answer is empty.");
            health.Note(null);
            return answer;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException or NoCredentialsException or JsonException)
        {
            Interlocked.Increment(ref _breaks);
            throw Unavailable(e is JsonException ? $"the answer is not as documented: {e.Message}" : $"it cannot be reached at {connection.Http.BaseAddress}: {e.Message}. Look whether it runs, and at OpenSearch:Endpoint", e);
        }
    }

    /// <summary>The same, where a missing thing, a server without the function, or a wait that was in vain, is an answer too.</summary>
    /// <returns>The answer, or null.</returns>
    public async Task<T?> TryAsync<T>(HttpMethod method, string path, JsonNode? body, JsonTypeInfo<T> type, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await SendAsync(method, path, body, type, cancellationToken);
        }
        catch (OpenSearchRefusedException e) when (e.Status is 400 or 404 or 405 or 408)
        {
            return null;
        }
    }

    /// <summary>Says and notes that the server is of no use now.</summary>
    public StoreUnavailableException Unavailable(string problem, Exception? cause = null)
    {
        health.Note(problem);
        return new StoreUnavailableException(Store, problem, cause);
    }

    private async Task RefuseFailureAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var status = (int)response.StatusCode;
        if (status < 300)
        {
            return;
        }

        var error = ErrorReader.Read(await response.Content.ReadAsStringAsync(cancellationToken));
        throw status switch
        {
            400 or 404 or 405 or 408 or 409 or 413 => new OpenSearchRefusedException(status, error),
            401 => Unavailable($"it does not take the credentials (401): {error}. Look at OpenSearch:Sign, User and password", new OpenSearchRefusedException(status, error)),
            403 => Unavailable($"it forbids this (403): {error}. Look at the rights of the user, or at blocks of the index", new OpenSearchRefusedException(status, error)),
            429 => Unavailable($"it has too much to do (429): {error}"),
            _ => Unavailable($"it answers {status}: {error}"),
        };
    }
}
