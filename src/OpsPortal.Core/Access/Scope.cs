using System.Collections.Frozen;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Core.Access;

/// <summary>
/// What one user may see: depots, lines and train classes. The same object is taken by every store adapter, the feed and the files.
/// A null set means "all"; an empty set means "none".
/// </summary>
/// <param name="Depots">Depots the user may see, or null for all.</param>
/// <param name="Lines">Lines the user may see, or null for all.</param>
/// <param name="Classes">Train classes the user may see, or null for all.</param>
public sealed record Scope(FrozenSet<string>? Depots, FrozenSet<string>? Lines, FrozenSet<string>? Classes)
{
    /// <summary>The whole fleet: embedded personas, and the product's own loops.</summary>
    public static Scope WholeFleet { get; } = new(null, null, null);

    /// <summary>True when the scope does not narrow anything.</summary>
    public bool IsWholeFleet => Depots is null && Lines is null && Classes is null;

    /// <summary>Whether the train is inside: each narrowed dimension must contain it.</summary>
    public bool Includes(TrainIdentity train) =>
        (Depots?.Contains(train.Depot) ?? true) && (Lines?.Contains(train.Line) ?? true) && (Classes?.Contains(train.Class) ?? true);

    /// <summary>A text that is equal for equal scopes only: the key of everything shared between watchers.</summary>
    public string Key => string.Join('|', Part(Depots), Part(Lines), Part(Classes));

    // Each name ends with a comma: a list that holds the empty name is another than the empty list.
    private static string Part(FrozenSet<string>? set) =>
        set is null ? "*" : string.Concat(set.Order(StringComparer.Ordinal).Select(name => Uri.EscapeDataString(name) + ','));
}
