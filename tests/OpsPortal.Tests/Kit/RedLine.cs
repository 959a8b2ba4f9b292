namespace OpsPortal.Tests.Kit;

/// <summary>MetroRail's Red Line from Leander by Lakeline, Howard, Kramer and Crestview to Downtown, as one draws it on a map.</summary>
public static class RedLine
{
    private const double KmPerDegree = 111.2;

    private static readonly (double Latitude, double Longitude)[] Way =
    [
        (30.586, -97.856), (30.515, -97.825), (30.504, -97.817), (30.503, -97.803), (30.506, -97.798), (30.507, -97.786), (30.504, -97.784), (30.500, -97.787), (30.484, -97.788),
        (30.479, -97.784), (30.479, -97.765), (30.474, -97.751), (30.477, -97.734), (30.475, -97.724), (30.472, -97.720), (30.455, -97.721), (30.451, -97.720), (30.447, -97.717),
        (30.439, -97.701), (30.426, -97.703), (30.413, -97.711), (30.403, -97.711), (30.399, -97.714), (30.372, -97.724), (30.349, -97.722), (30.329, -97.716), (30.298, -97.717),
        (30.290, -97.714), (30.285, -97.709), (30.280, -97.709), (30.267, -97.715), (30.264, -97.713), (30.259, -97.717), (30.265, -97.739),
    ];

    /// <summary>How far from the line a place is.</summary>
    public static double KmFrom(double latitude, double longitude) => Way.Zip(Way.Skip(1)).Min(part => Km((latitude, longitude), part.First, part.Second));

    // On a sphere that is flat around Austin.
    private static double Km((double Latitude, double Longitude) at, (double Latitude, double Longitude) from, (double Latitude, double Longitude) to)
    {
        var east = KmPerDegree * Math.Cos(30.4 * Math.PI / 180);
        var (px, py) = ((at.Longitude - from.Longitude) * east, (at.Latitude - from.Latitude) * KmPerDegree);
        var (bx, by) = ((to.Longitude - from.Longitude) * east, (to.Latitude - from.Latitude) * KmPerDegree);
        var part = Math.Clamp(((px * bx) + (py * by)) / ((bx * bx) + (by * by)), 0, 1);
        return Math.Sqrt(Math.Pow(px - (part * bx), 2) + Math.Pow(py - (part * by), 2));
    }
}
