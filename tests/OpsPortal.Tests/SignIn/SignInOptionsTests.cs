using System.Diagnostics;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.SignIn;

/// <summary>BAD-51 for signing in: every mistake named by its key at the start, and no secret repeated.</summary>
[Trait("Fault", "BAD-51")]
public sealed class SignInOptionsTests
{
    private static readonly string[] Good =
    [
        "--SignIn:Mode=OpenIdConnect", "--Door:Hosts:0=localhost", "--OpenIdConnect:Authority=https://login.example/realm", "--OpenIdConnect:ClientId=portal", "--OpenIdConnect:ClientSecret=hush-hush",
    ];

    [Theory]
    [InlineData("OpenIdConnect:Authority: must be set", "--OpenIdConnect:Authority=")]
    [InlineData("OpenIdConnect:Authority: must be an https address", "--OpenIdConnect:Authority=http://login.example/")]
    [InlineData("OpenIdConnect:Authority: must be an https address", "--OpenIdConnect:Authority=https://user:hush-hush@login.example/")]
    [InlineData("OpenIdConnect:ClientId: must be set", "--OpenIdConnect:ClientId=")]
    [InlineData("OpenIdConnect:ClientSecretFile: give one of", "--OpenIdConnect:ClientSecretFile=/nowhere")]
    [InlineData("OpenIdConnect:CaFile: the file cannot be read", "--OpenIdConnect:CaFile=/nowhere.pem")]
    [InlineData("OpenIdConnect:Tenants: must name the tenants", "--OpenIdConnect:Issuer=https://login.microsoftonline.com/{tenantid}/v2.0")]
    [InlineData("OpenIdConnect:Tenants: are told apart only", "--OpenIdConnect:Tenants:0=11111111-2222-3333-4444-555555555555")]
    [InlineData("OpenIdConnect:GroupsEndpoint: must be set", "--OpenIdConnect:GroupOverage=Ask")]
    [InlineData("OpenIdConnect:EndSessionEndpoint: must be an https address", "--OpenIdConnect:EndSessionEndpoint=http://login.example/out")]
    [InlineData("OpenIdConnect:Preset: \"Facebook\" is not one of None, EntraId, Cognito, Okta, Keycloak", "--OpenIdConnect:Preset=Facebook")]
    [InlineData("OpenIdConnect:Secret: nobody reads this key", "--OpenIdConnect:Secret=hush-hush")]
    [InlineData("OpenIdConnect:Timeout", "--OpenIdConnect:Timeout=-1")]
    [InlineData("OpenIdConnect:ClockSkew", "--OpenIdConnect:ClockSkew=01:00:00")]
    [InlineData("OpenIdConnect:Scopes: is a list", "--OpenIdConnect:Scopes:0=openid profile")]
    [InlineData("Door:Hosts: must name the hosts", "--Door:Hosts:0=")]
    [InlineData("Door:Hosts:0 is \"\"", "--Door:Hosts:0=")]
    [InlineData("Alb:Region: must be set", "--SignIn:Mode=Alb")]
    [InlineData("Alb:Signers: must name", "--SignIn:Mode=Alb", "--Alb:Signers:0=arn:aws:iam::1:role/x")]
    [InlineData("Alb:KeysEndpoint: must be an https address", "--SignIn:Mode=Alb", "--Alb:KeysEndpoint=http://169.254.169.254/latest")]
    [InlineData("OpenIdConnect:ApiAudience: must be another one", "--OpenIdConnect:ApiAudience=portal")]
    [InlineData("Keys:EncryptedWith: ", "--Keys:EncryptedWith=/nowhere")]
    [InlineData("Keys:Folder: cannot be used", "--Keys:Folder=/proc/nowhere")]
    [InlineData("SignIn:Roles:Chief: is no role", "--SignIn:Roles:Chief:0=bosses")]
    [InlineData("SignIn:Roles:3: is no role", "--SignIn:Roles:3:0=bosses")]
    [InlineData("SignIn:CheckEvery", "--SignIn:CheckEvery=00:06:00")]
    [InlineData("SignIn:IdleFor: must not be longer", "--SignIn:IdleFor=13:00:00")]
    [InlineData("SignIn:ScopeFile: /nowhere.json cannot be used", "--SignIn:ScopeFile=/nowhere.json")]
    public async Task A_mistake_is_named_by_its_key(string why, params string[] settings)
    {
        var (code, error) = await RunAsync([.. Good, .. settings]);

        Assert.Equal(2, code);
        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.DoesNotContain("hush-hush", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_mistakes_are_named_at_once()
    {
        var (code, error) = await RunAsync("--SignIn:Mode=OpenIdConnect");

        Assert.Equal(2, code);
        foreach (var key in new[] { "Door:Hosts", "OpenIdConnect:Authority", "OpenIdConnect:ClientId" })
        {
            Assert.Contains(key, error, StringComparison.Ordinal);
        }
    }

    private static async Task<(int Code, string Error)> RunAsync(params string[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("opsportal-refused-").FullName;
        var start = new ProcessStartInfo("dotnet", [Path.Combine(RunningProduct.Root, "artifacts", "bin", "OpsPortal", "debug", "OpsPortal.dll"), .. settings, $"--Data:Folder={folder}", "--Parts=Portal", "--Urls=http://127.0.0.1:0"])
        {
            WorkingDirectory = RunningProduct.Root,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using var program = Process.Start(start)!;
        var output = program.StandardOutput.ReadToEndAsync();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        try
        {
            await program.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            program.Kill();
        }

        var error = await program.StandardError.ReadToEndAsync(CancellationToken.None);
        await output;
        Directory.Delete(folder, recursive: true);
        return (program.ExitCode, error);
    }
}
