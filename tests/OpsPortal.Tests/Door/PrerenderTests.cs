using System.Net;
using OpsPortal.Core.Access;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Door;

/// <summary>BAD-43: a page is asked for again and again, and its circuit never comes.</summary>
[Collection(Alone.Name)]
[Trait("Fault", "BAD-43")]
public sealed class PrerenderTests
{
    private const int Warm = 1_000;
    private const int Pages = 10_000;
    private const long MostKept = 16_000_000;

    [Fact]
    public async Task Ten_thousand_pages_without_a_circuit_leave_nothing_in_the_memory()
    {
        using var host = new PortalHost();
        var caller = await host.SignedInAsync(new User("prerender", "Prerender", new HashSet<Role> { Role.Operator }, Core.Access.Scope.WholeFleet));
        await AskAsync(caller, Warm);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        await AskAsync(caller, Pages);

        var kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        Assert.True(kept < MostKept, $"{kept / 1_000_000.0:0.0} MB are kept of {Pages} pages");
    }

    private static async Task AskAsync(HttpClient caller, int pages)
    {
        for (var i = 0; i < pages; i++)
        {
            using var answer = await caller.GetAsync("/alerts");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }
}
