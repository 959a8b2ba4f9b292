using System.Buffers.Text;
using System.Security.Cryptography;

namespace OpsPortal.Core.Access;

/// <summary>The secret of a token that scripts show: a prefix that scanners of leaked secrets can look for, and 256 random bits.</summary>
public sealed class BearerSecret
{
    private const int Bytes = 32;
    private const int Length = 43;

    private BearerSecret(string prefix) => Prefix = prefix;

    /// <summary>Of personal tokens.</summary>
    public static BearerSecret OfPerson { get; } = new("opt_");

    /// <summary>Of extracts' tokens.</summary>
    public static BearerSecret OfExtract { get; } = new("opx_");

    /// <summary>What every secret of this kind begins with.</summary>
    public string Prefix { get; }

    /// <summary>What may be kept of it. 256 random bits need no slow hash: there is nothing to guess.</summary>
    public static string Hash(string secret) => SessionId.Hash(secret);

    /// <summary>A new secret that nobody can guess.</summary>
    public string New() => Prefix + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Whether the text can be a secret of this kind at all; anything else need not be looked up.</summary>
    public bool IsWellFormed(string text) =>
        text.StartsWith(Prefix, StringComparison.Ordinal) && text.Length == Prefix.Length + Length && Base64Url.IsValid(text.AsSpan(Prefix.Length));
}
