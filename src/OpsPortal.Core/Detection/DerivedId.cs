using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace OpsPortal.Core.Detection;

/// <summary>Ids that follow from what they name, so that finding the same thing again gives the same id.</summary>
internal static class DerivedId
{
    public static string OfAnomaly(string trainId, string subsystem, DateTimeOffset measuredAt) => "an-" + Hash(trainId, subsystem, measuredAt);

    public static string OfAlert(string trainId, string subsystem, DateTimeOffset raisedAt) => "al-" + Hash(trainId, subsystem, raisedAt);

    /// <summary>A seed of its own for each train.</summary>
    public static ulong Seed(ulong seed, string trainId) =>
        BitConverter.ToUInt64(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{seed}\n{trainId}"))));

    private static string Hash(string trainId, string subsystem, DateTimeOffset at)
    {
        // No id holds a line break, so the parts cannot run into each other.
        var text = string.Create(CultureInfo.InvariantCulture, $"{trainId}\n{subsystem}\n{at.UtcTicks}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, 16));
    }
}
