namespace OpsPortal.Core.Detection;

/// <summary>Attribution in a snapshot.</summary>
internal static class SharesForm
{
    public static void Write(BinaryWriter writer, IReadOnlyList<SensorShare> shares)
    {
        writer.Write(shares.Count);
        foreach (var share in shares)
        {
            writer.Write(share.Sensor);
            writer.Write(share.Share);
            writer.Write((int)share.Direction);
            writer.Write(share.Observed);
            writer.Write(share.Expected);
            writer.Write(share.Unit);
        }
    }

    public static IReadOnlyList<SensorShare> Read(BinaryReader reader)
    {
        var shares = new SensorShare[reader.ReadCount(1_000)];
        for (var i = 0; i < shares.Length; i++)
        {
            shares[i] = new SensorShare(reader.ReadString(), reader.ReadDouble(), (Direction)reader.ReadCount((int)Direction.Low), reader.ReadDouble(), reader.ReadDouble(), reader.ReadString());
        }

        return shares;
    }
}
