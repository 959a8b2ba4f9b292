using System.Diagnostics;
using System.Text.Json;

namespace OpsPortal.Tests.Kit.Oidc;

/// <summary>npm's certified <c>oidc-provider</c> over https on loopback, as a process of node. Killed at the end.</summary>
public sealed class RealProvider : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly string _folder = Directory.CreateTempSubdirectory("opsportal-provider-").FullName;
    private readonly string _settings;
    private Process? _process;

    private RealProvider(IEnumerable<int> portalPorts)
    {
        TestAuthority.Make(_folder);
        var portals = portalPorts.Select(port => $"http://localhost:{port}").ToList();
        _settings = JsonSerializer.Serialize(new
        {
            port = Port,
            cert = Path.Combine(_folder, "server.pem"),
            key = Path.Combine(_folder, "server.key"),
            clients = new[]
            {
                new
                {
                    client_id = "portal", client_secret = "a secret of the tests", grant_types = new[] { "authorization_code", "refresh_token" }, response_types = new[] { "code" },
                    redirect_uris = portals.Select(portal => $"{portal}/sign-in/callback"), post_logout_redirect_uris = portals.Select(portal => $"{portal}/signed-out"),
                    backchannel_logout_uri = $"{portals[0]}/sign-in/back-channel", backchannel_logout_session_required = true,
                },
            },
            accounts = new Dictionary<string, object>
            {
                ["olga"] = new { name = "Olga Operator", roles = new[] { "ops-desk" }, depots = new[] { "Longsight" } },
                ["adam"] = new { name = "Adam Admin", roles = new[] { "admins" }, depots = "*" },
            },
        });
    }

    public int Port { get; } = FreePorts.Take();

    public string Issuer => $"https://localhost:{Port}";

    /// <summary>What a portal is told of it.</summary>
    public IEnumerable<(string Key, string Value)> Settings =>
    [
        ("SignIn:Mode", "OpenIdConnect"), ("Door:Hosts:0", "localhost"), ("OpenIdConnect:Authority", Issuer), ("OpenIdConnect:ClientId", "portal"), ("OpenIdConnect:Name", "the test provider"),
        ("OpenIdConnect:CaFile", Path.Combine(_folder, "ca.pem")), ("OpenIdConnect:Scopes:0", "profile"), ("OpenIdConnect:Scopes:1", "roles"),
        ("SignIn:Roles:Operator:0", "ops-desk"), ("SignIn:Roles:Business:0", "readers"), ("SignIn:Roles:Administrator:0", "admins"), ("SignIn:CheckEvery", "00:00:01"), ("OpenIdConnect:AskEvery", "00:00:02"), ("OpenIdConnect:Timeout", "00:00:03"),
    ];

    /// <summary>The secret, by the environment.</summary>
    public static IReadOnlyList<(string Name, string Value)> Environment => [("OpenIdConnect__ClientSecret", "a secret of the tests")];

    /// <param name="portalPorts">Where portals will listen: they are the provider's clients.</param>
    public static async Task<RealProvider> StartAsync(params int[] portalPorts)
    {
        var provider = new RealProvider(portalPorts);
        await provider.StartAgainAsync();
        return provider;
    }

    /// <summary>The same, known but not running yet.</summary>
    public static RealProvider Down(params int[] portalPorts) => new(portalPorts);

    /// <summary>Starts it, with new keys and empty.</summary>
    public async Task StartAgainAsync()
    {
        var script = Path.Combine(RunningProduct.Root, "tests", "OpsPortal.Tests", "Kit", "Oidc", "provider.mjs");
        _process = Process.Start(new ProcessStartInfo("node", [script, _settings]) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
        _process.ErrorDataReceived += (_, _) => { };
        _process.BeginErrorReadLine();
        Assert.Equal("ready", await LineAsync("ready"));
    }

    /// <summary>Signs with a new key from now on and forgets the old one.</summary>
    public Task RotateAsync() => SayAsync("rotate");

    /// <summary>An account is gone.</summary>
    public Task RemoveAsync(string name) => SayAsync($"remove {name}");

    /// <summary>An account has these claims from now on.</summary>
    public Task SetAsync(string name, object claims) => SayAsync($"account {name} {JsonSerializer.Serialize(claims)}");

    public async Task KillAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        _process = null;
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task SayAsync(string line)
    {
        await _process!.StandardInput.WriteLineAsync(line);
        Assert.Equal("ok", await LineAsync("ok"));
    }

    // It warns on its standard output too.
    private async Task<string> LineAsync(string wanted)
    {
        while (true)
        {
            var line = await _process!.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new InvalidOperationException("The provider ended by itself.");
            if (line == wanted)
            {
                return line;
            }
        }
    }
}
