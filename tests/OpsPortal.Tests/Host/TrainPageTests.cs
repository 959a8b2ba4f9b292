using System.Net;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Access;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Tests.Kit;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Host;

/// <summary>A train outside what somebody may see is as unknown as one that does not exist: on its page and in the API.</summary>
public sealed class TrainPageTests
{
    [Theory]
    [InlineData("390-042", HttpStatusCode.OK)]
    [InlineData("222-007", HttpStatusCode.NotFound)]
    [InlineData("999-999", HttpStatusCode.NotFound)]
    public async Task A_train_is_shown_only_inside_the_scope(string train, HttpStatusCode answered)
    {
        using var host = new PortalHost();
        await host.Services.GetRequiredService<ITrainStore>().KeepAsync([Samples.State(Samples.Longsight(), 1), Samples.State(Samples.Crofton(), 2)], CancellationToken.None);
        var feed = host.Services.GetRequiredService<LiveFeed>();
        await Eventually.IsTrueAsync("the feed has both trains", TimeSpan.FromSeconds(20), () => Task.FromResult(feed.Find(Scope.WholeFleet, "222-007") is not null));
        using var caller = await NarrowAsync(host);

        foreach (var path in new[] { $"/trains/{train}", $"/api/trains/{train}", $"/api/trains/{train}/readings?sensor=axleBoxTemperature.car3.axle2.right", $"/api/trains/{train}/shadow" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, path);
            request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue(path.StartsWith("/api", StringComparison.Ordinal) ? "application/json" : "text/html"));
            using var answer = await caller.SendAsync(request);
            Assert.True(answered == answer.StatusCode, $"{path}: {answer.StatusCode}");
            Assert.DoesNotContain(answered == HttpStatusCode.NotFound ? "Crofton" : "no such", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    // Somebody of one depot: personas all see the whole fleet.
    private static async Task<HttpClient> NarrowAsync(PortalHost host)
    {
        var (id, now) = (SessionId.New(), TimeProvider.System.GetUtcNow());
        var user = new User("persona:engineer:Narrow", "Narrow", new HashSet<Role> { Role.Engineer }, Samples.OnlyLongsight("depot"));
        await host.Services.GetRequiredService<ISessionStore>().KeepAsync(id, new Session(user, now, now.AddHours(1)), CancellationToken.None);
        var caller = host.Caller();
        caller.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", id);
        return caller;
    }
}
