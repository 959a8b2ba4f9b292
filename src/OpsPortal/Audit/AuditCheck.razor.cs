using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using OpsPortal.Core.Audit;
using OpsPortal.SignIn;
using OpsPortal.Tokens;

namespace OpsPortal.Audit;

/// <summary>Runs a verification in the circuit and shows how far it has come.</summary>
public sealed partial class AuditCheck : IDisposable
{
    private static readonly TimeSpan RenderEvery = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource _gone = new();
    private AuditVerdict? _verdict;
    private string? _problem;
    private bool _isRunning;
    private long _read;

    [CascadingParameter]
    public Task<AuthenticationState>? Authentication { get; set; }

    [Inject]
    internal AuditDesk Desk { get; set; } = null!;

    [Inject]
    internal ILogger<AuditCheck> Logger { get; set; } = null!;

    public void Dispose()
    {
        _gone.Cancel();
        _gone.Dispose();
    }

    // An event of a circuit is an endpoint like any other: it looks at the verb itself, and at the session's end.
    private async Task VerifyAsync()
    {
        var identity = Authentication is null ? null : (await Authentication).User.FindIdentity();
        if (_isRunning || identity is null || !AuditDesk.Lets(identity.User) || Time.GetUtcNow() >= identity.ExpiresAt)
        {
            _problem = _isRunning ? _problem : "Your role may not read the audit, or your session has ended.";
            return;
        }

        (_isRunning, _problem, _verdict, _read) = (true, null, null, 0);
        using var id = Correlations.Ensure("verifyAudit");
        try
        {
            _verdict = await Desk.VerifyAsync(identity.User, new CallerTrace(identity.From, Correlations.Present!), new Shown(this), _gone.Token);
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
            return;
        }
        catch (Exception e)
        {
            Logger.NotVerified(e);
            _problem = "It could not be verified: the store, or the key, cannot be read now. Try again in a few seconds.";
        }

        _isRunning = false;
    }

    private sealed class Shown(AuditCheck check) : IProgress<long>
    {
        private long _at;

        public void Report(long value)
        {
            if (_at == 0 || check.Time.GetElapsedTime(_at) >= RenderEvery)
            {
                _at = check.Time.GetTimestamp();
                _ = check.InvokeAsync(() =>
                {
                    check._read = value;
                    check.StateHasChanged();
                });
            }
        }
    }
}
