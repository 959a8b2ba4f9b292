using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Keys;

/// <summary>The keys that protect forms and the provider's tokens: shared, lasting, encrypted.</summary>
public sealed class KeyTests : IDisposable
{
    private const string First = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
    private const string Second = "BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBA=";

    private readonly string _folder = Directory.CreateTempSubdirectory("opsportal-keys-").FullName;

    private string Keys => Path.Combine(_folder, "keys");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Keys_are_kept_encrypted_and_shared_by_whoever_has_the_secret()
    {
        var secret = Secret(First);
        var text = With(secret, protector => protector.Protect("tokens"));

        Assert.Equal("tokens", With(secret, protector => protector.Unprotect(text)));
        var kept = File.ReadAllText(Assert.Single(Directory.GetFiles(Keys)));
        Assert.Contains("<encryptedKey", kept, StringComparison.Ordinal);
        Assert.DoesNotContain("<masterKey", kept, StringComparison.Ordinal);
    }

    [Fact]
    public void A_new_secret_in_front_of_the_old_one_opens_what_the_old_one_closed()
    {
        var text = With(Secret(First), protector => protector.Protect("tokens"));

        Assert.Equal("tokens", With(Secret(Second, First), protector => protector.Unprotect(text)));
    }

    [Fact]
    [Trait("Fault", "FLT-26")]
    public void Another_secret_opens_nothing_and_stops_nothing()
    {
        var text = With(Secret(First), protector => protector.Protect("tokens"));

        Assert.Throws<System.Security.Cryptography.CryptographicException>(() => With(Secret(Second), protector => protector.Unprotect(text)));
        Assert.Equal("new", With(Secret(Second), protector => protector.Unprotect(protector.Protect("new"))));
    }

    [Fact]
    [Trait("Fault", "FLT-26")]
    public void Keys_in_the_clear_and_keys_that_are_new_are_said_at_the_start_outside_personas_only()
    {
        Assert.Empty(Said());
        var first = Said(("SignIn:Mode", "OpenIdConnect"), ("Door:Hosts:0", "localhost"), ("OpenIdConnect:Authority", "http://127.0.0.1:9"), ("OpenIdConnect:ClientId", "x"));
        var encrypted = Said(("SignIn:Mode", "OpenIdConnect"), ("Door:Hosts:0", "localhost"), ("OpenIdConnect:Authority", "http://127.0.0.1:9"), ("OpenIdConnect:ClientId", "x"), ("Keys:EncryptedWith", Secret(First)), ("Keys:Folder", Path.Combine(_folder, "new")));

        Assert.Contains(first, line => line.Contains("kept in the clear", StringComparison.Ordinal));
        Assert.Contains(encrypted, line => line.Contains("no data-protection keys", StringComparison.Ordinal));
        Assert.DoesNotContain(encrypted, line => line.Contains("in the clear", StringComparison.Ordinal));
    }

    private T With<T>(string secret, Func<IDataProtector, T> act)
    {
        using var host = new PortalHost(("Keys:Folder", Keys), ("Keys:EncryptedWith", secret));
        return act(host.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test"));
    }

    private string Secret(params string[] secrets)
    {
        var file = Path.Combine(_folder, Guid.NewGuid().ToString("N"));
        File.WriteAllLines(file, secrets);
        return file;
    }

    private List<string> Said(params (string Key, string Value)[] settings)
    {
        var lines = new LinesLogged();
        using var host = new PortalHost(services => services.AddSingleton<ILoggerProvider>(lines), [("Keys:Folder", Keys), .. settings]);
        Assert.NotNull(host.Services.GetRequiredService<IDataProtectionProvider>().CreateProtector("test").Protect("x"));
        return [.. lines.All.Where(line => line.Contains("data-protection keys", StringComparison.Ordinal))];
    }
}
