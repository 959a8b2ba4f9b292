namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Where a row says the train is. A bad place is sent as it is recorded, for the portal to refuse and count as it would a real train's.</summary>
internal readonly record struct RecordedPlace(double Latitude, double Longitude, double? SpeedKmh, double? HeadingDeg, bool IsBad)
{
    // As the way in refuses them.
    private const double NoWhere = 0.01;

    // A shorter way says more about the receiver's noise than about the train.
    private const double LeastMetres = 30;

    public static bool CanBe(double latitude, double longitude) =>
        Math.Abs(latitude) <= 90 && Math.Abs(longitude) <= 180 && (Math.Abs(latitude) >= NoWhere || Math.Abs(longitude) >= NoWhere);

    /// <summary>Degrees clockwise from north on the way between two places; null when it is too short to say.</summary>
    public static double? Course(double latitude, double longitude, double toLatitude, double toLongitude)
    {
        const double metresPerDegree = 111_200;
        var north = (toLatitude - latitude) * metresPerDegree;
        var east = (toLongitude - longitude) * metresPerDegree * Math.Cos(latitude * Math.PI / 180);
        return Math.Sqrt((north * north) + (east * east)) < LeastMetres ? null : Math.Round(((Math.Atan2(east, north) * 180 / Math.PI) + 360) % 360, 1);
    }
}
