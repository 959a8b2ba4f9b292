using System.Security.Cryptography;
using System.Text;
using OpsPortal.Parts;

namespace OpsPortal.Audit;

/// <summary>The configuration of a start, for the audit: every key of the product that is set, with a hash of its value; of what may be a secret only that it is set.</summary>
internal static class StartRecord
{
    private const int Digits = 12;

    /// <summary>In one line.</summary>
    public static string Of(IConfiguration configuration, IEnumerable<string> sections)
    {
        var own = sections.Append("Urls").Append("Parts").ToHashSet(StringComparer.OrdinalIgnoreCase);
        var set = configuration.AsEnumerable()
            .Where(pair => pair.Value is { Length: > 0 } && own.Contains(pair.Key.Split(':')[0]))
            .OrderBy(pair => pair.Key, StringComparer.Ordinal);
        return string.Join(' ', set.Select(pair => $"{pair.Key}={Shown(pair.Key, pair.Value!)}"));
    }

    // A hash of something short is as good as the thing itself: where that is a secret, there is none.
    private static string Shown(string key, string value) =>
        ConfigurationCheck.MayBeSecret(key, value) ? "set" : Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(value)))[..Digits];
}
