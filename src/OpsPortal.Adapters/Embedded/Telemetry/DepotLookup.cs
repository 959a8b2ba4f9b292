using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Embedded.Telemetry;

/// <summary>Which depot a train belongs to, from the registry; "unknown" when it is not in it.</summary>
internal sealed class DepotLookup(ITrainRegistry registry, TimeProvider time)
{
    private const string Unknown = "unknown";
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(30);

    private readonly HashSet<string> _missing = new(StringComparer.Ordinal);
    private Dictionary<string, string> _depots = new(StringComparer.Ordinal);
    private DateTimeOffset _lookedAt = DateTimeOffset.MinValue;

    public string Of(string? trainId) => trainId is not null && _depots.TryGetValue(trainId, out var depot) && depot.Length > 0 ? depot : Unknown;

    /// <summary>Reads the registry when a train is new, and now and then, as trains change depots.</summary>
    public async Task LookUpAsync(IEnumerable<string?> trainIds, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var isNew = trainIds.Any(id => id is not null && !_depots.ContainsKey(id) && !_missing.Contains(id));
        if (!isNew && now - _lookedAt < LookAgain)
        {
            return;
        }

        _depots = (await registry.FindAllAsync(cancellationToken)).ToDictionary(train => train.Identity.Id, train => train.Identity.Depot, StringComparer.Ordinal);
        _missing.Clear();
        _missing.UnionWith(trainIds.OfType<string>().Where(id => !_depots.ContainsKey(id)));
        _lookedAt = now;
    }
}
