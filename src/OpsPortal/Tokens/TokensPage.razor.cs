using Microsoft.AspNetCore.Components;
using OpsPortal.Audit;
using OpsPortal.Core.Access;
using OpsPortal.Door;
using OpsPortal.SignIn;

namespace OpsPortal.Tokens;

/// <summary>One's own tokens; administrators see everybody's.</summary>
public sealed partial class TokensPage
{
    private readonly MakingForm _empty = new();
    private IReadOnlyList<PersonalToken> _tokens = [];
    private MadeToken? _made;
    private User? _user;
    private string? _problem;
    private bool _again;
    private bool _all;
    private DateTimeOffset _now;

    [CascadingParameter]
    public HttpContext? Context { get; set; }

    [SupplyParameterFromForm(FormName = "make")]
    public MakingForm? Making { get; set; }

    [SupplyParameterFromForm(FormName = "revoke")]
    public string? Revoking { get; set; }

    [Inject]
    internal FreshProof Proof { get; set; } = null!;

    [Inject]
    internal Refusals Refusals { get; set; } = null!;

    private int Longest => (int)Desk.Options.Longest.TotalDays;

    protected override async Task OnInitializedAsync()
    {
        _user = Context!.User.ToUser();
        _all = _user.May(Verb.EndSessions);
        await ReadAsync();
    }

    private async Task ReadAsync()
    {
        _now = Time.GetUtcNow();
        _tokens = _user!.May(Verb.MakeTokens) ? await Desk.FindAsync(_user, _all, Context!.RequestAborted) : [];
    }

    // The form's handler is an endpoint like any other: it looks at the verb itself, whatever was shown.
    private async Task MakeAsync()
    {
        if (await RefusesAsync())
        {
            return;
        }

        if (Proof.IsNeeded(Context!.User))
        {
            (_problem, _again) = (FreshProof.Why, true);
            return;
        }

        var form = Making ?? _empty;
        _problem = await AuditWriting.OrRefusalAsync(async () =>
        {
            (_made, _, var wrong) = await Desk.MakeAsync(_user!, form.Name, form.Days is { } days ? TimeSpan.FromDays(days) : null, CallerTrace.Of(Context!), Context!.RequestAborted);
            return wrong;
        });
        await ReadAsync();
    }

    private async Task RevokeAsync()
    {
        if (Revoking is null || await RefusesAsync())
        {
            return;
        }

        if (_all && Proof.IsNeeded(Context!.User) && !await Desk.IsOwnAsync(_user!, Revoking, Context.RequestAborted))
        {
            (_problem, _again) = (FreshProof.Why, true);
        }
        else
        {
            _problem = await AuditWriting.OrRefusalAsync(async () => await Desk.RevokeAsync(_user!, Revoking, CallerTrace.Of(Context!), Context!.RequestAborted) ? null : "There is no such token.");
            await ReadAsync();
        }
    }

    private async Task<bool> RefusesAsync()
    {
        if (_user!.May(Verb.MakeTokens))
        {
            return false;
        }

        await Refusals.NoteAsync(Context!, "Your role may not make personal tokens.");
        return true;
    }

    /// <summary>What the form sends.</summary>
    public sealed class MakingForm
    {
        public string? Name { get; set; }

        public int? Days { get; set; }
    }
}
