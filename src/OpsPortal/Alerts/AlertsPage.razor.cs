using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Authorization;
using OpsPortal.Audit;
using OpsPortal.Core.Access;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Health;
using OpsPortal.Layout;
using OpsPortal.SignIn;

namespace OpsPortal.Alerts;

/// <summary>The alert list: live from the feed, acknowledged through the book. It never changes its own copy of an alert; it waits for the feed.</summary>
public sealed partial class AlertsPage(LiveFeed feed, IAlertStore store, AlertBook book, TimeProvider time, ILogger<AlertsPage> logger) : IAsyncDisposable
{
    // Twice a second is as fast as anybody reads; frames may come more often.
    private static readonly TimeSpan RenderEvery = TimeSpan.FromMilliseconds(500);

    private const int MostOfThePast = 200;

    // More rows than this at once are no help to anybody, and slow for every browser.
    private const int PageSize = 200;

    private readonly CancellationTokenSource _gone = new();
    private readonly HashSet<string> _selected = [];
    private readonly List<AcknowledgedLine> _results = [];
    private AcknowledgePanel? _panel;
    private AlertFilter _filter = new(null, null, null, null);
    private AlertList? _list;
    private Watcher? _watcher;
    private User? _user;
    private bool _mayAcknowledge;
    private string? _limited;
    private string? _news;
    private DateTimeOffset _now;
    private DateTimeOffset _sessionEnds;
    private int _most = PageSize;
    private bool _isWanted;
    private string? _from;

    [CascadingParameter]
    public Task<AuthenticationState>? Authentication { get; set; }

    [SupplyParameterFromQuery(Name = "state")]
    public string? StateFilter { get; set; }

    [SupplyParameterFromQuery(Name = "severity")]
    public string? SeverityFilter { get; set; }

    [SupplyParameterFromQuery(Name = "train")]
    public string? TrainFilter { get; set; }

    [SupplyParameterFromQuery(Name = "q")]
    public string? TextFilter { get; set; }

    [SupplyParameterFromQuery(Name = "subsystem")]
    public string? SubsystemFilter { get; set; }

    [SupplyParameterFromQuery(Name = "since")]
    public string? SinceFilter { get; set; }

    [SupplyParameterFromQuery(Name = "line")]
    public string? LineFilter { get; set; }

    [SupplyParameterFromQuery(Name = "class")]
    public string? ClassFilter { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    public string? FromFilter { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    public string? ToFilter { get; set; }

    private bool IsCurrent => _list?.Store is { Problem: null };

    private string Nothing => _filter.IsEverything ? "No open alerts." : "No alert matches the filter.";

    private IEnumerable<Alert> Page => _list?.Shown.Take(_most) ?? [];

    /// <summary>Those on the page that can be acknowledged.</summary>
    private IReadOnlyList<Alert> Open => [.. Page.Where(alert => alert is { IsOpen: true, Acknowledgement: null })];

    private IReadOnlyList<Alert> Chosen => [.. Open.Where(alert => _selected.Contains(alert.Id))];

    private string Counted => (_list!.Shown.Count, IsCurrent) switch
    {
        (var count, _) when count > _most => $"The worst {_most} of {count} alerts. Narrow them above, or go on below.",
        (1, true) => "1 alert",
        (var count, true) => $"{count} alerts, worst first",
        (var count, false) => $"{count} known when the data stopped",
    };

    protected override async Task OnInitializedAsync()
    {
        _filter = AlertFilter.Read(StateFilter, SeverityFilter, TrainFilter, TextFilter, SubsystemFilter, SinceFilter, LineFilter, ClassFilter, FromFilter, ToFilter);
        _now = time.GetUtcNow();
        var identity = Authentication is null ? null : (await Authentication).User.FindIdentity();
        _user = identity?.User;
        _sessionEnds = identity?.ExpiresAt ?? _now;
        _from = identity?.From;
        _mayAcknowledge = _user?.May(Verb.Acknowledge) ?? false;
    }

    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        // Only once a circuit is there: the first, static rendering shows "Loading".
        if (!firstRender || _user is not { } user || !user.May(Verb.Read))
        {
            return;
        }

        _list = new AlertList(_filter);
        _watcher = feed.Watch(user.Scope);
        try
        {
            await ReadPastAsync(user);
            await FollowAsync(_watcher);
        }
        catch (OperationCanceledException) when (_gone.IsCancellationRequested)
        {
        }
    }

    private async Task FollowAsync(Watcher watcher)
    {
        var renderedAt = 0L;
        await foreach (var frame in watcher.ReadAsync(_gone.Token))
        {
            Announce(_list!.Take(frame));
            // A frame comes every second at least, so what is skipped here is shown by the next.
            if (renderedAt == 0 || time.GetElapsedTime(renderedAt) >= RenderEvery)
            {
                renderedAt = time.GetTimestamp();
                _now = time.GetUtcNow();
                StateHasChanged();
            }
        }
    }

    // The feed speaks of open alerts; cleared ones are read from the store when they are asked for.
    private async Task ReadPastAsync(User user)
    {
        if (!_filter.AsksPast)
        {
            return;
        }

        var severities = _filter.Severity is { } severity ? new HashSet<Severity> { severity } : null;
        try
        {
            var query = new AlertQuery(new HashSet<AlertState> { AlertState.Cleared }, severities, _filter.TrainId, _filter.From(_now), _filter.RaisedTo, null, MostOfThePast + 1) { Line = _filter.Line, Class = _filter.Class };
            var past = await store.FindAsync(user.Scope, query, _gone.Token);
            _limited = past.Count > MostOfThePast ? $"Only the newest {MostOfThePast} cleared alerts were looked through; narrow by train, severity or time, or read the rest at /api/alerts?state=cleared." : null;
            _list!.Keep([.. past.Take(MostOfThePast)], _now);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            _limited = "Cleared alerts could not be read from the store; reload the page to try again.";
            Log.PastNotRead(logger, problem);
        }
    }

    private void Announce(IReadOnlyList<Alert> fresh)
    {
        if (fresh.Count > 0)
        {
            var worst = fresh.MaxBy(alert => alert.Episode.Severity)!;
            _news = $"{fresh.Count} new: {AlertWords.Of(worst.Episode.Severity)}, train {worst.Train.Id}, {Readable.Text(worst.Episode.Explanation)}";
        }
    }

    private void Toggle(Alert alert)
    {
        if (!_selected.Remove(alert.Id))
        {
            _isWanted = false;
            _selected.Add(alert.Id);
        }
    }

    private void SelectAll()
    {
        _isWanted = true;
        _selected.UnionWith(Open.Select(alert => alert.Id));
    }

    private async Task WantAsync(Alert alert)
    {
        // A panel that opens now takes the cursor by itself; the reference to one that was closed must not be used.
        var isOpen = Chosen.Count > 0;
        _isWanted = true;
        _selected.Add(alert.Id);
        if (isOpen && _panel is not null)
        {
            await _panel.FocusAsync();
        }
    }

    private async Task AcknowledgeAsync(string note)
    {
        _results.Clear();
        foreach (var alert in Chosen)
        {
            _results.Add(await AcknowledgeAsync(alert, note));
            _selected.Remove(alert.Id);
        }
    }

    private async Task<AcknowledgedLine> AcknowledgeAsync(Alert alert, string note)
    {
        var train = _list!.NameOf(alert);
        if (time.GetUtcNow() >= _sessionEnds)
        {
            // A circuit outlives the session it was opened in.
            return new AcknowledgedLine(train, "refused", "Your session has ended. Sign in again.");
        }

        try
        {
            var result = await book.AcknowledgeAsync(_user!, alert.Id, note, _from, _gone.Token);
            return new AcknowledgedLine(train, result.Outcome.ToString(), AlertWords.Of(result.Outcome) + (result.Why is null ? "" : $". {result.Why}"));
        }
        catch (StoreUnavailableException problem) when (problem.Store == AuditWriting.Store)
        {
            Log.NotAcknowledged(logger, alert.Id, problem);
            return new AcknowledgedLine(train, "refused", AuditWriting.Refusal);
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            Log.NotAcknowledged(logger, alert.Id, problem);
            return new AcknowledgedLine(train, "failed", "The store did not answer. If it was taken, the list will show it; otherwise acknowledge again.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _gone.CancelAsync();
        if (_watcher is not null)
        {
            await _watcher.DisposeAsync();
        }

        _gone.Dispose();
    }

    /// <summary>What came of one acknowledgement, for reading.</summary>
    private sealed record AcknowledgedLine(string Train, string Outcome, string Words);
}
