using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.WebUtilities;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Health;
using OpsPortal.Layout;

namespace OpsPortal.Audit;

/// <summary>The audit, page by page; filters and place stand in the address.</summary>
public sealed partial class AuditPage
{
    private const int PageSize = 100;

    // What is longer opens on demand: a start tells its whole configuration.
    private const int LongestShown = 160;

    // Offered while typing; whatever else there is can be typed all the same.
    private static readonly string[] KnownActs =
    [
        "signIn", "signOut", "providerSignOut", "refuse", "acknowledge", "desire", "plantFault", "viewReadings", "makeToken", "revokeToken", "endSession", "changeRights", "start", "stop", "resumeAudit", "verifyAudit", "downloadAudit",
        "runQuery", "endQuery", "downloadQuery", "endDownload", "unloadQuery", "endUnload", "fetchUnloadedFile",
        "downloadReport", "openDashboard", "makeReportMail", "prolongReportMail", "endReportMail", "mailReport",
        "makeExtract", "withdrawExtract", "makeExtractToken", "revokeExtractToken", "readManifest", "fetchRawFile", "askRestore", "askMerged", "endMerged", "cancelMerged", "resumeMerged", "removeMerged", "fetchMerged",
    ];

    private static readonly string[] KnownOutcomes = ["ok", "requested", "refused", "conflict", "Acknowledged", "AlreadyAcknowledged", "NotFound", "Refused", "intact", "broken"];

    private static readonly string[] TimeForms = ["yyyy-MM-dd'T'HH:mm", "yyyy-MM-dd'T'HH:mm:ss", "yyyy-MM-dd"];

    private IReadOnlyList<AuditRow> _rows = [];
    private bool _isMore;
    private string? _problem;
    private DateTimeOffset _now;

    [CascadingParameter]
    public HttpContext? Context { get; set; }

    [SupplyParameterFromQuery(Name = "who")]
    public string? Who { get; set; }

    [SupplyParameterFromQuery(Name = "act")]
    public string? Act { get; set; }

    [SupplyParameterFromQuery(Name = "on")]
    public string? On { get; set; }

    [SupplyParameterFromQuery(Name = "outcome")]
    public string? Outcome { get; set; }

    [SupplyParameterFromQuery(Name = "correlation")]
    public string? Correlation { get; set; }

    [SupplyParameterFromQuery(Name = "from")]
    public string? From { get; set; }

    [SupplyParameterFromQuery(Name = "to")]
    public string? To { get; set; }

    /// <summary>Only rows before this number.</summary>
    [SupplyParameterFromQuery(Name = "before")]
    public string? Before { get; set; }

    [Inject]
    internal AuditDesk Desk { get; set; } = null!;

    [Inject]
    internal TimeProvider Time { get; set; } = null!;

    private bool IsNarrowed => new[] { Who, Act, On, Outcome, Correlation, From, To, Before }.Any(text => !string.IsNullOrEmpty(text));

    protected override async Task OnInitializedAsync()
    {
        _now = Time.GetUtcNow();
        var (from, to, before) = (ReadTime("From", From), ReadTime("To", To), ReadNumber(Before));
        if (from >= to)
        {
            _problem ??= "From must be before To.";
        }

        if (_problem is not null)
        {
            return;
        }

        try
        {
            var query = new AuditQuery(Given(Who), Given(Act), Given(On), Given(Outcome), Given(Correlation), from, to, before, PageSize + 1);
            var found = await Desk.FindAsync(query, Context!.RequestAborted);
            (_rows, _isMore) = ([.. found.Take(PageSize)], found.Count > PageSize);
        }
        catch (StoreUnavailableException)
        {
            _problem = "The audit cannot be read now. Reload the page in a few seconds.";
        }
    }

    private static string? Given(string? text) => string.IsNullOrWhiteSpace(text) ? null : text.Trim();

    private DateTimeOffset? ReadTime(string field, string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (DateTimeOffset.TryParseExact(text, TimeForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time))
        {
            return time;
        }

        _problem ??= $"{field} must be a time such as 2026-11-21T20:58:01, in UTC.";
        return null;
    }

    private long? ReadNumber(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return null;
        }

        if (long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
        {
            return number;
        }

        _problem ??= "The place in the list must be the number of an act.";
        return null;
    }

    // The page's times have no zone, the API's have one.
    private string Address(long? before, bool csv = false)
    {
        var asked = new Dictionary<string, string?>
        {
            ["who"] = Given(Who),
            ["act"] = Given(Act),
            ["on"] = Given(On),
            ["outcome"] = Given(Outcome),
            ["correlation"] = Given(Correlation),
            ["from"] = csv && ReadTime("From", From) is { } from ? OperatorZone.Iso(from) : Given(From),
            ["to"] = csv && ReadTime("To", To) is { } to ? OperatorZone.Iso(to) : Given(To),
            ["before"] = before?.ToString(CultureInfo.InvariantCulture),
        };
        return QueryHelpers.AddQueryString("", asked.Where(pair => pair.Value is not null));
    }
}
