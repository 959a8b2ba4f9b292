using OpsPortal.Adapters.Embedded.Audit;
using OpsPortal.Core.Audit;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Contracts.Embedded;

[Trait("Peer", "Embedded")]
public sealed class EmbeddedAuditLogTests : AuditLogContract, IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly EmbeddedAuditLog _audit;

    public EmbeddedAuditLogTests() => _audit = new EmbeddedAuditLog(_folder.Open());

    protected override IAuditLog Audit => _audit;

    protected override IAuditLog OpenAgain() => new EmbeddedAuditLog(_folder.Open());

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task What_was_written_is_hashed_as_it_is_read_back()
    {
        await AppendAsync(Audit, 0, 20);
        await Audit.AppendAsync(Entry(1) with { Detail = "half a character \ud800 is replaced" }, default);

        var before = AuditChain.Start;
        foreach (var row in await ReadAsync(OpenAgain(), 0, long.MaxValue))
        {
            Assert.Equal(AuditChain.Hash(before, row.Number, row.Entry), row.Hash);
            before = row.Hash;
        }
    }
}
