using System.Globalization;
using System.Text;

namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>Percent-encoding by RFC 3986's strictest reading, on which every server agrees: only letters, digits and - . _ ~ stand for themselves.</summary>
internal static class StrictUri
{
    /// <summary>Encodes everything else, also a percent sign that is there.</summary>
    public static string Encode(string text) => Encode(text, keepEncoded: false);

    /// <summary>Brings a text that may already be encoded, in part and in any way, to the one encoding.</summary>
    public static string Normalize(string text) => Encode(text, keepEncoded: true);

    private static string Encode(string text, bool keepEncoded)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var result = new StringBuilder(bytes.Length + 16);
        for (var i = 0; i < bytes.Length; i++)
        {
            var value = bytes[i];
            if (keepEncoded && value == '%' && i + 2 < bytes.Length && TryHex(bytes.AsSpan(i + 1, 2), out var encoded))
            {
                value = encoded;
                i += 2;
            }

            Append(result, value);
        }

        return result.ToString();
    }

    private static void Append(StringBuilder result, byte value)
    {
        if (char.IsAsciiLetterOrDigit((char)value) || value is (byte)'-' or (byte)'.' or (byte)'_' or (byte)'~')
        {
            result.Append((char)value);
        }
        else
        {
            result.Append('%').Append(value.ToString("X2", CultureInfo.InvariantCulture));
        }
    }

    private static bool TryHex(ReadOnlySpan<byte> digits, out byte value) =>
        byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value);
}
