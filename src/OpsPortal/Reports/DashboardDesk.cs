using System.Globalization;
using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Reports;
using OpsPortal.Tokens;

namespace OpsPortal.Reports;

/// <summary>Opens the dashboard of another product for users who may, and writes down who opened it.</summary>
internal sealed class DashboardDesk(IEnumerable<IDashboard> dashboards, IAuditLog audit, TimeProvider time)
{
    /// <summary>Where its page is.</summary>
    public const string Path = "/reports/dashboard";

    /// <summary>What it is, for who has not seen it.</summary>
    public const string About = "Figures and charts made in Amazon QuickSight, beside the portal's own reports.";

    /// <summary>What is configured; null where nothing is.</summary>
    public IDashboard? Dashboard { get; } = dashboards.LastOrDefault();

    /// <summary>Why this user may not open it, in words; null when they may, or there is none.</summary>
    public string? Refusal(User user) => user.May(Verb.ReadReports) ? Dashboard?.Refusal(user) : ReportDesk.MayNot;

    /// <summary>Opens it: what cannot be written down is not given. Throws as <see cref="IDashboard.OpenAsync"/> does.</summary>
    public async Task<OpenedDashboard> OpenAsync(User user, string portal, CallerTrace trace, CancellationToken cancellationToken)
    {
        var opened = await Dashboard!.OpenAsync(user, portal, cancellationToken);
        var detail = string.Create(CultureInfo.InvariantCulture, $"as {opened.As}, until {opened.EndsAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
        await audit.AppendAsync(new AuditEntry(time.GetUtcNow(), user.Name, "openDashboard", opened.Id, trace.From, "ok", detail, trace.Correlation), cancellationToken);
        return opened;
    }

    /// <summary>How long an opened dashboard stays open from now.</summary>
    public int SecondsLeft(OpenedDashboard opened) => Math.Max(0, (int)(opened.EndsAt - time.GetUtcNow()).TotalSeconds);
}

/// <summary>A dashboard opened for you.</summary>
/// <param name="Address">For the frame, once and within minutes: it opens the dashboard for whoever has it.</param>
/// <param name="EndsAt">When the session ends.</param>
/// <param name="Seconds">How long that is, for whose clock is another.</param>
internal sealed record OpenedDashboardJson(Uri Address, DateTimeOffset EndsAt, int Seconds)
{
    /// <summary>Never says the address.</summary>
    public override string ToString() => $"dashboard until {EndsAt:u}";
}
