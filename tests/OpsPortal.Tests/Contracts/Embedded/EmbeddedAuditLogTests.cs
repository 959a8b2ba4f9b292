using Microsoft.Data.Sqlite;
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
    public async Task An_untouched_chain_is_whole()
    {
        await AppendAsync(Audit, 0, 20);
        await Audit.AppendAsync(Entry(1) with { Detail = "half a character \ud800 is replaced" }, default);

        Assert.Null(await _audit.FindBreakAsync(default));
    }

    [Theory]
    [InlineData("UPDATE audit SET who = 'Operator Two' WHERE number = 7", 7)]
    [InlineData("UPDATE audit SET detail = NULL WHERE number = 8", 8)]
    [InlineData("DELETE FROM audit WHERE number = 7", 8)]
    [InlineData("DELETE FROM audit WHERE number = 1", 2)]
    [InlineData("UPDATE audit SET number = 100 WHERE number = 7; UPDATE audit SET number = 7 WHERE number = 8; UPDATE audit SET number = 8 WHERE number = 100", 7)]
    [InlineData("INSERT INTO audit SELECT 11, at, who, act, acted_on, caller, outcome, detail, correlation, hash FROM audit WHERE number = 10", 11)]
    public async Task What_was_tampered_with_breaks_the_chain(string tampering, long brokenAt)
    {
        await AppendAsync(Audit, 0, 10);
        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "operations.db")};Pooling=False");
        await connection.OpenAsync();
        var command = connection.CreateCommand();
        command.CommandText = tampering;
        await command.ExecuteNonQueryAsync();

        Assert.Equal(brokenAt, await _audit.FindBreakAsync(default));
    }
}
