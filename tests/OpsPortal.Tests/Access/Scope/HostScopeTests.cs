using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Access;

/// <summary>The same property over HTTP: API, pages, hub, guessed ids and error messages of the running portal.</summary>
[Trait("Fault", "SEC-23")]
[Trait("Fault", "BAD-35")]
[Trait("Fault", "BAD-41")]
public sealed class HostScopeTests
{
    private const int Worlds = 6;

    [Fact]
    public async Task No_path_of_the_running_portal_shows_what_is_outside_the_scope_or_keeps_back_what_is_inside()
    {
        using var host = new PortalHost(("Limits:ApiPerMinute", "1000000"), ("Limits:ConnectionsPerMinute", "100000"), ("Feed:NewestAnomalies", "1000"));
        var cases = 0;
        foreach (var world in Gen.Sample(ScopeWorlds.Any(5, 2, 5), 40, Worlds))
        {
            cases += await CheckAsync(host, world, HostPaths.All);
        }

        Assert.True(cases >= 600, $"Only {cases} cases were tried.");
    }

    /// <summary>The feed answers most of these: with its filter gone from a store behind the API, the API goes red.</summary>
    [Fact]
    public async Task A_portal_whose_store_forgets_the_scope_is_found_out()
    {
        using var host = new PortalHost(services =>
        {
            var store = services.Last(service => service.ServiceType == typeof(IAlertStore));
            services.AddSingleton<IAlertStore>(provider => new OpenAlerts((IAlertStore)ActivatorUtilities.CreateInstance(provider, store.ImplementationType!)));
        });

        await Assert.ThrowsAsync<ScopeBrokenException>(async () =>
        {
            foreach (var world in Gen.Sample(ScopeWorlds.Any(5, 2, 5), 40, 3))
            {
                await CheckAsync(host, world, [.. HostPaths.All.Where(path => path.Name == "GET /api/alerts")]);
            }
        });
    }

    private static async Task<int> CheckAsync(PortalHost host, ScopeWorld world, IReadOnlyList<ScopePath<PortalHouse>> paths)
    {
        var services = host.Services;
        await world.KeepAsync(services.GetRequiredService<ITrainStore>(), services.GetRequiredService<IAlertStore>(), services.GetRequiredService<IAnomalyStore>(), services.GetRequiredService<IReadingStore>());
        var feed = services.GetRequiredService<LiveFeed>();
        await Eventually.IsTrueAsync("the feed knows the world as it is now", TimeSpan.FromSeconds(20), () => Task.FromResult(
            world.Present.All(train => feed.Find(Core.Access.Scope.WholeFleet, train.Id)?.State.Train.Identity == train && feed.Current(Core.Access.Scope.WholeFleet).Alerts.Any(alert => alert.Train == train))));
        var house = new PortalHouse(host);
        foreach (var scope in world.Scopes)
        {
            foreach (var path in paths)
            {
                await path.CheckAsync(house, scope, world);
            }
        }

        return world.Scopes.Count * paths.Count;
    }
}
