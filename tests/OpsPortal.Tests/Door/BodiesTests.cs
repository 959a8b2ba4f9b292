using System.Net;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Fleet;
using OpsPortal.Tests.Host;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Door;

/// <summary>Bodies that claim more than their sender may say, and bodies made to hurt, at every address that takes one.</summary>
public sealed class BodiesTests(BodiesTests.Portal portal) : IClassFixture<BodiesTests.Portal>
{
    public sealed class Portal : IAsyncLifetime
    {
        public PortalHost Host { get; } = PortalHost.OnKestrel(("Limits:SignInsPerMinute", "100000"), ("Limits:ReportsPerMinute", "10000"));

        public async Task InitializeAsync()
        {
            await Host.Services.GetRequiredService<ITrainStore>().KeepAsync([Samples.State(Samples.Longsight(), 1)], default);
            await Host.Services.GetRequiredService<IAlertStore>().PutAsync(Samples.Alert("a1", Samples.Longsight(), Samples.Start), 0, default);
        }

        public Task DisposeAsync()
        {
            Host.Dispose();
            return Task.CompletedTask;
        }
    }

    public static TheoryData<string> Taking() => [.. EndpointTable.All.Where(route => route.Value.Body is not null).Select(route => route.Key)];

    [Fact]
    [Trait("Fault", "SEC-22")]
    public async Task An_acknowledgement_is_by_who_sends_it_and_of_now_whatever_the_body_claims()
    {
        var before = TimeProvider.System.GetUtcNow();
        var answer = await SendAsync(HttpMethod.Post, "/api/alerts/a1/acknowledge", """{"note":"seen","by":"The Boss","at":"2001-01-01T00:00:00Z","userId":"admin","roles":["Administrator"],"acknowledgement":{"by":"The Boss"},"severity":"watch","revision":99}""", "one");

        var alert = await portal.Host.Services.GetRequiredService<IAlertStore>().GetAsync(Core.Access.Scope.WholeFleet, "a1", default);
        Assert.Equal(HttpStatusCode.OK, answer);
        Assert.Equal(("one", "seen", Severity.Critical), (alert!.Acknowledgement!.By, alert.Acknowledgement.Note, alert.Episode.Severity));
        Assert.True(alert.Acknowledgement.At >= before);
    }

    [Fact]
    [Trait("Fault", "SEC-22")]
    public async Task A_sign_in_gives_the_personas_roles_whatever_the_body_claims()
    {
        using var caller = new HttpClient { BaseAddress = portal.Host.Address };
        using var body = Json("""{"persona":"business","name":"Jo","roles":["Administrator"],"role":"Administrator","scope":{"depots":null},"isAdmin":true,"userId":"root"}""");
        using var answer = await caller.PostAsync("/sign-in/persona", body);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(["Business"], (await answer.JsonAsync()).GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
    }

    [Fact]
    [Trait("Fault", "SEC-22")]
    public async Task A_token_is_its_makers_whatever_the_body_claims()
    {
        using var caller = new HttpClient { BaseAddress = portal.Host.Address };
        caller.DefaultRequestHeaders.Authorization = new("Bearer", await portal.Host.SessionOfAsync(Somebody("maker")));
        using var body = Json("""{"name":"mine","days":1,"maker":"admin","makerId":"admin","makerName":"Admin","id":"chosen","expiresAt":"2999-01-01T00:00:00Z","roles":["Administrator"],"writes":true}""");
        using var answer = await caller.PostAsync("/api/tokens", body);

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        var token = Assert.Single((await (await caller.GetAsync("/api/tokens")).JsonAsync()).GetProperty("items").EnumerateArray());
        Assert.Equal("maker", token.GetProperty("maker").GetString());
        Assert.NotEqual("chosen", token.GetProperty("id").GetString());
        Assert.True(token.GetProperty("expiresAt").GetDateTimeOffset() < TimeProvider.System.GetUtcNow().AddDays(2));
    }

    [Theory]
    [Trait("Fault", "BAD-2")]
    [Trait("Fault", "BAD-3")]
    [MemberData(nameof(Taking))]
    public async Task No_body_made_to_hurt_is_more_than_a_plain_refusal(string route)
    {
        var method = new HttpMethod(route.Split(' ')[0]);
        var path = route.Split(' ')[1].Replace("{id}", "none", StringComparison.Ordinal);
        foreach (var (what, body) in new (string, string)[]
        {
            ("lists a thousand deep", $"{{\"note\":{new string('[', 1_000)}{new string(']', 1_000)}}}"),
            ("objects a hundred thousand deep", string.Concat(Enumerable.Repeat("{\"a\":", 100_000)) + "1" + new string('}', 100_000)),
            ("lists never closed", new string('[', 100_000)),
            ("above the limit", $"{{\"note\":\"{new string('x', 1_100_000)}\"}}"),
            ("a hundred thousand keys", $"{{{string.Join(',', Enumerable.Range(0, 80_000).Select(i => $"\"k{i}\":1"))}}}"),
            ("a number of a thousand digits", $"{{\"days\":{new string('9', 1_000)},\"seed\":{new string('9', 1_000)},\"note\":{new string('9', 1_000)}}}"),
            ("a lone surrogate", "{\"note\":\"\\ud800\",\"name\":\"\\ud800\",\"persona\":\"\\ud800\"}"),
            ("NUL", "{\"note\":\"\\u0000\",\"name\":\"\\u0000\"}"),
            ("keys that browsers trip over", "{\"__proto__\":{\"note\":\"x\"},\"constructor\":{\"prototype\":{\"name\":\"x\"}}}"),
            ("a type in it", "{\"$type\":\"System.Diagnostics.Process, System.Diagnostics.Process\",\"note\":{\"$ref\":\"#\"}}"),
        })
        {
            var status = (int)await SendAsync(method, path, body, "hurts");
            Assert.True(status is >= 200 and < 500, $"{route}, {what}: {status}");
            Assert.NotEqual(405, status);
            Assert.True(what != "above the limit" || status is 413 or 400, $"{route}, {what}: {status}");
        }
    }

    private static User Somebody(string id) => new(id, id, new HashSet<Role> { Role.Supervisor, Role.Administrator }, Core.Access.Scope.WholeFleet);

    private static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    private async Task<HttpStatusCode> SendAsync(HttpMethod method, string path, string body, string who)
    {
        using var caller = new HttpClient { BaseAddress = portal.Host.Address };
        caller.DefaultRequestHeaders.Authorization = new("Bearer", await portal.Host.SessionOfAsync(Somebody(who)));
        using var call = new HttpRequestMessage(method, path) { Content = Json(body) };
        try
        {
            using var answer = await caller.SendAsync(call);
            var text = await answer.Content.ReadAsStringAsync();
            Assert.DoesNotContain("   at ", text, StringComparison.Ordinal);
            return answer.StatusCode;
        }
        catch (HttpRequestException e) when (e.InnerException is IOException)
        {
            // Refused before all of it was sent.
            return HttpStatusCode.RequestEntityTooLarge;
        }
    }
}
