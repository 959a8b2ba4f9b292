using Microsoft.Extensions.Logging.Abstractions;
using OpsPortal.Adapters.Embedded.Extracts;
using OpsPortal.Core.Extracts;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Contracts.Embedded;

[Trait("Peer", "Embedded")]
public sealed class EmbeddedExtractStoreTests : ExtractStoreContract, IDisposable
{
    private readonly DataFolder _data = new();
    private readonly EmbeddedExtractStore _store;

    public EmbeddedExtractStoreTests() => _store = new EmbeddedExtractStore(_data.AsOptions(), new ManualTime(), NullLogger<EmbeddedExtractStore>.Instance);

    protected override IExtractStore Store => _store;

    public void Dispose()
    {
        _store.Dispose();
        _data.Dispose();
    }
}
