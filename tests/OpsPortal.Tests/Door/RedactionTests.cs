using System.Net.Http.Headers;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpsPortal.Core.Access;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Door;

/// <summary>SEC-19: everything that opens something is shown to the running portal in every place; none of it is in any log line, at any level, nor in the audit log.</summary>
[Trait("Fault", "SEC-19")]
[Trait("Fault", "SEC-38")]
public sealed class RedactionTests
{
    [Fact]
    public async Task No_secret_reaches_a_log_line_at_any_level()
    {
        var lines = new LinesLogged();
        using var host = new PortalHost(services => services.AddSingleton<ILoggerProvider>(lines), ("Logging:LogLevel:Default", "Trace"), ("Logging:LogLevel:Microsoft.AspNetCore", "Trace"), ("Logging:Console:LogLevel:Default", "None"));
        var user = new User("leaky", "Leaky", new HashSet<Role> { Role.Operator }, Core.Access.Scope.WholeFleet);
        var (session, wrong) = (await host.SessionOfAsync(user), SessionId.New());
        var signedIn = await host.SignedInAsync(user);
        var made = (await (await signedIn.PostAsJsonAsync("/api/tokens", new { name = "x", days = 1 })).JsonAsync()).GetProperty("secret").GetString()!;
        var csrf = (await (await signedIn.GetAsync("/api/me")).JsonAsync()).GetProperty("csrf").GetString()!;
        foreach (var path in new[] { "/", "/api/me", "/api/nothing", "/tokens", "/hubs/feed/negotiate?negotiateVersion=1", "/api/fleet?limit=x" })
        {
            foreach (var secret in new[] { session, wrong, made })
            {
                await AskAsync(host, path, request => request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", secret));
                await AskAsync(host, path, request => request.Headers.Add("Cookie", $"__Host-opsportal={secret}"));
                await AskAsync(host, path, request => request.Headers.Add("X-CSRF", csrf));
            }
        }

        await AskAsync(host, $"/hubs/feed/negotiate?negotiateVersion=1&access_token={session}", _ => { });
        await AskAsync(host, $"/hubs/feed?access_token={session}", _ => { });

        var secrets = new[] { session, wrong, made, csrf };
        Assert.NotEmpty(lines.All);
        var leaked = lines.All.Where(line => secrets.Any(secret => line.Contains(secret, StringComparison.Ordinal))).Distinct().ToList();
        Assert.True(leaked.Count == 0, string.Join('\n', leaked));
        Assert.DoesNotContain(host.Audit.Entries, entry => secrets.Any(secret => entry.ToString().Contains(secret, StringComparison.Ordinal)));
    }

    private static async Task AskAsync(PortalHost host, string path, Action<HttpRequestMessage> prove)
    {
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post })
        {
            using var request = new HttpRequestMessage(method, path);
            prove(request);
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
            using var answer = await host.Caller().SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        }
    }
}
