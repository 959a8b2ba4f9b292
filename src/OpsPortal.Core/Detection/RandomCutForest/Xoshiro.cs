using System.Numerics;

namespace OpsPortal.Core.Detection.RandomCutForest;

/// <summary>xoshiro256** (Blackman and Vigna): small, and its whole state can be kept, which System.Random's cannot.</summary>
internal sealed class Xoshiro
{
    private ulong _a;
    private ulong _b;
    private ulong _c;
    private ulong _d;

    public Xoshiro(ulong seed)
    {
        // SplitMix64 spreads the seed, so that neighbouring seeds give unlike streams and the state is never all zero.
        _a = SplitMix(ref seed);
        _b = SplitMix(ref seed);
        _c = SplitMix(ref seed);
        _d = SplitMix(ref seed);
    }

    private Xoshiro(ulong a, ulong b, ulong c, ulong d) => (_a, _b, _c, _d) = (a, b, c, d);

    /// <summary>Uniform over the open interval (0, 1): its logarithm is always finite.</summary>
    public double NextDouble() => ((NextBits() >> 12) + 0.5) * (1.0 / (1UL << 52));

    public ulong NextBits()
    {
        var result = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return result;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write(_a);
        writer.Write(_b);
        writer.Write(_c);
        writer.Write(_d);
    }

    public static Xoshiro Read(BinaryReader reader)
    {
        var random = new Xoshiro(reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64(), reader.ReadUInt64());
        return (random._a | random._b | random._c | random._d) != 0
            ? random
            : throw new InvalidDataException("The snapshot holds a source of chance that is stuck at zero.");
    }

    private static ulong SplitMix(ref ulong state)
    {
        state += 0x9E3779B97F4A7C15;
        var z = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
