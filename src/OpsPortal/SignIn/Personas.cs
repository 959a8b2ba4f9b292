using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using OpsPortal.Core.Access;

namespace OpsPortal.SignIn;

/// <summary>The made-up people of the embedded default: a persona and a name are a user, two names are two people.</summary>
internal static class Personas
{
    /// <summary>Longest name, in characters.</summary>
    public const int LongestName = 60;

    private static readonly FrozenDictionary<string, Role> Roles = new Dictionary<string, Role>
    {
        ["executive"] = Role.Executive,
        ["operator"] = Role.Operator,
        ["supervisor"] = Role.Supervisor,
        ["engineer"] = Role.Engineer,
        ["data-scientist"] = Role.DataScientist,
        ["business"] = Role.Business,
        ["administrator"] = Role.Administrator,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Names of all personas, in the order in which they are offered.</summary>
    public static IReadOnlyList<string> Names { get; } = ["executive", "operator", "supervisor", "engineer", "data-scientist", "business", "administrator"];

    /// <summary>The user that persona and name stand for, or what is wrong with them by field.</summary>
    public static (User? User, Dictionary<string, string[]> Errors) Read(string? persona, string? name)
    {
        var errors = new Dictionary<string, string[]>();
        if (persona is null || !Roles.TryGetValue(persona, out var role))
        {
            errors["persona"] = [$"Must be one of {string.Join(", ", Names)}."];
            role = default;
        }

        var trimmed = name?.Trim() ?? "";
        if (WhatIsWrongWith(trimmed) is { } wrong)
        {
            errors["name"] = [wrong];
        }

        return errors.Count > 0
            ? (null, errors)
            : (new User($"persona:{persona}:{trimmed}", trimmed, new HashSet<Role> { role }.ToFrozenSet(), Scope.WholeFleet), errors);
    }

    private static string? WhatIsWrongWith(string name)
    {
        if (name.Length == 0 || name.EnumerateRunes().Count() > LongestName)
        {
            return $"Must have 1 to {LongestName} characters.";
        }

        // Format characters could turn the text around or hide in it: names stand in the audit log.
        return name.EnumerateRunes().Any(rune => rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned)
            ? "Must not hold control or invisible characters."
            : null;
    }
}
