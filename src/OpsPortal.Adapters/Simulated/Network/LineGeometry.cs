using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Simulated.Network;

/// <summary>Where a kilometre of a line is. Flat arrays: asked once per train and second.</summary>
internal sealed class LineGeometry
{
    private readonly double[] _km;
    private readonly double[] _latitude;
    private readonly double[] _longitude;
    private readonly double[] _heading;

    public LineGeometry(Line line)
    {
        _km = [.. line.Points.Select(point => point.Km)];
        _latitude = [.. line.Points.Select(point => point.Latitude)];
        _longitude = [.. line.Points.Select(point => point.Longitude)];
        _heading = new double[_km.Length - 1];
        for (var i = 0; i < _heading.Length; i++)
        {
            _heading[i] = Geodesy.HeadingDeg(_latitude[i], _longitude[i], _latitude[i + 1], _longitude[i + 1]);
        }
    }

    /// <summary>Place and direction of growing kilometres; a kilometre outside the line is its end.</summary>
    public (double Latitude, double Longitude, double HeadingDeg) At(double km)
    {
        var found = Array.BinarySearch(_km, km);
        var i = Math.Clamp(found >= 0 ? found : ~found - 1, 0, _heading.Length - 1);
        var part = Math.Clamp((km - _km[i]) / (_km[i + 1] - _km[i]), 0, 1);
        return (_latitude[i] + ((_latitude[i + 1] - _latitude[i]) * part), _longitude[i] + ((_longitude[i + 1] - _longitude[i]) * part), _heading[i]);
    }
}
