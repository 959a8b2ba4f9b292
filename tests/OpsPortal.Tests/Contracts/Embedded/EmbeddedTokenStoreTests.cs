using Microsoft.Extensions.Logging.Abstractions;
using OpsPortal.Adapters.Embedded.Access;
using OpsPortal.Core.Access;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Contracts.Embedded;

[Trait("Peer", "Embedded")]
public sealed class EmbeddedTokenStoreTests : TokenStoreContract, IDisposable
{
    private readonly DataFolder _data = new();
    private readonly EmbeddedTokenStore _store;

    public EmbeddedTokenStoreTests() => _store = new EmbeddedTokenStore(_data.AsOptions(), new ManualTime(), NullLogger<EmbeddedTokenStore>.Instance);

    protected override IPersonalTokenStore Tokens => _store;

    protected override IKnownUsers Users => _store;

    public void Dispose()
    {
        _store.Dispose();
        _data.Dispose();
    }
}
