using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Simulated.Network;

/// <summary>Where a kilometre of a line is, and how steep. Flat arrays: asked once per train and second.</summary>
internal sealed class LineGeometry
{
    // The ground is made up: a long wave and a short one, as steep as main lines are.
    private const double LongWaveKm = 19;
    private const double ShortWaveKm = 6.7;
    private const double LongWavePerMille = 4;
    private const double ShortWavePerMille = 2.5;

    private readonly double _longPhase;
    private readonly double _shortPhase;
    private readonly double[] _km;
    private readonly double[] _latitude;
    private readonly double[] _longitude;
    private readonly double[] _heading;

    public LineGeometry(Line line, int seed)
    {
        var key = Chance.Key((ulong)seed, $"ground of {line.Id}");
        (_longPhase, _shortPhase) = (2 * Math.PI * Chance.Uniform(key, 0), 2 * Math.PI * Chance.Uniform(key, 1));
        _km = [.. line.Points.Select(point => point.Km)];
        _latitude = [.. line.Points.Select(point => point.Latitude)];
        _longitude = [.. line.Points.Select(point => point.Longitude)];
        _heading = new double[_km.Length - 1];
        for (var i = 0; i < _heading.Length; i++)
        {
            _heading[i] = Geodesy.HeadingDeg(_latitude[i], _longitude[i], _latitude[i + 1], _longitude[i + 1]);
        }
    }

    /// <summary>‰ in the direction of growing kilometres, positive uphill.</summary>
    public double GradientAt(double km) =>
        (LongWavePerMille * Math.Sin((2 * Math.PI * km / LongWaveKm) + _longPhase)) + (ShortWavePerMille * Math.Sin((2 * Math.PI * km / ShortWaveKm) + _shortPhase));

    /// <summary>Place and direction of growing kilometres; a kilometre outside the line is its end.</summary>
    public (double Latitude, double Longitude, double HeadingDeg) At(double km)
    {
        var found = Array.BinarySearch(_km, km);
        var i = Math.Clamp(found >= 0 ? found : ~found - 1, 0, _heading.Length - 1);
        var part = Math.Clamp((km - _km[i]) / (_km[i + 1] - _km[i]), 0, 1);
        return (_latitude[i] + ((_latitude[i + 1] - _latitude[i]) * part), _longitude[i] + ((_longitude[i + 1] - _longitude[i]) * part), _heading[i]);
    }
}
