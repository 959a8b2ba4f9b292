using System.Buffers.Binary;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Embedded.Telemetry;

/// <summary>Figures of all sensors of one window as bytes: a version, then 32 bytes a sensor (number, count, min, sum, max; little-endian).</summary>
internal static class PackedFigures
{
    private const byte Version = 1;
    private const int Size = 32;

    public static byte[] Pack(IReadOnlyDictionary<string, ReadingFigures> sensors, Func<string, int> numberOf)
    {
        var bytes = new byte[1 + (sensors.Count * Size)];
        bytes[0] = Version;
        var rest = bytes.AsSpan(1);
        foreach (var (sensor, figures) in sensors)
        {
            BinaryPrimitives.WriteInt32LittleEndian(rest, numberOf(sensor));
            BinaryPrimitives.WriteInt32LittleEndian(rest[4..], figures.Count);
            BinaryPrimitives.WriteDoubleLittleEndian(rest[8..], figures.Min);
            BinaryPrimitives.WriteDoubleLittleEndian(rest[16..], figures.Sum);
            BinaryPrimitives.WriteDoubleLittleEndian(rest[24..], figures.Max);
            rest = rest[Size..];
        }

        return bytes;
    }

    /// <summary>One sensor's figures, or null when the window has none of it.</summary>
    public static ReadingFigures? Find(ReadOnlySpan<byte> bytes, int sensor)
    {
        RefuseOtherForms(bytes);
        for (var rest = bytes[1..]; rest.Length >= Size; rest = rest[Size..])
        {
            if (BinaryPrimitives.ReadInt32LittleEndian(rest) == sensor)
            {
                return new ReadingFigures(
                    BinaryPrimitives.ReadDoubleLittleEndian(rest[8..]),
                    BinaryPrimitives.ReadDoubleLittleEndian(rest[16..]),
                    BinaryPrimitives.ReadDoubleLittleEndian(rest[24..]),
                    BinaryPrimitives.ReadInt32LittleEndian(rest[4..]));
            }
        }

        return null;
    }

    /// <summary>All sensors' figures by their number.</summary>
    public static List<(int Sensor, ReadingFigures Figures)> All(ReadOnlySpan<byte> bytes)
    {
        RefuseOtherForms(bytes);
        var all = new List<(int, ReadingFigures)>(bytes.Length / Size);
        for (var rest = bytes[1..]; rest.Length >= Size; rest = rest[Size..])
        {
            all.Add((
                BinaryPrimitives.ReadInt32LittleEndian(rest),
                new ReadingFigures(
                    BinaryPrimitives.ReadDoubleLittleEndian(rest[8..]),
                    BinaryPrimitives.ReadDoubleLittleEndian(rest[16..]),
                    BinaryPrimitives.ReadDoubleLittleEndian(rest[24..]),
                    BinaryPrimitives.ReadInt32LittleEndian(rest[4..]))));
        }

        return all;
    }

    private static void RefuseOtherForms(ReadOnlySpan<byte> bytes)
    {
        if (bytes[0] != Version)
        {
            throw new InvalidDataException($"A row of readings has form {bytes[0]}, this version reads form {Version}.");
        }
    }
}
