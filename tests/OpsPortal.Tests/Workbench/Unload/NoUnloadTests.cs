using System.Net;
using OpsPortal.Tests.Host;

namespace OpsPortal.Tests.Workbench.Unload;

/// <summary>Where the warehouse writes no files it is said, and the page offers none.</summary>
public sealed class NoUnloadTests
{
    [Fact]
    public async Task The_embedded_warehouse_says_that_it_writes_none()
    {
        using var house = new WorkbenchHouse();
        using var caller = await house.AsAsync(WorkbenchHouse.Engineer());
        var id = await caller.TakenAsync("SELECT 1 AS one");

        using var answer = await caller.UnloadAsync(id);

        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
        Assert.Contains("The embedded warehouse writes no files", (await answer.JsonAsync()).GetProperty("detail").GetString(), StringComparison.Ordinal);
        Assert.DoesNotContain("make-files", await caller.GetStringAsync("/workbench"), StringComparison.Ordinal);
    }
}
