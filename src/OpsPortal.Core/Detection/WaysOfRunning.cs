namespace OpsPortal.Core.Detection;

/// <summary>
/// How often the train was seen standing, and braking, holding and gaining speed, slowly and fast. What was never seen cannot be judged:
/// the first station stop after a long run is news to a forest, but not to an operator.
/// </summary>
internal sealed class WaysOfRunning(int knownAfter)
{
    private const int Ways = 10;

    private readonly int[] _seen = new int[Ways];

    /// <summary>Counts the way the train runs now, and says whether it was known before.</summary>
    /// <param name="speedKmh">NaN for a train that never says: that is one way, and known.</param>
    /// <param name="acceleration">m/s², NaN when unknown.</param>
    public bool Take(double speedKmh, double acceleration)
    {
        if (double.IsNaN(speedKmh))
        {
            return true;
        }

        var speed = speedKmh < 2 ? -1 : speedKmh < 60 ? 0 : speedKmh < 120 ? 1 : 2;
        var change = acceleration < -0.1 ? 0 : acceleration > 0.1 ? 2 : 1;
        var way = speed < 0 ? 9 : (speed * 3) + change;
        if (_seen[way] >= knownAfter)
        {
            return true;
        }

        _seen[way]++;
        return false;
    }

    public void Write(BinaryWriter writer)
    {
        foreach (var seen in _seen)
        {
            writer.Write(seen);
        }
    }

    public void Read(BinaryReader reader)
    {
        for (var way = 0; way < Ways; way++)
        {
            _seen[way] = reader.ReadCount(int.MaxValue);
        }
    }
}
