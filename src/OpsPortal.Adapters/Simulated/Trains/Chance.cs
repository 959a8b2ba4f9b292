namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>Chance as a pure function of its keys: asking again, in any order and after any restart, gives the same.</summary>
internal static class Chance
{
    // The standard deviation of the sum of four uniform numbers.
    private const double SumDeviation = 0.57735026919;

    /// <summary>Mixes two numbers into one that looks random (the finisher of SplitMix64).</summary>
    public static ulong Mix(ulong key, ulong counter)
    {
        var z = key + (counter * 0x9E3779B97F4A7C15);
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    /// <summary>A key for a text, the same in every process.</summary>
    public static ulong Key(ulong seed, string text)
    {
        var key = Mix(seed, 0x5EED);
        foreach (var character in text)
        {
            key = Mix(key, character + 1UL);
        }

        return key;
    }

    /// <summary>Uniform in [0, 1).</summary>
    public static double Uniform(ulong key, ulong counter) => (Mix(key, counter) >> 11) * (1.0 / (1UL << 53));

    /// <summary>Roughly normal with deviation 1, never beyond ±3.5: the sum of four uniform numbers taken from one mix.</summary>
    public static double Normal(ulong key, ulong counter)
    {
        var bits = Mix(key, counter);
        var sum = (bits & 0xFFFF) + ((bits >> 16) & 0xFFFF) + ((bits >> 32) & 0xFFFF) + (bits >> 48);
        return ((sum / 65536.0) - 2) / SumDeviation;
    }
}
