using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization;
using OpsPortal.Core.Access;

namespace OpsPortal.SignIn;

/// <summary>
/// Which depots, lines and classes go with which value of the role claims, where the provider cannot say it itself:
/// <c>{"longsight-crew": {"depots": ["Longsight"]}, "control": {}}</c>. What is left out is "all", an empty list is "none".
/// </summary>
internal sealed class ScopeFile
{
    private const int Largest = 4 << 20;

    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        ReadCommentHandling = JsonCommentHandling.Skip,
        AllowTrailingCommas = true,
    };

    private readonly FrozenDictionary<string, Scope> _scopes;

    private ScopeFile(FrozenDictionary<string, Scope> scopes) => _scopes = scopes;

    /// <summary>Reads the file.</summary>
    public static ScopeFile Read(string path)
    {
        if (new FileInfo(path).Length > Largest)
        {
            throw new JsonException($"is larger than {Largest >> 20} MB.");
        }

        var entries = JsonSerializer.Deserialize<Dictionary<string, Entry?>>(File.ReadAllText(path), Json) ?? throw new JsonException("is empty.");
        return new ScopeFile(entries.ToFrozenDictionary(entry => entry.Key, entry => (entry.Value ?? throw new JsonException($"“{entry.Key}” needs an object.")).ToScope(), StringComparer.Ordinal));
    }

    /// <summary>What is wrong with the file, in words; null when nothing is.</summary>
    public static string? ProblemOf(string path)
    {
        try
        {
            Read(path);
            return null;
        }
        catch (Exception e) when (e is JsonException or IOException or UnauthorizedAccessException)
        {
            return $"{path} cannot be used: {e.Message}";
        }
    }

    /// <summary>The scope that the values give together; null when none is named.</summary>
    /// <exception cref="ScopesDoNotAddUpException">Two of them together are no scope: saying both would show more than either.</exception>
    public Scope? Find(IEnumerable<string> values) =>
        values.Where(_scopes.ContainsKey).Distinct(StringComparer.Ordinal).Select(value => _scopes[value]).Aggregate((Scope?)null, (all, next) => all is null ? next : Together(all, next));

    // A scope is depots × lines × classes. Two of them add up to one only where one holds the other, or where they differ in one list.
    private static Scope Together(Scope one, Scope other)
    {
        if (Holds(one, other))
        {
            return one;
        }

        if (Holds(other, one))
        {
            return other;
        }

        var differ = new[] { !Same(one.Depots, other.Depots), !Same(one.Lines, other.Lines), !Same(one.Classes, other.Classes) };
        return differ.Count(differs => differs) == 1
            ? new Scope(Union(one.Depots, other.Depots), Union(one.Lines, other.Lines), Union(one.Classes, other.Classes))
            : throw new ScopesDoNotAddUpException();
    }

    private static bool Holds(Scope outer, Scope inner) => Within(inner.Depots, outer.Depots) && Within(inner.Lines, outer.Lines) && Within(inner.Classes, outer.Classes);

    private static bool Within(FrozenSet<string>? inner, FrozenSet<string>? outer) => outer is null || (inner is not null && inner.IsSubsetOf(outer));

    private static bool Same(FrozenSet<string>? one, FrozenSet<string>? other) => Within(one, other) && Within(other, one);

    private static FrozenSet<string>? Union(FrozenSet<string>? one, FrozenSet<string>? other) => one is null || other is null ? null : one.Union(other).ToFrozenSet(StringComparer.Ordinal);

    private sealed record Entry(string[]? Depots, string[]? Lines, string[]? Classes)
    {
        public Scope ToScope() => new(Set(Depots), Set(Lines), Set(Classes));

        private static FrozenSet<string>? Set(string[]? names) => names?.ToFrozenSet(StringComparer.Ordinal);
    }
}

/// <summary>Entries of the scope file that apply to one person cannot be one scope.</summary>
internal sealed class ScopesDoNotAddUpException() : Exception("Entries of the scope file that apply to this person differ in more than one of depots, lines and classes: together they would show more than each. Give the person's group an entry of its own.");
