using System.Collections.Frozen;
using FsCheck;
using FsCheck.Fluent;
using OpsPortal.Core.Access;
using OpsPortal.Core.Fleet;

namespace OpsPortal.Tests.Access;

/// <summary>Generates fleets and users: small fleets that share depots, and names that have tripped filters before.</summary>
internal static class ScopeWorlds
{
    /// <summary>Separators, wildcards, quotes, case, composed and decomposed letters, nothing at all.</summary>
    private static readonly string[] Depots = ["Longsight", "longsight", "Longsight ", "O'Hare", "a,b", "a", "b", "a|b", "*", "%", "_", "", "unknown", "Zürich", "Zu\u0308rich", "x\" OR 1=1 --", "[]", "null", "日本", "\u202Eevil"];
    private static readonly string[] Lines = ["WCML", "ECML", "W%ML", "a|b", "", "MML"];
    private static readonly string[] Classes = ["390", "222", "39", "390,222", ""];

    // Values that no train has.
    private static readonly string[] Foreign = ["nowhere", "Longsigh", "WCML'", "39O"];

    private static int _made;

    public static Gen<ScopeWorld> Any(int trains, int moves, int scopes) =>
        from fleet in Gen.ArrayOf(Identity(), trains)
        from moved in Gen.ArrayOf(Gen.Zip(Gen.Choose(0, trains - 1), Identity()), moves)
        from users in Gen.ArrayOf(AnyScope(), scopes)
        let name = $"w{Interlocked.Increment(ref _made):x}"
        select new ScopeWorld(
            name,
            [.. fleet.Select((train, i) => train with { Id = $"{name}-t{i}_" })],
            [.. moved.Select(move => move.Item2 with { Id = $"{name}-t{move.Item1}_" })],
            users);

    public static Gen<Scope> AnyScope() =>
        from depots in Dimension(Depots)
        from lines in Dimension(Lines)
        from classes in Dimension(Classes)
        select new Scope(depots, lines, classes);

    private static Gen<TrainIdentity> Identity() =>
        from depot in Gen.Elements(Depots)
        from line in Gen.Elements(Lines)
        from name in Gen.Elements(Classes)
        select new TrainIdentity("", depot, line, name);

    // All, none, some, some that do not exist: "all" most often, or three narrow dimensions would leave nothing to see.
    private static Gen<FrozenSet<string>?> Dimension(string[] names) =>
        Gen.Frequency(
            (5, Gen.Constant<FrozenSet<string>?>(null)),
            (1, Gen.Constant<FrozenSet<string>?>(FrozenSet<string>.Empty)),
            (5, Gen.ArrayOf(Gen.Elements(names)).Select(some => (FrozenSet<string>?)some.ToFrozenSet(StringComparer.Ordinal))),
            (1, Gen.ArrayOf(Gen.Elements([.. names, .. Foreign])).Select(some => (FrozenSet<string>?)some.ToFrozenSet(StringComparer.Ordinal))));
}
