namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>Brings an address into the one encoding before it is signed and sent: servers differ in how they read the others.</summary>
internal static class SignedTarget
{
    // The address must go out as it was signed.
    private static readonly UriCreationOptions AsIs = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>The same address, strictly encoded. A plus in the query is what servers take it for: a space.</summary>
    public static Uri Of(Uri address)
    {
        var path = string.Join('/', address.AbsolutePath.Split('/').Select(StrictUri.Normalize));
        var query = address.Query.Length > 1 ? "?" + string.Join('&', address.Query[1..].Split('&').Select(Pair)) : "";
        return new Uri($"{address.Scheme}://{address.Authority}{path}{query}", AsIs);
    }

    private static string Pair(string pair)
    {
        var (name, value) = SplitPair(pair);
        return value is null ? Part(name) : $"{Part(name)}={Part(value)}";
    }

    private static string Part(string text) => StrictUri.Normalize(text.Replace("+", "%20", StringComparison.Ordinal));

    /// <summary>Name and value; the value is null when there is no equals sign.</summary>
    public static (string Name, string? Value) SplitPair(string pair) =>
        pair.IndexOf('=', StringComparison.Ordinal) is var at and >= 0 ? (pair[..at], pair[(at + 1)..]) : (pair, null);
}
