using Bunit;
using Microsoft.AspNetCore.Components.Web;
using OpsPortal.Alerts;

namespace OpsPortal.Tests.Alerts;

public sealed class AcknowledgePanelTests : BunitContext
{
    private readonly List<string> _sent = [];
    private bool _closed;
    private TaskCompletionSource? _answer;

    [Fact]
    public async Task A_note_is_required()
    {
        var panel = Show();

        panel.Find("input").Input("   ");
        await panel.Find("form").SubmitAsync();

        Assert.Empty(_sent);
        Assert.Equal("Say in a note why you acknowledge.", panel.Find(".problem").TextContent);
    }

    [Fact]
    public async Task Sending_gives_the_note_without_its_outer_blanks()
    {
        var panel = Show();

        panel.Find("input").Input(" Driver told ");
        await panel.Find("form").SubmitAsync();

        Assert.Equal(["Driver told"], _sent);
    }

    [Fact]
    public async Task Escape_closes_and_sends_nothing()
    {
        var panel = Show();

        await panel.Find("form").KeyDownAsync(new KeyboardEventArgs { Key = "Escape" });

        Assert.True(_closed);
        Assert.Empty(_sent);
    }

    [Fact]
    [Trait("Fault", "BAD-36")]
    [Trait("Fault", "BAD-42")]
    public async Task A_form_sent_again_while_its_button_is_disabled_sends_nothing()
    {
        _answer = new TaskCompletionSource();
        var panel = Show();
        panel.Find("input").Input("Driver told");

        var first = panel.Find("form").SubmitAsync();
        await panel.Find("form").SubmitAsync();
        await panel.Find("form").SubmitAsync();
        Assert.True(panel.Find("button.primary").HasAttribute("disabled"));
        _answer.SetResult();
        await first;

        Assert.Equal(["Driver told"], _sent);
    }

    private IRenderedComponent<AcknowledgePanel> Show()
    {
        JSInterop.Mode = JSRuntimeMode.Loose;
        return Render<AcknowledgePanel>(parameters => parameters
            .Add(p => p.Alerts, [AlertSamples.Alert()])
            .Add(p => p.Send, note =>
            {
                _sent.Add(note);
                return _answer?.Task ?? Task.CompletedTask;
            })
            .Add(p => p.Closed, () => _closed = true));
    }
}
