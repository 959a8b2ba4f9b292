namespace OpsPortal.Api;

/// <summary>A list, or a page of one.</summary>
/// <param name="Next">Cursor for <c>?after=</c>; null when this is all.</param>
/// <param name="AsOf">How fresh the list is.</param>
/// <param name="Limited">Why this is not all and how to get the rest; null when it is all.</param>
internal sealed record ListAnswer<T>(IReadOnlyList<T> Items, string? Next, DateTimeOffset? AsOf, string? Limited)
{
    /// <summary>Makes a page of what was found with a limit of one more than the page has.</summary>
    public static ListAnswer<T> Of<TFound>(IReadOnlyList<TFound> found, int limit, DateTimeOffset? asOf, Func<TFound, T> item, Func<TFound, string> cursor)
    {
        var items = found.Take(limit).Select(item).ToList();
        return found.Count > limit
            ? new(items, cursor(found[limit - 1]), asOf, $"The first {limit} are listed; ask again with after={cursor(found[limit - 1])} for more.")
            : new(items, null, asOf, null);
    }
}
