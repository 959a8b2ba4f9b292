using Microsoft.AspNetCore.Components;
using OpsPortal.Audit;
using OpsPortal.Core.Access;
using OpsPortal.SignIn;
using OpsPortal.Tokens;

namespace OpsPortal.Sessions;

/// <summary>One's own sessions; administrators see everybody's.</summary>
public sealed partial class SessionsPage
{
    private IReadOnlyList<Session> _sessions = [];
    private User? _user;
    private string? _current;
    private string? _problem;
    private bool _again;
    private bool _all;
    private DateTimeOffset _now;

    [CascadingParameter]
    public HttpContext? Context { get; set; }

    [SupplyParameterFromForm(FormName = "end")]
    public string? Ending { get; set; }

    [Inject]
    internal FreshProof Proof { get; set; } = null!;

    [Inject]
    internal NavigationManager Navigation { get; set; } = null!;

    protected override async Task OnInitializedAsync()
    {
        (_user, _current) = (Context!.User.ToUser(), Context.User.SessionKey());
        _all = _user.May(Verb.EndSessions);
        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        _now = Time.GetUtcNow();
        _sessions = await Desk.FindAsync(_user!, _all, Context!.RequestAborted);
    }

    // The desk looks itself whose session it is, whatever was shown.
    private async Task EndAsync()
    {
        if (Ending is not null && _all && Proof.IsNeeded(Context!.User) && !await Desk.IsOwnAsync(_user!, Ending, Context.RequestAborted))
        {
            (_problem, _again) = (FreshProof.Why, true);
        }
        else if (Ending is not null)
        {
            _problem = await AuditWriting.OrRefusalAsync(async () => await Desk.EndAsync(_user!, Ending, CallerTrace.Of(Context!), Context!.RequestAborted) ? "The session has ended." : "There is no such session any more.");
            await ReadAsync();
        }
    }

    private async Task EndAllAsync()
    {
        _problem = await AuditWriting.OrRefusalAsync(async () =>
        {
            await Desk.EndAllAsync(_user!, _user!.Id, CallerTrace.Of(Context!), Context!.RequestAborted);
            return null;
        });
        if (_problem is null)
        {
            Navigation.NavigateTo("/sign-in");
        }
    }
}
