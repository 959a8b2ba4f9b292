using System.Globalization;

namespace OpsPortal.Layout;

/// <summary>Times as people read them: UTC, with the zone named.</summary>
internal static class UtcWords
{
    /// <summary>"20:58:01 UTC"; "20 Nov 20:58:01 UTC" when it is not today, with the year when it is not this one.</summary>
    public static string At(DateTimeOffset at, DateTimeOffset now)
    {
        var (moment, today) = (at.UtcDateTime, now.UtcDateTime);
        var date = moment.Date == today.Date ? "" : moment.Year == today.Year ? "d MMM " : "d MMM yyyy ";
        return moment.ToString(date + "HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);
    }

    /// <summary>As a machine reads it in a <c>datetime</c> attribute.</summary>
    public static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
