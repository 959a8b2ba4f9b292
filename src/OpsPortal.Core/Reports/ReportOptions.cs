using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Core.Reports;

/// <summary>Reports: section <c>Reports</c>.</summary>
public sealed class ReportOptions
{
    public const string Section = "Reports";

    /// <summary>A minute of readings is expected in the warehouse so long after it is over. Default 2 minutes, 0 to 1 day: as long as it takes data to come in.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan ExpectedAfter { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>When the newest reading is older than this, a report says that it may be out of date. Default 10 minutes, 1 minute to 2 days.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "2.00:00:00")]
    public TimeSpan StaleAfter { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Alerts counted for one report; beyond these it says that there were more. Default 200,000, 100 to 10,000,000.</summary>
    [Range(100, 10_000_000)]
    public int MostAlerts { get; set; } = 200_000;

    /// <summary>Each of a report's questions to the warehouse may take so long. Default 30 s, 1 s to 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan QueryTime { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Reports made at the same time; others wait. Default 4, 1 to 100.</summary>
    [Range(1, 100)]
    public int AtOnce { get; set; } = 4;
}
