using System.Globalization;
using System.Text.RegularExpressions;
using OpsPortal.Core.Alerts;

namespace OpsPortal.Extracts;

/// <summary>Addresses that open the page of extracts with train and time filled in, and know the way back.</summary>
internal static partial class ExtractsLink
{
    // Some minutes before show how it began.
    private static readonly TimeSpan Around = TimeSpan.FromMinutes(15);

    /// <summary>Raw files around an alert.</summary>
    public static string ToAlert(Alert alert) => string.Create(
        CultureInfo.InvariantCulture,
        $"{ToTrain(alert.Train.Id, $"/alerts?train={Uri.EscapeDataString(alert.Train.Id)}")}&from={Second(alert.Episode.RaisedAt - Around)}&to={Second(alert.Episode.LastAnomalyAt + Around)}");

    /// <summary>Raw files of a train; the window that its page shows is put in by the page.</summary>
    public static string ToTrain(string trainId) => ToTrain(trainId, $"/trains/{Uri.EscapeDataString(trainId)}");

    /// <summary>The way back that an address names; null when it leads anywhere but to alerts and trains of this portal.</summary>
    public static string? Back(string? address) => address is not null && Ways().IsMatch(address) ? address : null;

    private static string ToTrain(string trainId, string back) => $"/extracts?trains={Uri.EscapeDataString(trainId)}&back={Uri.EscapeDataString(back)}";

    private static string Second(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^/(alerts|trains/[^/?#\\]+)(\?[^#\\]*)?\z")]
    private static partial Regex Ways();
}
