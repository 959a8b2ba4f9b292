using Microsoft.AspNetCore.Components;
using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Health;
using OpsPortal.Door;
using OpsPortal.SignIn;
using OpsPortal.Tokens;

namespace OpsPortal.Extracts;

/// <summary>Raw files: what exists, how much a request would be, one's own extracts.</summary>
public sealed partial class ExtractsPage
{
    private const int Days = 14;
    private const int FewTrains = 3;

    private readonly List<string> _problems = [];
    private IReadOnlyList<Extract> _extracts = [];
    private IReadOnlyList<Extract> _archived = [];
    private RawFileSurvey? _survey;
    private ExtractRequest? _request;
    private ExtractSize? _size;
    private MadeExtract? _made;
    private DateTimeOffset _now;
    private string _defaultFrom = "";
    private string _defaultTo = "";
    private bool _may;

    [CascadingParameter]
    public HttpContext? Context { get; set; }

    [SupplyParameterFromQuery]
    public string? Trains { get; set; }

    [SupplyParameterFromQuery]
    public string? From { get; set; }

    [SupplyParameterFromQuery]
    public string? To { get; set; }

    [SupplyParameterFromQuery]
    public string? Sensors { get; set; }

    /// <summary>Where a link to this page came from: an alert or a train.</summary>
    [SupplyParameterFromQuery]
    public string? Back { get; set; }

    [SupplyParameterFromForm(FormName = "withdraw")]
    public string? Withdrawing { get; set; }

    [Inject]
    internal ExtractDesk Desk { get; set; } = null!;

    [Inject]
    internal ArchiveDesk Archive { get; set; } = null!;

    [Inject]
    internal IRawFiles Files { get; set; } = null!;

    [Inject]
    internal Refusals Refusals { get; set; } = null!;

    [Inject]
    internal TimeProvider Time { get; set; } = null!;

    private User User => Context!.User.ToUser();

    protected override async Task OnInitializedAsync()
    {
        _now = Time.GetUtcNow();
        (_defaultFrom, _defaultTo) = (Minute(_now.AddHours(-24)), Minute(_now.AddMinutes(1)));
        _may = User.May(Verb.MakeExtracts);
        if (_may)
        {
            await ReadAsync();
        }
        else if (Trains is not null)
        {
            // A colleague's link: opened in vain.
            await Refusals.NoteAsync(Context!, ExtractGate.MayNot);
        }
    }

    private async Task<IReadOnlyList<Extract>> ArchivedAsync()
    {
        var archived = new List<Extract>();
        foreach (var extract in _extracts.Where(extract => extract.HoldsAt(_now)))
        {
            if (await Archive.HoldsAnyAsync(User, extract, Context!.RequestAborted))
            {
                archived.Add(extract);
            }
        }

        return archived;
    }

    private async Task ReadAsync()
    {
        try
        {
            await SizeAsync();
            _extracts = await Desk.FindAsync(User, false, Context!.RequestAborted);
            _archived = await ArchivedAsync();
            _survey = await RawFileSurvey.MakeAsync(Files, User.Scope, DateOnly.FromDateTime(_now.UtcDateTime), Days, Context.RequestAborted);
        }
        catch (StoreUnavailableException e)
        {
            _problems.Add($"The {e.Store} store cannot be reached now. Try again in a few seconds.");
        }
    }

    private async Task SizeAsync()
    {
        if (Trains is null && From is null && To is null)
        {
            return;
        }

        var reader = new QueryReader();
        // A link that names a train alone means what the form begins with.
        _request = ExtractForm.Read(reader, ExtractForm.Names(Trains), From ?? _defaultFrom, To ?? _defaultTo, ExtractForm.Names(Sensors));
        _problems.AddRange(reader.Problems);
        _size = _request is null ? null : await Desk.SizeAsync(User, _request, Context!.RequestAborted);
    }

    // The form's handler is an endpoint like any other: it looks at the verb itself, whatever was shown.
    private async Task MakeAsync()
    {
        if (await RefusesAsync() || _request is null)
        {
            return;
        }

        try
        {
            (_made, _, var wrong) = await Desk.MakeAsync(User, _request, CallerTrace.Of(Context!), Context!.RequestAborted);
            _problems.AddRange(wrong is null ? [] : [wrong]);
            _size = _made is null ? _size : null;
            _extracts = await Desk.FindAsync(User, false, Context!.RequestAborted);
            _archived = await ArchivedAsync();
        }
        catch (StoreUnavailableException e)
        {
            _problems.Add($"It could not be made: {e.Message}");
        }
    }

    private async Task WithdrawAsync()
    {
        if (!await RefusesAsync() && Withdrawing is not null)
        {
            _problems.AddRange(await Desk.WithdrawAsync(User, Withdrawing, CallerTrace.Of(Context!), Context!.RequestAborted) ? [] : ["There is no such extract."]);
            _extracts = await Desk.FindAsync(User, false, Context!.RequestAborted);
        }
    }

    private async Task<bool> RefusesAsync()
    {
        if (!_may)
        {
            await Refusals.NoteAsync(Context!, ExtractGate.MayNot);
        }

        return !_may;
    }

    private string Address(Extract extract) => $"{ExtractGate.Portal(Context!)}/api/extracts/{extract.Id}";

    /// <summary>The first trains, and how many more there are.</summary>
    internal static string Few(IReadOnlyList<string> trains) =>
        string.Join(", ", trains.Take(FewTrains)) + (trains.Count > FewTrains ? $" and {trains.Count - FewTrains} more" : "");

    private static string Minute(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm':00Z'", System.Globalization.CultureInfo.InvariantCulture);

    private static string RunningHour(ExtractSize size) => size switch
    {
        { Open: > 0 } => $"; {SizeWords.Files(size.Open)} of the running hour will be closed first and may grow until then",
        { ReachesNow: true } => "; what was received in the running hour will be closed first and comes besides",
        _ => "",
    };
}
