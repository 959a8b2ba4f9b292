using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;

namespace OpsPortal.SignIn;

/// <summary>From what a provider says of a person to a user of this portal: name, roles, scope.</summary>
internal sealed class ClaimsReader(IOptions<SignInOptions> options)
{
    private const int LongestName = 100;
    private const int MostValues = 10_000;

    private readonly FrozenDictionary<string, Role[]> _roles = RolesByValue(options.Value);

    /// <summary>Whether the claims say who may do what: otherwise the provider is asked for more.</summary>
    public static bool AreEnough(JsonElement claims, ClaimNames names) =>
        names.Roles.Any(name => Find(claims, name) is not null) && names.Name.Any(name => Text(claims, name) is not null) && names.Scope.Any(name => Find(claims, name) is not null);

    /// <summary>The user.</summary>
    /// <exception cref="SignInRefusedException">The person has no role here, or their scope cannot be told.</exception>
    public User Read(JsonElement claims, ClaimNames names, string issuer, string subject)
    {
        var values = names.Roles.SelectMany(name => Values(claims, name) ?? []).Distinct(StringComparer.Ordinal).Take(MostValues).ToList();
        var roles = values.SelectMany(value => _roles.GetValueOrDefault(value) ?? []).ToFrozenSet();
        if (roles.Count == 0)
        {
            throw new SignInRefusedException(SignInTrouble.NoRole, $"The provider says nothing of {subject} that gives a role here (SignIn:Roles).");
        }

        // Never by e-mail or name: those change hands, and a provider lets people choose them.
        return new User($"{issuer}|{subject}", Name(claims, names) ?? subject, roles, ScopeOf(claims, names, values));
    }

    private Scope ScopeOf(JsonElement claims, ClaimNames names, List<string> values)
    {
        var (depots, lines, classes) = (Set(claims, names.Depots), Set(claims, names.Lines), Set(claims, names.Classes));
        if (depots.IsSaid || lines.IsSaid || classes.IsSaid)
        {
            return new Scope(depots.Names, lines.Names, classes.Names);
        }

        try
        {
            if (options.Value.ScopeFile is { Length: > 0 } file && ScopeFile.Read(file).Find(values) is { } scope)
            {
                return scope;
            }
        }
        catch (Exception e) when (e is ScopesDoNotAddUpException or JsonException or IOException or UnauthorizedAccessException)
        {
            throw new SignInRefusedException(SignInTrouble.NoScope, e.Message);
        }

        return options.Value.WithoutScope == UnsaidScope.WholeFleet ? Scope.WholeFleet : new Scope(FrozenSet<string>.Empty, null, null);
    }

    // "*" is all, a list without a name is none; a claim that is not there says nothing.
    private static (bool IsSaid, FrozenSet<string>? Names) Set(JsonElement claims, IReadOnlyList<string> names)
    {
        var said = names.Select(name => Values(claims, name)).FirstOrDefault(found => found is not null);
        return (said is not null, said is null || said.Contains("*") ? null : said.ToFrozenSet(StringComparer.Ordinal));
    }

    private static string? Name(JsonElement claims, ClaimNames names)
    {
        var text = names.Name.Select(name => Text(claims, name)).FirstOrDefault(text => !string.IsNullOrWhiteSpace(text));
        return text is null ? null : Plain(text) is { Length: > 0 } plain ? plain : null;
    }

    /// <summary>The text without what turns it around or hides in it, and not too long: it stands in lists and in the audit log.</summary>
    public static string Plain(string text)
    {
        var plain = new StringBuilder();
        foreach (var rune in text.Trim().EnumerateRunes().Take(LongestName))
        {
            plain.Append(rune == Rune.ReplacementChar || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned ? "" : rune.ToString());
        }

        return plain.ToString().Trim();
    }

    /// <summary>A claim that is one text; null when it is not there or something else.</summary>
    public static string? Text(JsonElement claims, string name) => Find(claims, name) is { ValueKind: JsonValueKind.String } text ? Read(text) : null;

    /// <summary>A claim as a list: a JSON list, a text that holds one, names between commas, or one name. Null when it is not there.</summary>
    public static IReadOnlyList<string>? Values(JsonElement claims, string name) => Find(claims, name) switch
    {
        { ValueKind: JsonValueKind.Array } list => [.. list.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.String).Select(Read).OfType<string>().Take(MostValues)],
        { ValueKind: JsonValueKind.String } text => Read(text) is { } said ? Split(said) : null,
        _ => null,
    };

    // JSON may write half of a character; that is no text, and as good as not there.
    private static string? Read(JsonElement text)
    {
        try
        {
            return text.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private static string[] Split(string text)
    {
        if (text.StartsWith('['))
        {
            try
            {
                return [.. JsonSerializer.Deserialize<string?[]>(text)!.OfType<string>()];
            }
            catch (JsonException)
            {
                // No JSON after all: some providers write lists as [a, b].
                text = text.Trim('[', ']');
            }
        }

        return text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
    }

    // By its whole name first, for names that hold dots themselves; then as a way into objects: realm_access.roles.
    private static JsonElement? Find(JsonElement claims, string name)
    {
        if (claims.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        if (claims.TryGetProperty(name, out var found))
        {
            return found;
        }

        for (var dot = name.IndexOf('.', StringComparison.Ordinal); dot > 0; dot = name.IndexOf('.', dot + 1))
        {
            if (claims.TryGetProperty(name[..dot], out var inner) && Find(inner, name[(dot + 1)..]) is { } deeper)
            {
                return deeper;
            }
        }

        return null;
    }

    private static FrozenDictionary<string, Role[]> RolesByValue(SignInOptions options) =>
        (options.Roles.Count == 0 ? Enum.GetNames<Role>().ToDictionary(name => name, name => new[] { name }) : options.Roles)
            .SelectMany(role => role.Value.Select(value => (Value: value, Role: Enum.Parse<Role>(role.Key))))
            .GroupBy(pair => pair.Value, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.Select(pair => pair.Role).Distinct().ToArray(), StringComparer.Ordinal);
}

/// <summary>What the claims are called that say name, roles and scope; a dot leads into an object.</summary>
internal sealed record ClaimNames(IReadOnlyList<string> Name, IReadOnlyList<string> Roles, IReadOnlyList<string> Depots, IReadOnlyList<string> Lines, IReadOnlyList<string> Classes)
{
    /// <summary>Those of the scope.</summary>
    public IEnumerable<string> Scope => [.. Depots, .. Lines, .. Classes];
}
