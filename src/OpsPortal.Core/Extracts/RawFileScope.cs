using OpsPortal.Core.Access;

namespace OpsPortal.Core.Extracts;

/// <summary>
/// Raw files go by depot: one holds whatever a depot's trains sent in an hour. Who sees a part of a depot only (some lines, some classes)
/// therefore sees none of its files, as nobody can be given half of one.
/// </summary>
public static class RawFileScope
{
    /// <summary>Whether files of this depot are inside.</summary>
    public static bool Includes(Scope scope, string depot) => IsWholeDepots(scope) && (scope.Depots?.Contains(depot) ?? true);

    /// <summary>Whether files of the depot with this folder are inside.</summary>
    public static bool IncludesFolder(Scope scope, string folder) =>
        IsWholeDepots(scope) && (scope.Depots?.Any(depot => RawFileKey.FolderOf(depot) == folder) ?? true);

    /// <summary>The depots whose files may be looked at, of those asked for; null for all.</summary>
    /// <param name="asked">Null when all are asked for.</param>
    public static IReadOnlyCollection<string>? Depots(Scope scope, IReadOnlyCollection<string>? asked)
    {
        if (!IsWholeDepots(scope))
        {
            return [];
        }

        return (scope.Depots, asked) switch
        {
            (null, _) => asked,
            (_, null) => scope.Depots,
            _ => [.. asked.Where(scope.Depots.Contains)],
        };
    }

    private static bool IsWholeDepots(Scope scope) => scope is { Lines: null, Classes: null };
}
