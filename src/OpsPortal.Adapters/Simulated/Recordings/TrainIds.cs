using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>Ids of trains out of what a recording calls them.</summary>
internal static partial class TrainIds
{
    private const int Longest = 128;
    private const int HashBytes = 5;

    /// <summary>
    /// The text itself when it is an id by AWS IoT's grammar of thing names; otherwise with <c>_</c> for what is not allowed and a hash
    /// of the text behind it, so that two trains never become one: <c>IC 123</c> is <c>IC_123-…</c>, always the same.
    /// </summary>
    public static string Of(string text)
    {
        if (TelemetryParser.IsTrainId(text))
        {
            return text;
        }

        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)).AsSpan(0, HashBytes));
        var allowed = NotAllowed().Replace(text, "_");
        return $"{allowed[..Math.Min(allowed.Length, Longest - hash.Length - 1)]}-{hash}";
    }

    [GeneratedRegex("[^a-zA-Z0-9:_-]", RegexOptions.CultureInvariant)]
    private static partial Regex NotAllowed();
}
