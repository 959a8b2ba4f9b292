using Microsoft.Data.Sqlite;
using OpsPortal.Adapters;
using OpsPortal.Adapters.Embedded.Audit;
using OpsPortal.Audit;
using OpsPortal.Core.Audit;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Audit;

/// <summary>The command <c>audit-verify</c>, by its exit code.</summary>
[Trait("Fault", "SEC-39")]
public sealed class AuditVerifyTests : IDisposable
{
    private readonly DataFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task It_ends_with_0_intact_and_1_broken()
    {
        await SignedAsync();
        Assert.Equal(0, await RunAsync());

        await using var connection = new SqliteConnection($"Data Source={Path.Combine(_folder.Path, "operations.db")};Pooling=False");
        await connection.OpenAsync();
        var command = connection.CreateCommand();
        command.CommandText = "UPDATE audit SET who = 'Nobody' WHERE number = 2";
        await command.ExecuteNonQueryAsync();

        Assert.Equal(1, await RunAsync());
    }

    [Fact]
    public async Task It_needs_no_more_than_a_public_key_and_says_when_there_is_none()
    {
        await SignedAsync();
        var key = Path.Combine(_folder.Path, "audit-key.pem");
        using var keys = HeadKeys.Read(await File.ReadAllTextAsync(key));
        var half = Path.Combine(_folder.Path, "public.pem");
        await File.WriteAllTextAsync(half, keys.PublicPem);
        File.Delete(key);

        Assert.Equal(2, await RunAsync());
        Assert.Equal(0, await RunAsync($"--Audit:KeyFile={half}"));
    }

    [Fact]
    public async Task A_removed_store_is_broken_and_an_empty_folder_cannot_be_told()
    {
        Assert.Equal(2, await RunAsync());
        await SignedAsync();

        Assert.Equal(1, await RunAsync("--Data:Folder=" + Directory.CreateDirectory(Path.Combine(_folder.Path, "elsewhere")).FullName, $"--Audit:HeadsFolder={Path.Combine(_folder.Path, "audit-heads")}"));
        Assert.Equal(2, await RunAsync("--Audit:Nonsense=1"));
    }

    private Task<int> RunAsync(params string[] more) => Asked(AuditVerify.RunWhenAskedForAsync(["audit-verify", $"--Data:Folder={_folder.Path}", .. more], (services, configuration) => services.AddAdapters(configuration)));

    private static async Task<int> Asked(Task<int?> run) => Assert.IsType<int>(await run);

    private async Task SignedAsync()
    {
        var audit = new EmbeddedAuditLog(_folder.Open());
        foreach (var i in Enumerable.Range(0, 5))
        {
            await audit.AppendAsync(new AuditEntry(TimeProvider.System.GetUtcNow(), "Operator One", "acknowledge", $"al-{i}", null, "ok", null, null), default);
        }

        var pem = HeadKeys.New();
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "audit-key.pem"), pem);
        using var keys = HeadKeys.Read(pem);
        await new AuditSigning(audit, new HeadsFolder(Path.Combine(_folder.Path, "audit-heads")), keys, TimeProvider.System).SignAsync(default);
    }
}
