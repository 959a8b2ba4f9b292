using System.Collections.Concurrent;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>Where a secret stands: given itself, in a file, or in AWS Secrets Manager. Exactly one of them.</summary>
/// <param name="Value">The secret, as the configuration or the environment says.</param>
/// <param name="File">Path of a file with nothing but the secret (a mounted secret).</param>
/// <param name="SecretId">Name or ARN in AWS Secrets Manager, with <c>#field</c> behind it when the secret is a JSON object.</param>
internal sealed record SecretPlace(string? Value, string? File, string? SecretId)
{
    /// <summary>Whether any is named.</summary>
    public bool IsNamed => !string.IsNullOrEmpty(Value) || !string.IsNullOrEmpty(File) || !string.IsNullOrEmpty(SecretId);

    /// <summary>Never says the secret.</summary>
    public override string ToString() => File ?? SecretId ?? "(given)";
}

/// <summary>Gets secrets, and remembers those of Secrets Manager for five minutes.</summary>
internal sealed class SecretSource(AwsHttp http, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(5);
    private static readonly MediaTypeHeaderValue JsonType = new("application/x-amz-json-1.1");

    private readonly Lazy<HttpClient> _client = new(() => http.Create(new AwsPeer(AwsService.SecretsManager)));

    // As many as the configuration names.
    private readonly ConcurrentDictionary<string, (string Text, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);

    /// <summary>The secret.</summary>
    /// <exception cref="InvalidOperationException">It is not there; says where it was looked for, never what was found.</exception>
    public async ValueTask<string> GetAsync(SecretPlace place, CancellationToken cancellationToken)
    {
        if (!string.IsNullOrEmpty(place.Value))
        {
            return place.Value;
        }

        if (!string.IsNullOrEmpty(place.File))
        {
            return (await File.ReadAllTextAsync(place.File, cancellationToken)).TrimEnd('\r', '\n');
        }

        var (id, field) = Split(place.SecretId ?? throw new InvalidOperationException("No place of the secret is named."));
        var text = await KnownAsync(id, cancellationToken);
        return field is null ? text : Field(text, field) ?? throw new InvalidOperationException($"The secret {id} is no JSON object with a field {field}.");
    }

    /// <summary>The secret was refused: it is read anew when next asked for.</summary>
    public void Forget(SecretPlace place)
    {
        if (place.SecretId is { } id)
        {
            _known.TryRemove(Split(id).Id, out _);
        }
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    private async Task<string> KnownAsync(string id, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(id, out var known) && known.Until > time.GetUtcNow())
        {
            return known.Text;
        }

        var text = await ReadAsync(id, cancellationToken);
        _known[id] = (text, time.GetUtcNow() + Kept);
        return text;
    }

    private async Task<string> ReadAsync(string id, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "")
        {
            Content = new StringContent(new JsonObject { ["SecretId"] = id }.ToJsonString(), JsonType),
        };
        request.Headers.TryAddWithoutValidation("X-Amz-Target", "secretsmanager.GetSecretValue");
        using var response = await _client.Value.SendAsync(request.With(AwsRequest.Repeatable, true), cancellationToken);
        if (await Refusal.ReadAsync(response, cancellationToken) is { } refusal)
        {
            throw new InvalidOperationException($"Secrets Manager does not give the secret {id}: {(int)refusal.Status} {refusal.Code}");
        }

        var answer = await response.Content.ReadAsStringAsync(cancellationToken);
        return Field(answer, "SecretString") ?? throw new InvalidOperationException($"The secret {id} is not a text.");
    }

    private static (string Id, string? Field) Split(string secretId) =>
        secretId.LastIndexOf('#') is var at and > 0 ? (secretId[..at], secretId[(at + 1)..]) : (secretId, null);

    private static string? Field(string text, string field)
    {
        try
        {
            return (JsonNode.Parse(text) as JsonObject)?[field]?.ToString();
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
