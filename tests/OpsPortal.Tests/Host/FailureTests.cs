using System.Net;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Core.Health;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Host;

public sealed class FailureTests
{
    [Fact]
    [Trait("Fault", "SEC-37")]
    public async Task A_store_that_cannot_be_reached_is_said_in_problem_details_to_whoever_reads_too()
    {
        using var portal = new PortalHost(services => services.AddSingleton<IDeadLetters>(new Broken(() => new StoreUnavailableException("operations", "the disk is gone"))));
        var answer = await (await portal.SignedInAsync()).GetAsync("/api/health/pipeline");

        Assert.Contains("operations store cannot be reached", (await answer.ProblemAsync(503))["request"][0], StringComparison.Ordinal);
        Assert.NotNull(answer.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, (await portal.Caller().GetAsync("/healthz/live")).StatusCode);
    }

    [Fact]
    public async Task What_fails_otherwise_tells_programs_no_more_than_where_to_look()
    {
        using var portal = new PortalHost(services => services.AddSingleton<IDeadLetters>(new Broken(() => new InvalidOperationException("a secret of the machine"))));
        var answer = await (await portal.SignedInAsync()).GetAsync("/api/health/pipeline");

        Assert.Contains("in the log under", (await answer.ProblemAsync(500))["request"][0], StringComparison.Ordinal);
        Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    private sealed class Broken(Func<Exception> why) : IDeadLetters
    {
        public Task AppendAsync(IReadOnlyList<DeadLetter> letters, CancellationToken cancellationToken) => throw why();

        public Task<IReadOnlyList<DeadLetter>> FindAsync(int limit, CancellationToken cancellationToken) => throw why();

        public Task<IReadOnlyDictionary<string, long>> CountByReasonAsync(CancellationToken cancellationToken) => throw why();
    }
}
