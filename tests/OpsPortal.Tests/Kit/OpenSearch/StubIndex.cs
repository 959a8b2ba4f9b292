using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace OpsPortal.Tests.Kit.OpenSearch;

/// <summary>One index: what was written, and what of it can be found. Writes are found after the next refresh; refreshes come at whole multiples of the interval.</summary>
internal sealed class StubIndex(string name, JsonObject? settings, JsonObject? mappings, TimeProvider time)
{
    private readonly Dictionary<string, StubDocument> _present = new(StringComparer.Ordinal);
    private readonly Dictionary<string, StubDocument> _visible = new(StringComparer.Ordinal);
    private readonly List<StubDocument> _waiting = [];
    private long[] _next = [];

    public string Name => name;

    public string Uuid { get; } = Guid.NewGuid().ToString("N")[..22];

    public bool IsClosed { get; set; }

    /// <summary>When its shards have started: until then it can neither be searched nor read, and what writes to it waits.</summary>
    public DateTimeOffset StartsAt { get; init; }

    public bool IsStarted => time.GetUtcNow() >= StartsAt;

    public StubMapping Mapping { get; } = new(mappings);

    public Dictionary<string, string> Settings { get; } = Flat(settings);

    public SortedDictionary<string, JsonObject> Aliases { get; } = new(StringComparer.Ordinal);

    public int Shards => int.Parse(Settings.GetValueOrDefault("index.number_of_shards", "1"), CultureInfo.InvariantCulture);

    public int Copies => 1 + int.Parse(Settings.GetValueOrDefault("index.number_of_replicas", Settings.ContainsKey("index.auto_expand_replicas") ? "0" : "1"), CultureInfo.InvariantCulture);

    /// <summary>How often its shards were taken up.</summary>
    public long Term { get; private set; } = 1;

    /// <summary>Whether anything was ever written: before that, OpenSearch does not know _seq_no here.</summary>
    public bool WasWritten => _next.Any(next => next > 0);

    public JsonObject ShardCounts() => new() { ["total"] = Copies, ["successful"] = 1, ["failed"] = 0 };

    public StubDocument? Get(string id) => _present.GetValueOrDefault(id);

    /// <summary>Keeps a document as the next of its shard.</summary>
    public StubDocument Put(string id, JsonObject source, long version, TimeSpan hold)
    {
        var now = time.GetUtcNow();
        var shard = ShardOf(id);
        var document = new StubDocument(this, id, version, NextNumber(shard), Term, shard, source, now, hold > TimeSpan.Zero ? now + hold : now);
        _present[id] = document;
        _waiting.Add(document);
        return document;
    }

    /// <summary>Takes a document out, behind everybody's back.</summary>
    public bool Remove(string id) => _present.Remove(id) | _visible.Remove(id) | _waiting.RemoveAll(document => document.Id == id) > 0;

    /// <summary>The number that a shard gives to the next thing that happens to it.</summary>
    public long NextNumber(int shard)
    {
        Array.Resize(ref _next, Shards);
        return _next[shard]++;
    }

    /// <summary>As after a kill of the server: the last numbers of each shard are lost, though they were shown, and are given again in another term. The rest is visible.</summary>
    public void TakeUp(int lost)
    {
        for (var shard = 0; shard < _next.Length; shard++)
        {
            var (of, next) = (shard, Math.Max(0, _next[shard] - lost));
            _next[shard] = next;
            _present.Values.Where(document => document.Shard == of && document.Number >= next).ToList().ForEach(document => Remove(document.Id));
        }

        Term++;
        Refresh();
    }

    /// <summary>What a search sees.</summary>
    public IReadOnlyCollection<StubDocument> Visible()
    {
        var interval = Interval();
        if (interval > TimeSpan.Zero)
        {
            var now = time.GetUtcNow();
            Show(now.AddTicks(-(now.Ticks % interval.Ticks)));
        }

        return _visible.Values;
    }

    /// <summary>The refresh that is asked for.</summary>
    public void Refresh() => Show(time.GetUtcNow());

    /// <summary>Settings by their full names, however they were nested and whether or not they began with "index".</summary>
    public static Dictionary<string, string> Flat(JsonObject? settings) =>
        Leaves("", settings ?? []).ToDictionary(leaf => leaf.Key.StartsWith("index.", StringComparison.Ordinal) ? leaf.Key : "index." + leaf.Key, leaf => leaf.Value, StringComparer.Ordinal);

    private static IEnumerable<KeyValuePair<string, string>> Leaves(string before, JsonObject settings) =>
        settings.SelectMany(setting => setting.Value is JsonObject inner
            ? Leaves($"{before}{setting.Key}.", inner)
            : [KeyValuePair.Create(before + setting.Key, setting.Value?.ToString() ?? "")]);

    private void Show(DateTimeOffset upTo)
    {
        var now = time.GetUtcNow();
        foreach (var document in _waiting.Where(document => document.WrittenAt <= upTo && document.HeldUntil <= now).ToList())
        {
            _waiting.Remove(document);
            if (!_visible.TryGetValue(document.Id, out var shown) || shown.Number < document.Number)
            {
                _visible[document.Id] = document;
            }
        }
    }

    private TimeSpan Interval() => Settings.GetValueOrDefault("index.refresh_interval", "1s") switch
    {
        var text when text.EndsWith("ms", StringComparison.Ordinal) => TimeSpan.FromMilliseconds(int.Parse(text[..^2], CultureInfo.InvariantCulture)),
        var text when text.EndsWith('s') => TimeSpan.FromSeconds(int.Parse(text[..^1], CultureInfo.InvariantCulture)),
        _ => TimeSpan.Zero,
    };

    public int ShardOf(string id)
    {
        if (Shards == 1)
        {
            return 0;
        }

        var routing = 1024 / Shards * Shards;
        return (int)(((Murmur3(Encoding.Unicode.GetBytes(id)) % routing) + routing) % routing / (routing / Shards));
    }

    private static int Murmur3(ReadOnlySpan<byte> data)
    {
        const uint C1 = 0xcc9e2d51;
        const uint C2 = 0x1b873593;
        uint hash = 0;
        var i = 0;
        for (; i + 4 <= data.Length; i += 4)
        {
            var block = BitConverter.ToUInt32(data[i..]) * C1;
            hash ^= uint.RotateLeft(block, 15) * C2;
            hash = (uint.RotateLeft(hash, 13) * 5) + 0xe6546b64;
        }

        uint rest = 0;
        for (var tail = data.Length - 1; tail >= i; tail--)
        {
            rest = (rest << 8) | data[tail];
        }

        hash ^= uint.RotateLeft(rest * C1, 15) * C2;
        hash ^= (uint)data.Length;
        hash = (hash ^ (hash >> 16)) * 0x85ebca6b;
        hash = (hash ^ (hash >> 13)) * 0xc2b2ae35;
        return (int)(hash ^ (hash >> 16));
    }
}
