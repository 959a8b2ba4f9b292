using OpsPortal.Audit;
using OpsPortal.Core.Audit;

namespace OpsPortal.Tests.Audit;

/// <summary>Mistakes in the audit's options are said at the start, without what a key file holds; and the key that is made is its owner's.</summary>
[Trait("Fault", "BAD-51")]
public sealed class AuditOptionsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opsportal-options-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void A_key_that_is_not_there_or_cannot_sign_is_refused()
    {
        using var keys = HeadKeys.Read(HeadKeys.New());
        var (half, text) = (Write("half.pem", keys.PublicPem), Write("text.pem", "hush-hush"));

        Assert.Contains("begins with a public key", Mistake(new AuditOptions { KeyFile = half }), StringComparison.Ordinal);
        Assert.Contains("Audit:KeyFile", Mistake(new AuditOptions { KeyFile = Path.Combine(_folder, "none.pem") }), StringComparison.Ordinal);
        Assert.Contains("holds no key", Mistake(new AuditOptions { KeyFile = text }), StringComparison.Ordinal);
        Assert.DoesNotContain("hush-hush", Mistake(new AuditOptions { KeyFile = text }), StringComparison.Ordinal);
        Assert.True(new AuditOptionsCheck().Validate(null, new AuditOptions { KeyFile = Write("whole.pem", HeadKeys.New()) }).Succeeded);
    }

    [Fact]
    public void A_place_that_cannot_be_made_is_refused()
    {
        var file = Write("file", "");

        Assert.Contains("Audit:HeadsFolder", Mistake(new AuditOptions { HeadsFolder = Path.Combine(file, "heads") }), StringComparison.Ordinal);
        Assert.Contains("Audit:WitnessFile", Mistake(new AuditOptions { WitnessFile = Path.Combine(file, "x", "witness.json") }), StringComparison.Ordinal);
    }

    [Fact]
    public void The_key_that_is_made_is_for_its_owner_only_and_processes_that_start_together_have_the_same()
    {
        var configuration = new Microsoft.Extensions.Configuration.ConfigurationBuilder().Add(new Microsoft.Extensions.Configuration.Memory.MemoryConfigurationSource { InitialData = [new("Data:Folder", _folder)] }).Build();
        var file = new HeadKeyFile(configuration, Microsoft.Extensions.Options.Options.Create(new AuditOptions()));

        var ids = Enumerable.Range(0, 8).AsParallel().WithDegreeOfParallelism(8).Select(_ =>
        {
            using var keys = file.Read(makes: true);
            return keys.Id;
        }).ToList();

        Assert.Single(ids.Distinct());
        if (!OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file.Path));
        }

        Assert.Equal([file.Path, $"{file.Path}.lock"], Directory.GetFiles(_folder).Order(StringComparer.Ordinal));
    }

    private static string Mistake(AuditOptions options) => new AuditOptionsCheck().Validate(null, options).FailureMessage ?? "";

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }
}
