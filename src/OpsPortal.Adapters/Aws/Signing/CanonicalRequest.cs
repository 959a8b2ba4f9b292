using System.Text.RegularExpressions;

namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>A request in the form in which both sides hash it (AWS Signature Version 4, "create a canonical request").</summary>
/// <param name="Text">The form itself.</param>
/// <param name="SignedHeaders">Names of the headers inside, in order, with semicolons between.</param>
internal sealed partial record CanonicalRequest(string Text, string SignedHeaders)
{
    /// <param name="path">As sent, that is: encoded once.</param>
    /// <param name="query">As sent, without the question mark.</param>
    /// <param name="headers">Those to sign; a name may come more than once.</param>
    /// <param name="payloadHash">SHA-256 of the body in small hex digits.</param>
    public static CanonicalRequest Create(AwsService service, string method, string path, string query, IEnumerable<(string Name, string Value)> headers, string payloadHash)
    {
        var grouped = headers.GroupBy(header => header.Name.ToLowerInvariant(), header => Trim(header.Value)).OrderBy(group => group.Key, StringComparer.Ordinal).ToList();
        var names = string.Join(';', grouped.Select(group => group.Key));
        var lines = string.Concat(grouped.Select(group => $"{group.Key}:{string.Join(',', group)}\n"));
        var text = $"{method}\n{Path(service, path)}\n{Query(query)}\n{lines}\n{names}\n{payloadHash}";
        return new CanonicalRequest(text, names);
    }

    private static string Path(AwsService service, string path)
    {
        if (path.Length == 0)
        {
            return "/";
        }

        return service.EncodesPathTwice
            ? string.Join('/', WithoutDots(path).Split('/').Select(StrictUri.Encode))
            : string.Join('/', path.Split('/').Select(StrictUri.Normalize));
    }

    // S3 keys may hold any of these; for all others they are the same place.
    private static string WithoutDots(string path)
    {
        var kept = new List<string>();
        foreach (var part in path.Split('/'))
        {
            if (part == ".." && kept.Count > 0)
            {
                kept.RemoveAt(kept.Count - 1);
            }
            else if (part is not ("" or "." or ".."))
            {
                kept.Add(part);
            }
        }

        var last = path[(path.LastIndexOf('/') + 1)..];
        return "/" + string.Join('/', kept) + (kept.Count > 0 && last is "" or "." or ".." ? "/" : "");
    }

    private static string Query(string query)
    {
        if (query.Length == 0)
        {
            return "";
        }

        var pairs = query.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(SignedTarget.SplitPair)
            .Select(pair => (Name: StrictUri.Normalize(pair.Name), Value: StrictUri.Normalize(pair.Value ?? "")))
            .OrderBy(pair => pair.Name, StringComparer.Ordinal).ThenBy(pair => pair.Value, StringComparer.Ordinal);
        return string.Join('&', pairs.Select(pair => $"{pair.Name}={pair.Value}"));
    }

    private static string Trim(string value) => Spaces().Replace(value.Trim(), " ");

    [GeneratedRegex(" {2,}")]
    private static partial Regex Spaces();
}
