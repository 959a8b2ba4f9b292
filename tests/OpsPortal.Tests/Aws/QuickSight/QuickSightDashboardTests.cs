using System.Collections.Frozen;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.QuickSight;
using OpsPortal.Core.Access;
using OpsPortal.Core.Reports;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Aws.QuickSight;

/// <summary>GenerateEmbedUrlForRegisteredUser as documented, signed, and what goes wrong said in words.</summary>
public sealed class QuickSightDashboardTests : IAsyncLifetime
{
    private readonly LinesLogged _lines = new();
    private QuickSightPeer _peer = null!;

    public async Task InitializeAsync() => _peer = await QuickSightPeer.StartAsync();

    public async Task DisposeAsync()
    {
        await _peer.DisposeAsync();
        _lines.Dispose();
    }

    [Fact]
    public async Task The_request_is_as_documented_and_signed_and_the_address_is_told_to_nobody_else()
    {
        var before = TimeProvider.System.GetUtcNow();
        await using var rig = Open(("QuickSight:SessionFor", "00:45:00"));

        var opened = await rig.Get<IDashboard>().OpenAsync(Somebody(), "https://ops.example", default);

        Assert.Equal(QuickSightPeer.EmbedUrl, opened.Address.OriginalString);
        Assert.InRange(opened.EndsAt, before.AddMinutes(45), before.AddMinutes(46));
        Assert.Equal(("fleet-1", QuickSightPeer.Readers), (opened.Id, opened.As));
        Assert.Equal(
            $$$"""{"AllowedDomains":["https://ops.example"],"ExperienceConfiguration":{"Dashboard":{"InitialDashboardId":"fleet-1"}},"SessionLifetimeInMinutes":45,"UserArn":"{{{QuickSightPeer.Readers}}}"}""",
            _peer.LastBody.GetRawText());
        Assert.Equal("application/json", _peer.Received[^1].Header("Content-Type"));
        Assert.DoesNotContain(_lines.All.Append(opened.ToString()), line => line.Contains(QuickSightPeer.Code, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Domains_that_are_configured_go_before_the_callers()
    {
        await using var rig = Open(("QuickSight:AllowedDomains:0", "https://ops.example"), ("QuickSight:AllowedDomains:1", "https://wall.ops.example"));

        await rig.Get<IDashboard>().OpenAsync(Somebody(), "https://elsewhere.example", default);

        Assert.Equal("""["https://ops.example","https://wall.ops.example"]""", _peer.LastBody.GetProperty("AllowedDomains").GetRawText());
    }

    [Theory]
    [InlineData(404, "QuickSightUserNotFoundException", "QuickSight has no user default/fleet-readers. An administrator has to register it there", false)]
    [InlineData(404, "ResourceNotFoundException", "QuickSight has no dashboard fleet-1 in this account and region", false)]
    [InlineData(400, "SessionLifetimeInMinutesInvalidException", "QuickSight does not take a session of 60 minutes", false)]
    [InlineData(400, "InvalidParameterValueException", "QuickSight does not take the request", false)]
    [InlineData(401, "AccessDeniedException", "AWS does not let the portal open this dashboard", false)]
    [InlineData(403, "AccessDenied", "AWS does not let the portal open this dashboard", false)]
    [InlineData(403, "UnsupportedPricingPlanException", "The QuickSight account's pricing plan does not include embedded dashboards", false)]
    [InlineData(403, "UnsupportedUserEditionException", "The QuickSight account's edition does not include embedded dashboards", false)]
    [InlineData(418, "SomethingNew", "QuickSight refuses to open the dashboard (418 SomethingNew)", false)]
    public async Task What_is_refused_is_said_in_words_and_not_asked_again(int status, string code, string words, bool mayPass)
    {
        _peer.Answers.Enqueue(QuickSightPeer.Error(status, code));
        await using var rig = Open();

        var refused = await Assert.ThrowsAsync<DashboardUnavailableException>(() => rig.Get<IDashboard>().OpenAsync(Somebody(), "https://ops.example", default));

        Assert.StartsWith(words, refused.Message, StringComparison.Ordinal);
        Assert.Equal(mayPass, refused.MayPass);
        Assert.Single(_peer.Received);
        Assert.Contains(_lines.All, line => line.Contains(code, StringComparison.Ordinal) && line.Contains("r-1", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(429, "ThrottlingException", "QuickSight is asked too often now")]
    [InlineData(400, "ThrottlingException", "QuickSight is asked too often now")]
    [InlineData(500, "InternalFailureException", "QuickSight has failed (500)")]
    public async Task What_passes_is_asked_again_and_at_last_said_to_pass(int status, string code, string words)
    {
        await using var rig = Open();
        _peer.Answers.Enqueue(QuickSightPeer.Error(status, code));
        Assert.Equal(QuickSightPeer.EmbedUrl, (await rig.Get<IDashboard>().OpenAsync(Somebody(), "https://ops.example", default)).Address.OriginalString);
        Assert.Equal(2, _peer.Received.Count);

        foreach (var again in Enumerable.Range(0, 3))
        {
            _peer.Answers.Enqueue(QuickSightPeer.Error(status, code));
        }

        var given = await Assert.ThrowsAsync<DashboardUnavailableException>(() => rig.Get<IDashboard>().OpenAsync(Somebody(), "https://ops.example", default));
        Assert.StartsWith(words, given.Message, StringComparison.Ordinal);
        Assert.True(given.MayPass);
        Assert.Equal(5, _peer.Received.Count);
    }

    [Fact]
    public async Task Cut_connections_are_tried_again_and_then_said()
    {
        foreach (var again in Enumerable.Range(0, 3))
        {
            _peer.Answers.Enqueue(new PeerAnswer(200) { Cut = true });
        }

        await using var rig = Open();
        var away = await Assert.ThrowsAsync<DashboardUnavailableException>(() => rig.Get<IDashboard>().OpenAsync(Somebody(), "https://ops.example", default));

        Assert.StartsWith("QuickSight cannot be reached now", away.Message, StringComparison.Ordinal);
        Assert.True(away.MayPass);
        Assert.Equal(3, _peer.Received.Count);
    }

    [Theory]
    [InlineData("<html>no</html>", "cannot be read")]
    [InlineData("""{"Status":200}""", "cannot be read")]
    [InlineData("""{"EmbedUrl":17}""", "cannot be read")]
    [InlineData("""{"EmbedUrl":"javascript:alert(1)"}""", "may not show")]
    [InlineData("""{"EmbedUrl":"https://eu-west-2.quicksight.aws.amazon.com.evil.example/embed?code=AYABeIs-single-use-code"}""", "may not show")]
    [InlineData("""{"EmbedUrl":"http://eu-west-2.quicksight.aws.amazon.com/embed?code=AYABeIs-single-use-code"}""", "may not show")]
    public async Task An_answer_that_leads_elsewhere_or_nowhere_is_not_handed_on_nor_repeated(string answer, string words)
    {
        _peer.Answers.Enqueue(new PeerAnswer(200, answer));
        await using var rig = Open();

        var bad = await Assert.ThrowsAsync<DashboardUnavailableException>(() => rig.Get<IDashboard>().OpenAsync(Somebody(), "https://ops.example", default));

        Assert.Contains(words, bad.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(_lines.All.Append(bad.ToString()), line => line.Contains(QuickSightPeer.Code, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_sees_a_part_of_the_fleet_may_not_unless_that_is_configured()
    {
        var part = Somebody(Samples.OnlyLongsight("depot"));
        await using var rig = Open();
        await using var wide = Open(("QuickSight:WholeFleetOnly", "false"));

        Assert.StartsWith("You see a part of the fleet", rig.Get<IDashboard>().Refusal(part), StringComparison.Ordinal);
        await Assert.ThrowsAsync<InvalidOperationException>(() => rig.Get<IDashboard>().OpenAsync(part, "https://ops.example", default));
        Assert.Empty(_peer.Received);
        Assert.Null(wide.Get<IDashboard>().Refusal(part));
    }

    [Fact]
    public async Task A_roles_own_user_goes_before_everybodys_and_of_several_none_is_guessed()
    {
        const string Engineers = "arn:aws:quicksight:us-east-1:111122223333:user/default/engineers";
        await using var rig = Open(("QuickSight:UserArnByRole:engineer", Engineers), ("QuickSight:UserArnByRole:Supervisor", "arn:aws:quicksight:us-east-1:111122223333:user/default/desk"));
        await using var some = Open(("QuickSight:UserArn", ""), ("QuickSight:UserArnByRole:Engineer", Engineers));
        var dashboard = rig.Get<IDashboard>();

        Assert.Equal(Engineers, (await dashboard.OpenAsync(Somebody(null, Role.Engineer, Role.Operator), "https://ops.example", default)).As);
        Assert.Equal(QuickSightPeer.Readers, (await dashboard.OpenAsync(Somebody(null, Role.Operator), "https://ops.example", default)).As);
        Assert.StartsWith("Your roles lead to several QuickSight users", dashboard.Refusal(Somebody(null, Role.Engineer, Role.Supervisor)), StringComparison.Ordinal);
        Assert.StartsWith("No QuickSight user is set for your role", some.Get<IDashboard>().Refusal(Somebody(null, Role.Operator)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_mistake_in_the_configuration_is_named_by_its_key()
    {
        using var rig = Open(
            ("QuickSight:AccountId", "12"), ("QuickSight:DashboardId", ""), ("QuickSight:UserArn", "ops@example.com"), ("QuickSight:UserArnByRole:Boss", "x"), ("QuickSight:FrameOrigin", "https://a.example; script-src *"),
            ("QuickSight:AllowedDomains:0", "https://ops.example/page"), ("QuickSight:SessionFor", "00:15:30"), ("QuickSight:Endpoint", "ftp://x"));

        var wrong = Assert.Throws<OptionsValidationException>(() => rig.Get<IOptions<QuickSightOptions>>().Value).Failures.Select(failure => string.Join(':', failure.Split(": ")[0].Split(':').Take(3)));

        Assert.Equal(
            [
                "QuickSight:AccountId", "QuickSight:AllowedDomains:0", "QuickSight:DashboardId", "QuickSight:Endpoint", "QuickSight:FrameOrigin", "QuickSight:SessionFor", "QuickSight:UserArn",
                "QuickSight:UserArnByRole:Boss", "QuickSight:UserArnByRole:Boss",
            ],
            wrong.Order(StringComparer.Ordinal));
        using var none = Open(("QuickSight:UserArn", ""), ("QuickSight:SessionFor", "10:01:00"));
        Assert.Contains(Assert.Throws<OptionsValidationException>(() => none.Get<IOptions<QuickSightOptions>>().Value).Failures, failure => failure.Contains("SessionFor", StringComparison.Ordinal));
    }

    private static User Somebody(Scope? scope = null, params Role[] roles) => new("u", "Somebody", roles.Length == 0 ? FrozenSet.Create(Role.Business) : roles.ToFrozenSet(), scope ?? Scope.WholeFleet);

    private AwsRig Open(params (string Key, string Value)[] settings) => new(
        new ScriptedKeys(ScriptedKeys.Lasting), [.. _peer.Settings, .. settings], null,
        (services, configuration) => services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(_lines)).AddQuickSightDashboard(configuration));
}
