using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Tests.Kit.Aws;

/// <summary>What the next updates of a <see cref="ShadowRest"/> meet.</summary>
public enum ShadowFault
{
    /// <summary>429, not done.</summary>
    Throttle,

    /// <summary>500, not done.</summary>
    Fail,

    /// <summary>500 although done.</summary>
    FailAfterDoing,

    /// <summary>409, not done.</summary>
    Conflict,

    /// <summary>Nothing is said; not done.</summary>
    Silence,

    /// <summary>Nothing is said although done.</summary>
    SilenceAfterDoing,

    /// <summary>The connection is cut although done.</summary>
    CutAfterDoing,

    /// <summary>The connection is cut; done a moment later.</summary>
    CutThenDoing,
}

/// <summary>AWS IoT Core's shadow paths over any shadow service of this product, with signatures checked and faults on demand.</summary>
/// <param name="check">Null: unsigned requests are taken too.</param>
internal sealed class ShadowRest(IDeviceShadows shadows, SignatureCheck? check)
{
    private readonly ConcurrentQueue<ShadowFault> _faults = new();
    private readonly ConcurrentDictionary<string, int> _inFlight = new(StringComparer.Ordinal);
    private readonly ConcurrentBag<Task> _late = [];
    private int _mostInFlight;
    private int _updates;

    /// <summary>Updates that were done.</summary>
    public int Updates => Volatile.Read(ref _updates);

    /// <summary>The most requests at once that one train ever had.</summary>
    public int MostInFlight => Volatile.Read(ref _mostInFlight);

    /// <summary>Awaited inside every request.</summary>
    public Func<ReceivedRequest, Task> Before { get; set; } = _ => Task.CompletedTask;

    /// <summary>The next updates meet this.</summary>
    public void Fail(ShadowFault fault, int times = 1)
    {
        for (var i = 0; i < times; i++)
        {
            _faults.Enqueue(fault);
        }
    }

    /// <summary>Until what was to be done later is done.</summary>
    public Task LateAsync() => Task.WhenAll(_late);

    public async Task<PeerAnswer> AnswerAsync(ReceivedRequest request, CancellationToken cancellationToken)
    {
        if (check?.Refuse(request) is { } refused)
        {
            return refused;
        }

        var parts = request.Path.Split('/', StringSplitOptions.RemoveEmptyEntries).Select(Uri.UnescapeDataString).ToArray();
        var train = parts switch
        {
            ["things", var thing, "shadow"] => thing,
            ["api", "things", "shadow", "ListNamedShadowsForThing", var thing] => thing,
            _ => null,
        };
        return train is null ? PeerAnswer.Error(404, "ResourceNotFoundException", "No such path") : await CountedAsync(request, train, cancellationToken);
    }

    private async Task<PeerAnswer> CountedAsync(ReceivedRequest request, string train, CancellationToken cancellationToken)
    {
        var now = _inFlight.AddOrUpdate(train, 1, (_, count) => count + 1);
        lock (_faults)
        {
            _mostInFlight = Math.Max(_mostInFlight, now);
        }

        try
        {
            await Before(request);
            return await AnswerAsync(request, train, cancellationToken);
        }
        catch (ShadowConflictException)
        {
            return PeerAnswer.Error(409, "ConflictException", "Version conflict");
        }
        catch (ShadowRefusedException e)
        {
            return PeerAnswer.Error(e.Message.Contains("bytes", StringComparison.Ordinal) ? 413 : 400, "InvalidRequestException", JsonEncodedText.Encode(e.Message).ToString());
        }
        finally
        {
            _inFlight.AddOrUpdate(train, 0, (_, count) => count - 1);
        }
    }

    private async Task<PeerAnswer> AnswerAsync(ReceivedRequest request, string train, CancellationToken cancellationToken)
    {
        var name = request.Parameter("name") ?? "";
        switch (request.Method)
        {
            case "GET" when request.Path.StartsWith("/api/", StringComparison.Ordinal):
                return await NamesAsync(train, request, cancellationToken);
            case "GET":
                return await shadows.GetAsync(train, name, cancellationToken) is { } shadow ? new PeerAnswer(200, ShadowRestJson.Write(shadow)) : Missing(train, name);
            case "DELETE":
                return await DeleteAsync(train, name, cancellationToken);
            case "POST":
                return _faults.TryDequeue(out var fault) ? await FaultyAsync(fault, train, name, request, cancellationToken) : await UpdateAsync(train, name, request, cancellationToken);
            default:
                return PeerAnswer.Error(405, "MethodNotAllowedException");
        }
    }

    private async Task<PeerAnswer> FaultyAsync(ShadowFault fault, string train, string name, ReceivedRequest request, CancellationToken cancellationToken)
    {
        if (fault is ShadowFault.FailAfterDoing or ShadowFault.SilenceAfterDoing or ShadowFault.CutAfterDoing)
        {
            await UpdateAsync(train, name, request, cancellationToken);
        }

        switch (fault)
        {
            case ShadowFault.Throttle:
                return PeerAnswer.Error(429, "ThrottlingException", "Rate exceeded");
            case ShadowFault.Conflict:
                return PeerAnswer.Error(409, "ConflictException", "Version conflict");
            case ShadowFault.Fail or ShadowFault.FailAfterDoing:
                return PeerAnswer.Error(500, "InternalFailureException");
            case ShadowFault.CutThenDoing:
                _late.Add(LateAsync(train, name, request));
                return new PeerAnswer(0) { Cut = true };
            case ShadowFault.CutAfterDoing:
                return new PeerAnswer(0) { Cut = true };
            default:
                await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return new PeerAnswer(0) { Cut = true };
        }
    }

    private async Task LateAsync(string train, string name, ReceivedRequest request)
    {
        await Task.Delay(50);
        try
        {
            await UpdateAsync(train, name, request, default);
        }
        catch (ShadowConflictException)
        {
            // The version it names is gone: as it must be.
        }
    }

    private async Task<PeerAnswer> UpdateAsync(string train, string name, ReceivedRequest request, CancellationToken cancellationToken)
    {
        var (change, state) = ShadowRestJson.Read(request.Text);
        var shadow = await shadows.UpdateAsync(train, name, change, cancellationToken);
        Interlocked.Increment(ref _updates);
        return new PeerAnswer(200, ShadowRestJson.WriteAccepted(shadow, state, change.ClientToken));
    }

    private async Task<PeerAnswer> DeleteAsync(string train, string name, CancellationToken cancellationToken)
    {
        if (await shadows.GetAsync(train, name, cancellationToken) is not { } shadow)
        {
            return Missing(train, name);
        }

        await shadows.DeleteAsync(train, name, cancellationToken);
        return new PeerAnswer(200, new JsonObject { ["version"] = shadow.Version, ["timestamp"] = shadow.At.ToUnixTimeSeconds() }.ToJsonString());
    }

    private async Task<PeerAnswer> NamesAsync(string train, ReceivedRequest request, CancellationToken cancellationToken)
    {
        // Small pages, so that paging is used.
        const int page = 2;
        var from = int.Parse(request.Parameter("nextToken") is { Length: > 0 } token ? token : "0", System.Globalization.CultureInfo.InvariantCulture);
        var names = await shadows.FindNamesAsync(train, cancellationToken);
        var answer = new JsonObject { ["results"] = new JsonArray([.. names.Skip(from).Take(page).Select(found => JsonValue.Create(found))]), ["timestamp"] = 1 };
        if (from + page < names.Count)
        {
            answer["nextToken"] = $"{from + page}";
        }

        return new PeerAnswer(200, answer.ToJsonString());
    }

    private static PeerAnswer Missing(string train, string name) => PeerAnswer.Error(404, "ResourceNotFoundException", $"No shadow exists with name: '{train}~{name}'");
}
