using System.Globalization;
using System.Security.Claims;
using Bunit;
using OpsPortal.Core.Access;
using OpsPortal.Core.Feed;
using OpsPortal.Fleet;
using OpsPortal.Layout;

namespace OpsPortal.Tests.Layout;

public sealed class ShellTests : BunitContext
{
    private static readonly DateTimeOffset Now = new(2026, 11, 21, 20, 58, 1, TimeSpan.Zero);

    [Fact]
    public void A_figure_without_data_is_a_dash_and_says_so_rather_than_zero()
    {
        var figure = Render<Figure>(parameters => parameters.Add(p => p.Id, "online").Add(p => p.Label, "online").Add(p => p.Mark, "online"));

        Assert.Equal("–", figure.Find(".value").TextContent);
        Assert.Equal("no data yet", figure.Find(".as-of").TextContent);
        Assert.Equal("false", figure.Find(".figure").GetAttribute("data-current"));
    }

    [Theory]
    [InlineData(null, "live")]
    [InlineData("The file is locked.", "store")]
    public void The_feed_is_live_only_while_the_store_answers(string? problem, string state)
    {
        var shown = Render<FeedState>(parameters => parameters.Add(p => p.Store, new StoreHealth(Now, problem))).Find("span");

        Assert.Equal(state, shown.GetAttribute("data-feed-state"));
        Assert.Equal("2026-11-21T20:58:01.000Z", shown.GetAttribute("data-feed-as-of"));
    }

    [Fact]
    public void Before_the_first_frame_the_feed_is_connecting()
    {
        Assert.Equal("connecting", Render<FeedState>(parameters => parameters.Add(p => p.Store, null)).Find("span").GetAttribute("data-feed-state"));
    }

    [Theory]
    [InlineData(0, "20:58:01 UTC")]
    [InlineData(-1, "20 Nov 20:58:01 UTC")]
    [InlineData(-365, "21 Nov 2025 20:58:01 UTC")]
    public void Times_name_their_zone_and_their_day_when_it_is_not_today(int days, string words)
    {
        Assert.Equal(words, new OperatorZone().At(Now.AddDays(days), Now));
    }

    [Theory]
    [InlineData("Europe/London~0:GMT~60:BST", "2026-07-01T22:10:05Z", "1 Jul 23:10:05 BST")]
    [InlineData("Europe/London~0:GMT~60:BST", "2026-11-21T20:58:01Z", "20:58:01 GMT")]
    [InlineData("Asia/Kolkata", "2026-11-21T20:58:01Z", "02:28:01 UTC+5:30")]
    [InlineData("America/New_York~-300:GMT-5", "2026-11-21T20:58:01Z", "15:58:01 GMT-5")]
    public void Times_are_in_the_operators_zone_and_named_as_the_browser_names_them(string chosen, string at, string words)
    {
        Assert.Equal(words, new OperatorZone { Chosen = chosen }.At(DateTimeOffset.Parse(at, CultureInfo.InvariantCulture), Now));
    }

    [Theory]
    [InlineData("Nowhere/At All")]
    [InlineData("../../etc/passwd")]
    [InlineData("UTC~0:<script>")]
    [InlineData("~~~:")]
    [InlineData("")]
    public void A_zone_that_cannot_be_read_counts_as_utc(string chosen)
    {
        Assert.Equal("20:58:01 UTC", new OperatorZone { Chosen = chosen }.At(Now, Now));
    }

    [Fact]
    public void Roles_are_said_in_words_and_unknown_ones_as_they_are()
    {
        var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Role, nameof(Role.DataScientist)), new Claim(ClaimTypes.Role, "guest")], "test"));

        Assert.Equal("Data scientist, guest", RoleWords.Of(user));
    }
}
