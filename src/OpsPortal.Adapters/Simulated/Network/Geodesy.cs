namespace OpsPortal.Adapters.Simulated.Network;

/// <summary>Distances and directions on the sphere; good to 0.5 %, which is more than three decimals of a degree need.</summary>
internal static class Geodesy
{
    private const double EarthRadiusKm = 6371.0088;

    /// <summary>Great-circle distance in kilometres.</summary>
    public static double Km(double latitude1, double longitude1, double latitude2, double longitude2)
    {
        var (a, b) = (double.DegreesToRadians(latitude1), double.DegreesToRadians(latitude2));
        var x = Math.Sin((b - a) / 2);
        var y = Math.Sin(double.DegreesToRadians(longitude2 - longitude1) / 2);
        return 2 * EarthRadiusKm * Math.Asin(Math.Sqrt((x * x) + (Math.Cos(a) * Math.Cos(b) * y * y)));
    }

    /// <summary>Direction from the first point to the second, degrees clockwise from north, [0, 360).</summary>
    public static double HeadingDeg(double latitude1, double longitude1, double latitude2, double longitude2)
    {
        var (a, b) = (double.DegreesToRadians(latitude1), double.DegreesToRadians(latitude2));
        var turn = double.DegreesToRadians(longitude2 - longitude1);
        var y = Math.Sin(turn) * Math.Cos(b);
        var x = (Math.Cos(a) * Math.Sin(b)) - (Math.Sin(a) * Math.Cos(b) * Math.Cos(turn));
        return (double.RadiansToDegrees(Math.Atan2(y, x)) + 360) % 360;
    }
}
