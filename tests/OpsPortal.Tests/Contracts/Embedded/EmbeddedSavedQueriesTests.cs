using Microsoft.Extensions.Logging.Abstractions;
using OpsPortal.Adapters.Embedded.Warehouse;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Contracts.Embedded;

[Trait("Peer", "Embedded")]
public sealed class EmbeddedSavedQueriesTests : SavedQueriesContract, IDisposable
{
    private readonly DataFolder _data = new();
    private readonly EmbeddedSavedQueries _store;

    public EmbeddedSavedQueriesTests() => _store = new EmbeddedSavedQueries(_data.AsOptions(), new ManualTime(), NullLogger<EmbeddedSavedQueries>.Instance);

    protected override ISavedQueries Queries => _store;

    protected override IQueryHistory History => _store;

    public void Dispose()
    {
        _store.Dispose();
        _data.Dispose();
    }
}
