using System.Text;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Access;
using OpsPortal.Tests.Host;

namespace OpsPortal.Tests.Door;

/// <summary>Every address of the running portal, for everybody, in every spelling: taken from the routing itself, so that a new one cannot be forgotten.</summary>
public sealed class EveryEndpointTests(EveryEndpointTests.Portal portal) : IClassFixture<EveryEndpointTests.Portal>
{
    public sealed class Portal : IDisposable
    {
        public PortalHost Host { get; } = PortalHost.OnKestrel(("Limits:ApiPerMinute", "1000000"), ("Limits:SignInsPerMinute", "100000"), ("Limits:ConnectionsPerMinute", "100000"), ("Limits:ReportsPerMinute", "10000"));

        public void Dispose() => Host.Dispose();
    }

    private static readonly Role?[] Everybody = [null, .. Enum.GetValues<Role>()];

    [Fact]
    [Trait("Fault", "SEC-21")]
    public void Every_endpoint_of_the_running_portal_stands_in_the_table()
    {
        var (found, known) = (Find().ToHashSet(), EndpointTable.All.Keys.ToHashSet());

        Assert.True(found.SetEquals(known), $"Not in the table:\n{string.Join('\n', found.Except(known).Order(StringComparer.Ordinal))}\nIn the table only:\n{string.Join('\n', known.Except(found))}");
    }

    [Fact]
    [Trait("Fault", "SEC-21")]
    [Trait("Fault", "SEC-22")]
    public async Task Everybody_may_what_the_table_says_and_refusals_are_audited()
    {
        var wrong = new List<string>();
        foreach (var (route, (who, body)) in EndpointTable.All)
        {
            foreach (var role in Everybody)
            {
                var before = portal.Host.Audit.Entries.Count;
                var answer = await AskAsync(route, Path(route), body, role);
                var (lets, may) = (IsLetIn(answer), EndpointTable.Lets(who, role));
                if (lets != may)
                {
                    wrong.Add($"{route} as {role?.ToString() ?? "nobody"}: {answer}, the table says {who}");
                }

                if (!may && role is not null && portal.Host.Audit.Entries.Skip(before).All(entry => entry is not { Act: "refuse" or "acknowledge", Outcome: "refused" or "Refused" }))
                {
                    wrong.Add($"{route} as {role}: the refusal is not in the audit log");
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
    }

    [Fact]
    [Trait("Fault", "BAD-44")]
    [Trait("Fault", "SEC-21")]
    public async Task No_spelling_of_an_address_opens_what_its_plain_spelling_does_not()
    {
        var wrong = new List<string>();
        var tried = 0;
        foreach (var (route, (who, body)) in EndpointTable.All)
        {
            foreach (var spelling in Spellings(Path(route)))
            {
                foreach (var role in Everybody)
                {
                    tried++;
                    var answer = await AskAsync(route, spelling, body, role);
                    if (answer >= 500 || (!EndpointTable.Lets(who, role) && IsLetIn(answer) && answer is not (400 or 404 or 405 or 414)))
                    {
                        wrong.Add($"{route} as {role?.ToString() ?? "nobody"} spelt {spelling}: {answer}");
                    }
                }
            }
        }

        Assert.True(wrong.Count == 0, string.Join('\n', wrong));
        Assert.True(tried > 1_000, $"Only {tried} were tried.");
    }

    private IEnumerable<string> Find() =>
        portal.Host.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .SelectMany(endpoint => (endpoint.Metadata.GetMetadata<HttpMethodMetadata>()?.HttpMethods ?? ["ANY"]).Select(method => $"{method} /{endpoint.RoutePattern.RawText!.TrimStart('/')}"))
            .Distinct();

    // What a person types for each parameter; none of it exists.
    private static string Path(string route) => System.Text.RegularExpressions.Regex.Replace(route.Split(' ', 2)[1], @"\{[^}]+\}", "none");

    private static IEnumerable<string> Spellings(string path)
    {
        var encoded = string.Concat(path.Select((character, i) => i > 0 && char.IsAsciiLetter(character) ? $"%{(int)character:x2}" : character.ToString()));
        return
        [
            "/" + path, path + "/", path + "//", path + ".", path + "%20", path + "%00", path + ";", path + ";x=1", path + "%2f", path + "%5c", path + "?", path + "%3f",
            path.ToUpperInvariant(), encoded, path.Replace("/", "//", StringComparison.Ordinal), path.Replace("/", "/./", StringComparison.Ordinal), "/x/.." + path, "/x/%2e%2e" + path, "/..;" + path,
            "/healthz/live/.." + path, "/js/%2e%2e" + path, "/sign-in/..%2f" + path.TrimStart('/'), path.Replace("/", "%2f", StringComparison.Ordinal), path.Replace("/", "\\", StringComparison.Ordinal), path + "/../" + path.TrimStart('/'),
        ];
    }

    private async Task<int> AskAsync(string route, string path, string? body, Role? role)
    {
        var method = route.Split(' ', 2)[0] is "ANY" ? "GET" : route.Split(' ', 2)[0];
        if (!Uri.TryCreate(Address + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }, out var address))
        {
            return 400;
        }

        using var request = new HttpRequestMessage(new HttpMethod(method), address);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        if (role is { } some)
        {
            request.Headers.Authorization = new("Bearer", await SessionAsync(some, route));
        }

        using var answer = await _caller.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var leadsAway = answer.Headers.Location?.ToString() is { } to && (to.StartsWith("/sign-in?", StringComparison.Ordinal) || to.StartsWith("/not-allowed", StringComparison.Ordinal));
        return leadsAway ? 401 : (int)answer.StatusCode;
    }

    private static bool IsLetIn(int status) => status is not (401 or 403);

    private string Address => portal.Host.Address.GetLeftPart(UriPartial.Authority);

    private readonly HttpClient _caller = new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    private readonly Dictionary<Role, string> _sessions = [];

    // Signing out, here or everywhere, ends the session it is asked in: that one gets its own, of somebody else.
    private async Task<string> SessionAsync(Role role, string route)
    {
        var ends = route is "POST /sign-out" or "DELETE /api/sessions";
        if (ends || !_sessions.TryGetValue(role, out var session))
        {
            session = await portal.Host.SessionOfAsync(new User($"every:{role}:{(ends ? "leaver" : "stayer")}", role.ToString(), new HashSet<Role> { role }, Core.Access.Scope.WholeFleet));
        }

        if (!ends)
        {
            _sessions[role] = session;
        }

        return session;
    }
}
