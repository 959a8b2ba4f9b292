using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Text.Json.Nodes;
using System.Threading.Channels;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Tests.Simulated;

/// <summary>As much of a shadow service as a train needs, in memory: merge, version, delta while somebody listens.</summary>
public sealed class MemoryShadows : IDeviceShadows, IShadowDeltas
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (JsonObject Desired, JsonObject Reported, long Version)> _shadows = [];
    private readonly ConcurrentDictionary<string, Channel<DeviceShadow>> _ears = new();

    /// <summary>How many of the next updates are refused.</summary>
    public int Refuse { get; set; }

    public int Gets { get; private set; }

    public IEnumerable<string> Listening => _ears.Keys;

    public Task<DeviceShadow?> GetAsync(string trainId, string name, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            Gets++;
            return Task.FromResult(_shadows.ContainsKey(trainId) ? Document(trainId) : null);
        }
    }

    /// <summary>Looks without getting.</summary>
    public bool IsReported(string trainId, string alertId)
    {
        lock (_lock)
        {
            return _shadows.TryGetValue(trainId, out var shadow) && shadow.Reported["acknowledgements"]?[alertId] is not null;
        }
    }

    public Task<DeviceShadow> UpdateAsync(string trainId, string name, ShadowChange change, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (change.Reported is not null && Refuse > 0)
            {
                Refuse--;
                throw new ShadowRefusedException("The document would be larger than 8 KB.");
            }

            var (desired, reported, version) = _shadows.GetValueOrDefault(trainId, (new JsonObject(), new JsonObject(), 0));
            Merge(desired, change.Desired);
            Merge(reported, change.Reported);
            _shadows[trainId] = (desired, reported, version + 1);
            var document = Document(trainId)!;
            if (document.Delta.Count > 0 && _ears.TryGetValue(trainId, out var ear))
            {
                ear.Writer.TryWrite(document);
            }

            return Task.FromResult(document);
        }
    }

    public async IAsyncEnumerable<DeviceShadow> WatchAsync(string trainId, string name, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var ear = _ears[trainId] = Channel.CreateBounded<DeviceShadow>(100);
        try
        {
            await foreach (var shadow in ear.Reader.ReadAllAsync(cancellationToken))
            {
                yield return shadow;
            }
        }
        finally
        {
            _ears.TryRemove(trainId, out _);
        }
    }

    public Task DeleteAsync(string trainId, string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<string>> FindNamesAsync(string trainId, CancellationToken cancellationToken) => throw new NotSupportedException();

    private static void Merge(JsonObject into, JsonObject? change)
    {
        foreach (var (key, value) in change ?? [])
        {
            if (value is null)
            {
                into.Remove(key);
            }
            else if (value is JsonObject inner && into[key] is JsonObject present)
            {
                Merge(present, inner);
            }
            else if (value is JsonObject section)
            {
                var made = new JsonObject();
                Merge(made, section);
                into[key] = made;
            }
            else
            {
                into[key] = value.DeepClone();
            }
        }
    }

    private DeviceShadow? Document(string trainId)
    {
        var (desired, reported, version) = _shadows[trainId];
        var delta = new JsonObject();
        foreach (var (key, value) in desired)
        {
            if (!JsonNode.DeepEquals(value, reported[key]))
            {
                delta[key] = value?.DeepClone();
            }
        }

        return new DeviceShadow((JsonObject)desired.DeepClone(), (JsonObject)reported.DeepClone(), delta, [], version, DateTimeOffset.UnixEpoch);
    }
}
