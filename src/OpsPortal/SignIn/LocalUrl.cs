namespace OpsPortal.SignIn;

/// <summary>Redirect targets on this portal only.</summary>
internal static class LocalUrl
{
    private const int Longest = 2_000;

    /// <summary>The url when it is a path on this host however it is read, else "/".</summary>
    public static string OrRoot(string? url) => url is not null && url.All(CanBeSent) && IsLocal(url) && IsLocal(Uri.UnescapeDataString(url)) && !LeadsToSignIn(url) ? url : "/";

    private static bool IsLocal(string url) =>
        url.Length is > 0 and <= Longest && url[0] == '/' && (url.Length == 1 || url[1] != '/') && !url.Any(character => character == '\\' || char.IsControl(character));

    // A header takes no other characters; what the portal's own links need beyond these is percent-encoded.
    private static bool CanBeSent(char character) => character is > ' ' and <= '~';

    // Signing in must not end on the sign-in page again.
    private static bool LeadsToSignIn(string url) => url.StartsWith("/sign-", StringComparison.OrdinalIgnoreCase) || url.StartsWith("/signed-", StringComparison.OrdinalIgnoreCase);
}
