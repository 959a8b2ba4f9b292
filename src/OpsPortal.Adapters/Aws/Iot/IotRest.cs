using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Health;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Adapters.Aws.Iot;

/// <summary>AWS IoT Core's data plane, call by call: what it answers, in this product's words.</summary>
internal sealed class IotRest(AwsHttp http, IOptions<IotOptions> options, IotHealth health, ILogger<IotRest> logger) : IDisposable
{
    private const string Store = "device shadow";
    private static readonly MediaTypeHeaderValue JsonType = new("application/json");

    // Versions of shadows whose difference was found to be another.
    private readonly ConcurrentDictionary<(string TrainId, string Name), long> _unexpected = new();
    private readonly InFlight _inFlight = new(options.Value.MaxInFlightPerTrain, options.Value.MaxInFlight);
    private readonly HttpClient _client = http.Create(new AwsPeer(AwsService.IotData)
    {
        Endpoint = options.Value.Endpoint,
        Region = options.Value.Region,
        Timeout = options.Value.Timeout,
        Retries = options.Value.Retries,
        MaxConnections = options.Value.MaxInFlight,
    });

    /// <summary>The shadow, or null when there is none.</summary>
    public async Task<DeviceShadow?> GetAsync(string trainId, string name, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(HttpMethod.Get, trainId, ShadowAddress(trainId, name), null, cancellationToken);
        if (answer.Status == HttpStatusCode.NotFound)
        {
            return null;
        }

        var shadow = Read(Successful(answer), ShadowJson.Read);
        NoteDelta(trainId, name, shadow);
        return shadow;
    }

    /// <summary>Sends an update once; only what the service says it has not done is sent again.</summary>
    /// <exception cref="ShadowRefusedException">The service will not take it.</exception>
    /// <exception cref="StoreUnavailableException">It was surely not done, and cannot be now.</exception>
    public async Task<ShadowOutcome> UpdateAsync(string trainId, string name, ShadowChange change, CancellationToken cancellationToken)
    {
        Answer answer;
        try
        {
            answer = await AskAsync(HttpMethod.Post, trainId, ShadowAddress(trainId, name), ShadowJson.Write(change), cancellationToken);
        }
        catch (StoreUnavailableException e) when (e.InnerException is not (NoCredentialsException or HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError }))
        {
            return new ShadowOutcome.Unknown(e.Problem, e.InnerException);
        }

        return (int)answer.Status switch
        {
            409 => new ShadowOutcome.Conflict(),
            // AWS keeps shadows of things that it does not know, too; other services do not.
            404 => throw new ShadowRefusedException($"The shadow service does not know the thing {trainId} (404: {ShadowJson.Message(answer.Text)}). Register it there (CreateThing)."),
            400 or 413 or 415 => throw new ShadowRefusedException($"AWS IoT refuses the shadow ({(int)answer.Status}): {ShadowJson.Message(answer.Text)}"),
            429 or (>= 401 and < 500) => throw Unavailable(answer),
            >= 500 when !answer.IsThrottling => new ShadowOutcome.Unknown(Problem(answer), null),
            _ => Known(Successful(answer), change),
        };
    }

    /// <summary>Deletes the shadow; that there was none is as good.</summary>
    public async Task DeleteAsync(string trainId, string name, CancellationToken cancellationToken)
    {
        var answer = await AskAsync(HttpMethod.Delete, trainId, ShadowAddress(trainId, name), null, cancellationToken);
        if (answer.Status != HttpStatusCode.NotFound)
        {
            Successful(answer);
        }
    }

    /// <summary>One page of the train's shadows' names.</summary>
    public async Task<(IReadOnlyList<string> Names, string? Next)> FindNamesAsync(string trainId, string? next, CancellationToken cancellationToken)
    {
        var page = next is null ? "" : $"&nextToken={Uri.EscapeDataString(next)}";
        var answer = await AskAsync(HttpMethod.Get, trainId, $"api/things/shadow/ListNamedShadowsForThing/{Uri.EscapeDataString(trainId)}?pageSize=100{page}", null, cancellationToken);
        return answer.Status == HttpStatusCode.NotFound ? ([], null) : Read(Successful(answer), ShadowJson.ReadNames);
    }

    public void Dispose()
    {
        _client.Dispose();
        _inFlight.Dispose();
    }

    private sealed record Answer(HttpStatusCode Status, string Text, bool IsThrottling);

    // Once a version: a shadow is looked at again and again.
    private void NoteDelta(string trainId, string name, DeviceShadow shadow)
    {
        if (ShadowJson.HasExpectedDelta(shadow))
        {
            _unexpected.TryRemove((trainId, name), out _);
        }
        else if (!_unexpected.TryGetValue((trainId, name), out var told) || told != shadow.Version)
        {
            _unexpected[(trainId, name)] = shadow.Version;
            Log.UnexpectedDelta(logger, trainId, name, shadow.Version);
        }
    }

    private static string ShadowAddress(string trainId, string name) => $"things/{Uri.EscapeDataString(trainId)}/shadow?name={Uri.EscapeDataString(name)}";

    private Task<Answer> AskAsync(HttpMethod method, string trainId, string address, string? body, CancellationToken cancellationToken) =>
        _inFlight.RunAsync(trainId, inner => AskAsync(method, address, body, inner), cancellationToken);

    private async Task<Answer> AskAsync(HttpMethod method, string address, string? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, address) { Content = body is null ? null : new StringContent(body, JsonType) };
        try
        {
            using var response = await _client.SendAsync(request, cancellationToken);
            var refusal = await Refusal.ReadAsync(response, cancellationToken);
            health.Note(refusal is null || (int)refusal.Status is 400 or 404 or 409 or 413 ? null : $"answers {(int)refusal.Status} {refusal.Code}");
            return new Answer(response.StatusCode, await response.Content.ReadAsStringAsync(cancellationToken), refusal?.IsThrottling == true);
        }
        catch (Exception e) when (e is HttpRequestException or IOException or TimeoutException or NoCredentialsException)
        {
            health.Note(e.Message);
            throw new StoreUnavailableException(Store, e.Message, e);
        }
    }

    private static ShadowOutcome Known(string text, ShadowChange change)
    {
        try
        {
            var accepted = Read(text, ShadowJson.ReadAccepted);
            // Not said is well; another's answer is not ours.
            return accepted.ClientToken is { } token && token != change.ClientToken
                ? new ShadowOutcome.Unknown("the answer belongs to another update", null)
                : new ShadowOutcome.Taken(accepted);
        }
        catch (StoreUnavailableException e)
        {
            return new ShadowOutcome.Unknown(e.Problem, e);
        }
    }

    private static string Successful(Answer answer) => (int)answer.Status < 300 ? answer.Text : throw Unavailable(answer);

    private static T Read<T>(string text, Func<string, T> read)
    {
        try
        {
            return read(text);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)
        {
            throw new StoreUnavailableException(Store, $"the answer is no shadow document: {e.Message}", e);
        }
    }

    private static StoreUnavailableException Unavailable(Answer answer) => new(Store, Problem(answer));

    private static string Problem(Answer answer) => $"AWS IoT answers {(int)answer.Status}: {ShadowJson.Message(answer.Text)}";
}
