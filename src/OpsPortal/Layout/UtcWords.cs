using System.Globalization;

namespace OpsPortal.Layout;

/// <summary>Times as people read them: UTC, with the zone named.</summary>
internal static class UtcWords
{
    /// <summary>"20:58:01 UTC", with the date in front when it is not today's.</summary>
    public static string At(DateTimeOffset at, DateTimeOffset now)
    {
        var format = at.UtcDateTime.Date == now.UtcDateTime.Date ? "HH:mm:ss 'UTC'" : "yyyy-MM-dd HH:mm:ss 'UTC'";
        return at.UtcDateTime.ToString(format, CultureInfo.InvariantCulture);
    }

    /// <summary>As a machine reads it in a <c>datetime</c> attribute.</summary>
    public static string Iso(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
