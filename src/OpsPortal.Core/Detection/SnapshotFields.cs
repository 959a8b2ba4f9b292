namespace OpsPortal.Core.Detection;

/// <summary>Fields of a snapshot that can be wrong, read so that they say so.</summary>
internal static class SnapshotFields
{
    public static int ReadCount(this BinaryReader reader, int most)
    {
        var count = reader.ReadInt32();
        return count >= 0 && count <= most ? count : throw new InvalidDataException($"The snapshot says {count} where 0 to {most} can be.");
    }

    public static DateTimeOffset ReadTime(this BinaryReader reader)
    {
        var ticks = reader.ReadInt64();
        return ticks >= 0 && ticks <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(ticks, TimeSpan.Zero)
            : throw new InvalidDataException("The snapshot holds a time that cannot be.");
    }

    public static double ReadFinite(this BinaryReader reader)
    {
        var value = reader.ReadDouble();
        return double.IsFinite(value) ? value : throw new InvalidDataException($"The snapshot holds {value} where a finite number must be.");
    }

    public static void ReadInto(this BinaryReader reader, double[] values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = reader.ReadDouble();
        }
    }

    public static void WriteAll(this BinaryWriter writer, double[] values)
    {
        foreach (var value in values)
        {
            writer.Write(value);
        }
    }
}
