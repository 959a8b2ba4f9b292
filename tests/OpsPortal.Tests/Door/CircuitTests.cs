using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Circuits;
using Samples = OpsPortal.Tests.Contracts.Samples;

namespace OpsPortal.Tests.Door;

/// <summary>Circuits spoken to by hand: what a page's own script would never say.</summary>
public sealed class CircuitTests(CircuitTests.Portal portal) : IClassFixture<CircuitTests.Portal>
{
    private const string Click = """{"detail":1,"type":"click"}""";

    public sealed class Portal : IAsyncLifetime
    {
        public Portal() => Host = new(services => services.AddSingleton<ILoggerProvider>(Lines));

        public PortalHost Host { get; }

        internal LinesLogged Lines { get; } = new();

        public async Task InitializeAsync()
        {
            var services = Host.Services;
            await services.GetRequiredService<ITrainStore>().KeepAsync([Samples.State(Samples.Longsight(), 1)], default);
            await services.GetRequiredService<IAlertStore>().PutAsync(Samples.Alert("a1", Samples.Longsight(), Samples.Start), 0, default);
            var feed = services.GetRequiredService<LiveFeed>();
            await Eventually.IsTrueAsync("the feed has the train", TimeSpan.FromSeconds(20), () => Task.FromResult(feed.Find(Core.Access.Scope.WholeFleet, "390-042") is not null));
        }

        public Task DisposeAsync()
        {
            Host.Dispose();
            return Task.CompletedTask;
        }
    }

    private readonly LinesLogged _lines = portal.Lines;

    private static User Somebody(Role role = Role.Operator) => new($"circuit-{role}", "Circuit", new HashSet<Role> { role }, Core.Access.Scope.WholeFleet);

    [Fact]
    [Trait("Fault", "BAD-42")]
    public async Task What_a_page_offers_works_by_hand_so_that_a_refusal_here_has_its_own_reason()
    {
        using var circuit = await OpenAsync();

        Assert.Null(await circuit.DispatchAsync(Handler(circuit, "button", "acknowledge", "onclick"), "click", Click));
        await circuit.WaitForAsync("the panel opens", () => circuit.Events.Any(offered => offered.Name == "onsubmit"));
    }

    [Theory]
    [Trait("Fault", "BAD-42")]
    [Trait("Fault", "SEC-24")]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1_000_000)]
    public async Task An_event_that_was_never_offered_is_done_by_nobody(long handler)
    {
        using var circuit = await OpenAsync();

        AssertPlain(await circuit.DispatchAsync(handler, "click", Click));
        await NothingIsAcknowledgedAsync();
    }

    [Fact]
    [Trait("Fault", "BAD-42")]
    [Trait("Fault", "SEC-24")]
    public async Task Who_only_reads_is_offered_no_act_and_every_number_they_try_does_none()
    {
        using var operators = await OpenAsync();
        var highest = operators.Events.Max(offered => offered.Handler) + 20;
        using var circuit = await OpenAsync(Role.Business);
        Assert.DoesNotContain(circuit.Events, offered => offered.Class.Contains("acknowledge", StringComparison.Ordinal));

        for (var handler = 1L; handler <= highest && !circuit.IsClosed; handler++)
        {
            await circuit.DispatchAsync(handler, "click", Click);
            await circuit.DispatchAsync(handler, "submit", "{}");
        }

        await NothingIsAcknowledgedAsync();
    }

    [Fact]
    [Trait("Fault", "BAD-42")]
    public async Task An_event_of_a_part_that_is_gone_is_done_by_nobody()
    {
        using var circuit = await OpenAsync();
        await circuit.DispatchAsync(Handler(circuit, "button", "acknowledge", "onclick"), "click", Click);
        await circuit.WaitForAsync("the panel opens", () => circuit.Events.Any(offered => offered.Name == "onsubmit"));
        var (write, send) = (Handler(circuit, "input", "", "oninput"), Handler(circuit, "form", "acknowledge-panel", "onsubmit"));
        Assert.Null(await circuit.DispatchAsync(write, "input", """{"value":"a note"}"""));
        Assert.Null(await circuit.DispatchAsync(circuit.Events.Last(offered => offered is { Element: "button", Class: "quiet", Name: "onclick" }).Handler, "click", Click));
        await circuit.ListenAsync(TimeSpan.FromMilliseconds(800));

        AssertPlain(await circuit.DispatchAsync(send, "submit", "{}"));
        await NothingIsAcknowledgedAsync();
    }

    [Theory]
    [Trait("Fault", "BAD-42")]
    [InlineData("change", """{"value":"not offered"}""")]
    [InlineData("change", """{"value":{"a":[1,2]}}""")]
    [InlineData("change", """{"value":["a","b"]}""")]
    [InlineData("change", """7""")]
    [InlineData("keydown", """{"key":"Enter"}""")]
    [InlineData("made-up", """{}""")]
    [InlineData("click", """{"detail":"<script>"}""")]
    [InlineData("click", """[[[[[[""")]
    public async Task An_event_of_a_kind_or_value_that_cannot_be_acknowledges_nothing_and_tells_no_details(string kind, string arguments)
    {
        using var circuit = await OpenAsync();

        AssertPlain(await circuit.DispatchAsync(Handler(circuit, "input", "choose", "onchange"), kind, arguments) ?? "taken");
        await NothingIsAcknowledgedAsync();
    }

    [Theory]
    [Trait("Fault", "BAD-42")]
    [Trait("Fault", "SEC-24")]
    [InlineData(null, "DispatchEventAsync", 999_999, "[]")]
    [InlineData(null, "DispatchEventAsync", -1, "[]")]
    [InlineData(null, "AcknowledgeAsync", 1, "[\"note\"]")]
    [InlineData(null, "Dispose", 1, "[]")]
    [InlineData("OpsPortal", "Main", 0, "[]")]
    [InlineData("OpsPortal.Core", "AcknowledgeAsync", 0, "[\"a1\"]")]
    [InlineData("System.Private.CoreLib", "Exit", 0, "[0]")]
    [InlineData("Microsoft.AspNetCore.Components.Server", "NotifyLocationChanged", 0, "[]")]
    [InlineData("../../evil", "x", 0, "[]")]
    [InlineData(null, "DispatchEventAsync", 1, "{not json")]
    public async Task A_call_of_a_method_or_thing_that_is_none_is_refused_without_details(string? assembly, string method, long thing, string arguments)
    {
        using var circuit = await OpenAsync();

        AssertPlain(await circuit.CallAsync(assembly, method, thing, arguments));
        await NothingIsAcknowledgedAsync();
    }

    [Fact]
    [Trait("Fault", "BAD-42")]
    [Trait("Fault", "SEC-36")]
    public async Task Confirming_what_was_never_sent_ends_that_circuit_alone()
    {
        using var other = await OpenAsync();
        using var circuit = await OpenAsync();

        await circuit.SendAsync("OnRenderCompleted", 1_000_000L, null);
        await circuit.SendAsync("OnRenderCompleted", -5L, new string('x', 2_000));
        await circuit.ListenAsync(TimeSpan.FromSeconds(3));

        Assert.All(circuit.Errors, AssertPlain);
        var before = other.Batches;
        await other.WaitForAsync("the other page goes on", () => other.Batches > before);
    }

    [Fact]
    [Trait("Fault", "FLT-36")]
    [Trait("Fault", "SEC-37")]
    public async Task A_failure_inside_one_page_ends_that_page_alone_and_tells_it_nothing()
    {
        using var other = await OpenAsync();
        using var circuit = await OpenAsync();
        var before = _lines.All.Count;
        circuit.Fails = true;

        // The panel that opens asks for the cursor; a browser that fails at it makes the component throw.
        await circuit.DispatchAsync(Handler(circuit, "button", "acknowledge", "onclick"), "click", Click);
        await circuit.WaitForAsync("the failure is told", () => circuit.Errors.Count > 0);
        await circuit.ListenAsync(TimeSpan.FromSeconds(3));

        Assert.NotEmpty(circuit.Errors);
        Assert.All(circuit.Errors, AssertPlain);
        Assert.DoesNotContain(circuit.Errors, error => error.Contains("script", StringComparison.Ordinal));
        Assert.Contains(_lines.All.Skip(before), line => line.Contains("Unhandled exception in circuit", StringComparison.Ordinal));
        var batches = (circuit.Batches, Other: other.Batches);
        await other.WaitForAsync("the other page goes on", () => other.Batches > batches.Other + 1);
        await circuit.ListenAsync(TimeSpan.FromMilliseconds(500));
        Assert.Equal(batches.Batches, circuit.Batches);
        await NothingIsAcknowledgedAsync();
    }

    [Theory]
    [Trait("Fault", "BAD-42")]
    [InlineData("ConnectCircuit", "made-up")]
    [InlineData("ConnectCircuit", "")]
    [InlineData("StartCircuit", "https://evil.example/", "https://localhost/alerts", "[]", "")]
    [InlineData("StartCircuit", "https://localhost/", "https://evil.example/", "[]", "")]
    [InlineData("StartCircuit", "https://localhost/", "https://localhost/alerts", "[{\"type\":\"server\",\"sequence\":0,\"descriptor\":\"made-up\"}]", "")]
    [InlineData("StartCircuit", "https://localhost/", "https://localhost/alerts", "not json", "")]
    [InlineData("StartCircuit", "", "", "", "")]
    [InlineData("Nothing", "x")]
    public async Task A_circuit_that_nobody_began_is_not_given(string method, params string[] arguments)
    {
        using var circuit = await RawCircuit.ConnectAsync(portal.Host, await portal.Host.SessionOfAsync(Somebody()));

        var answer = await circuit.AskAsync(method, [.. arguments]);

        Assert.True(answer is null or false, $"{answer}");
        Assert.All(circuit.Errors, AssertPlain);
        Assert.Equal(0, circuit.Batches);
    }

    [Fact]
    [Trait("Fault", "BAD-42")]
    public async Task A_page_that_was_tampered_with_is_not_rendered()
    {
        using var circuit = await RawCircuit.ConnectAsync(portal.Host, await portal.Host.SessionOfAsync(Somebody()));
        Assert.NotNull(await circuit.AskAsync("StartCircuit", "https://localhost/", "https://localhost/alerts", "[]", ""));

        await circuit.SendAsync("UpdateRootComponents", """{"batchId":1,"operations":[{"type":"add","ssrComponentId":1,"marker":{"type":"server","sequence":0,"descriptor":"CfDJ8made-up"}}]}""", "");
        await circuit.ListenAsync(TimeSpan.FromSeconds(2));

        Assert.Equal(0, circuit.Batches);
        Assert.All(circuit.Errors, AssertPlain);
    }

    [Fact]
    [Trait("Fault", "SEC-36")]
    [Trait("Fault", "SEC-35")]
    public async Task For_a_browser_that_confirms_nothing_no_more_is_kept_than_the_limit_allows()
    {
        using var host = new PortalHost(("Limits:UnconfirmedBatches", "2"));
        using var circuit = await RawCircuit.OpenAsync(host, await host.SessionOfAsync(Somebody()), "/alerts");
        using var honest = await RawCircuit.OpenAsync(host, await host.SessionOfAsync(Somebody()), "/alerts");
        circuit.Confirms = false;
        var (held, told) = (circuit.Batches, honest.Batches);

        await Task.WhenAll(circuit.ListenAsync(TimeSpan.FromSeconds(6)), honest.ListenAsync(TimeSpan.FromSeconds(6)));

        // A busy machine renders less often.
        await honest.WaitForAsync("the honest page goes on", () => honest.Batches - told >= 4);
        Assert.InRange(circuit.Batches - held, 0, 3);
        Assert.InRange(honest.Batches - told, 4, 30);
    }

    private async Task<RawCircuit> OpenAsync(Role role = Role.Operator)
    {
        var circuit = await RawCircuit.OpenAsync(portal.Host, await portal.Host.SessionOfAsync(Somebody(role)), "/alerts");
        await circuit.WaitForAsync("the alert is shown", () => role != Role.Operator || circuit.Events.Any(offered => offered is { Element: "button", Class: "acknowledge" }));
        return circuit;
    }

    private static long Handler(RawCircuit circuit, string element, string kind, string name) =>
        circuit.Events.Last(offered => offered.Element == element && offered.Class == kind && offered.Name == name).Handler;

    private static void AssertPlain(string? answer)
    {
        Assert.NotNull(answer);
        Assert.DoesNotContain("   at ", answer, StringComparison.Ordinal);
        Assert.DoesNotMatch(@"OpsPortal\.\w+\.", answer);
        Assert.DoesNotContain("Exception", answer, StringComparison.Ordinal);
    }

    private async Task NothingIsAcknowledgedAsync()
    {
        Assert.Null((await portal.Host.Services.GetRequiredService<IAlertStore>().GetAsync(Core.Access.Scope.WholeFleet, "a1", default))!.Acknowledgement);
        Assert.DoesNotContain(portal.Host.Audit.Entries, entry => entry is { Act: "acknowledge", Outcome: "ok" or "acknowledged" });
    }
}
