using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace OpsPortal.Tests.Kit.Aws;

/// <summary>AWS's canonical form of a request, computed on the receiving side.</summary>
internal static partial class ReceivedForm
{
    /// <param name="twice">Whether the path is encoded once more (all services but S3).</param>
    public static string Of(ReceivedRequest request, IReadOnlyList<string> signedHeaders, bool twice) =>
        string.Join('\n', request.Method, Path(request.Path, twice), Query(request.Query), Headers(request, signedHeaders), string.Join(';', signedHeaders), Convert.ToHexStringLower(SHA256.HashData(request.Body)));

    private static string Path(string path, bool twice)
    {
        if (!twice)
        {
            return Encode(Decode(path), slash: true);
        }

        // "Normalize URI paths according to RFC 3986. Remove redundant and relative path components."
        var kept = new Stack<string>();
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(segment => segment != "."))
        {
            if (segment != "..")
            {
                kept.Push(segment);
            }
            else if (kept.Count > 0)
            {
                kept.Pop();
            }
        }

        var plain = "/" + string.Join('/', kept.Reverse());
        var directory = kept.Count > 0 && DirectoryEnd().IsMatch(path);
        return Encode(Encoding.UTF8.GetBytes(directory ? plain + "/" : plain), slash: true);
    }

    private static string Query(string query) =>
        string.Join('&', query.Split('&', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2))
            .Select(pair => (Name: Encode(Decode(pair[0]), slash: false), Value: Encode(Decode(pair.Length == 2 ? pair[1] : ""), slash: false)))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal)
            .Select(pair => $"{pair.Name}={pair.Value}"));

    private static string Headers(ReceivedRequest request, IReadOnlyList<string> signed)
    {
        var text = new StringBuilder();
        foreach (var name in signed)
        {
            var values = request.Headers.Where(header => header.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(header => Spaces().Replace(header.Value.Trim(), " "));
            text.Append(name).Append(':').AppendJoin(',', values).Append('\n');
        }

        return text.ToString();
    }

    private static byte[] Decode(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var decoded = new List<byte>();
        for (var i = 0; i < bytes.Length; i++)
        {
            var isEncoded = bytes[i] == '%' && i + 2 < bytes.Length && char.IsAsciiHexDigit((char)bytes[i + 1]) && char.IsAsciiHexDigit((char)bytes[i + 2]);
            decoded.Add(isEncoded ? Convert.ToByte($"{(char)bytes[i + 1]}{(char)bytes[i + 2]}", 16) : bytes[i]);
            i += isEncoded ? 2 : 0;
        }

        return [.. decoded];
    }

    private static string Encode(byte[] bytes, bool slash)
    {
        var text = new StringBuilder();
        foreach (var value in bytes)
        {
            var stays = char.IsAsciiLetterOrDigit((char)value) || "-._~".Contains((char)value, StringComparison.Ordinal) || (slash && value == '/');
            text.Append(stays ? ((char)value).ToString() : string.Create(CultureInfo.InvariantCulture, $"%{value:X2}"));
        }

        return text.ToString();
    }

    [GeneratedRegex(@"(?:/|/\.|/\.\.)$")]
    private static partial Regex DirectoryEnd();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();
}
