using System.ComponentModel;
using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;

namespace OpsPortal.Parts;

/// <summary>
/// Looks at the whole configuration before anything starts and finds every mistake at once, each with its key: keys that
/// nobody reads, values of the wrong type, values out of range, and what the options' own checks refuse.
/// </summary>
internal static partial class ConfigurationCheck
{
    private static readonly string[] SecretNames = ["secret", "password", "token", "key", "credential"];

    /// <summary>All mistakes; empty when there are none.</summary>
    /// <param name="services">What was registered: every options type of this product that is validated is looked at.</param>
    public static IReadOnlyList<string> Find(IServiceCollection services, IServiceProvider provider, IConfiguration configuration)
    {
        var mistakes = new List<string>(UnknownSections.Find(configuration));
        foreach (var type in OptionsTypes(services))
        {
            var section = configuration.GetSection(SectionOf(type));
            var wrong = UnknownKeys(type, section).Concat(WrongTypes(type, section)).ToList();
            mistakes.AddRange(wrong.Count > 0 ? wrong : Refused(type, section.Path, provider));
        }

        return [.. mistakes.Distinct()];
    }

    /// <summary>Names of all sections that the product reads.</summary>
    public static IReadOnlyList<string> Sections(IServiceCollection services) => [.. OptionsTypes(services).Select(SectionOf)];

    /// <summary>Whether a value may be a secret, by its key and how it looks: then it is not repeated anywhere.</summary>
    public static bool MayBeSecret(string name, string value) =>
        value.Contains('@', StringComparison.Ordinal) || SecretNames.Any(secret => name.Contains(secret, StringComparison.OrdinalIgnoreCase));

    private static IEnumerable<Type> OptionsTypes(IServiceCollection services) =>
        services.Select(service => service.ServiceType)
            .Where(type => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IValidateOptions<>))
            .Select(type => type.GetGenericArguments()[0])
            .Where(type => type.Namespace!.StartsWith("OpsPortal", StringComparison.Ordinal) && SectionOf(type).Length > 0)
            .Distinct();

    /// <summary>The section that options of this type are read from; empty for other types.</summary>
    public static string SectionOf(Type type) => (string?)type.GetField("Section", BindingFlags.Public | BindingFlags.Static)?.GetRawConstantValue() ?? "";

    private static IEnumerable<string> UnknownKeys(Type type, IConfigurationSection section)
    {
        var known = type.GetProperties().Select(property => property.Name).ToList();
        return section.GetChildren().Where(child => !known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            .Select(child => $"{child.Path}: nobody reads this key. {section.Path} has: {string.Join(", ", known)}.");
    }

    private static IEnumerable<string> WrongTypes(Type type, IConfigurationSection section)
    {
        foreach (var property in type.GetProperties())
        {
            var wanted = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (section[property.Name] is not { Length: > 0 } value || (!wanted.IsValueType && wanted != typeof(Uri)))
            {
                continue;
            }

            if (!Converts(wanted, value))
            {
                yield return $"{section.Path}:{property.Name}: {Shown(property.Name, value)} is not {InWords(wanted)}.";
            }
        }
    }

    // A mistake is printed where many can read: what may be a secret is not repeated.
    private static string Shown(string name, string value) =>
        MayBeSecret(name, value) ? "the value given" : $"\"{value}\"";

    private static bool Converts(Type wanted, string value)
    {
        try
        {
            return TypeDescriptor.GetConverter(wanted).ConvertFromInvariantString(value) is not null;
        }
        catch (Exception e) when (e is FormatException or ArgumentException or NotSupportedException or OverflowException or InvalidCastException)
        {
            return false;
        }
    }

    private static IEnumerable<string> Refused(Type type, string section, IServiceProvider provider)
    {
        try
        {
            _ = typeof(IOptions<>).MakeGenericType(type).GetProperty("Value")!.GetValue(provider.GetRequiredService(typeof(IOptions<>).MakeGenericType(type)));
            return [];
        }
        catch (TargetInvocationException e) when (e.InnerException is OptionsValidationException refused)
        {
            return refused.Failures.Select(failure => Plain(failure, section));
        }
        catch (TargetInvocationException e) when (e.InnerException is InvalidOperationException wrong)
        {
            return [wrong.Message];
        }
    }

    // "DataAnnotation validation failed for 'X' members: 'Y' with the error: 'Z'." → "Section:Y: Z"
    private static string Plain(string failure, string section) =>
        Annotation().Match(failure) is { Success: true } match
            ? string.Create(CultureInfo.InvariantCulture, $"{section}:{match.Groups["member"].Value}: {match.Groups["error"].Value}")
            : failure;

    private static string InWords(Type type) => type switch
    {
        _ when type == typeof(TimeSpan) => "a time span such as 00:00:30 or 7.00:00:00",
        _ when type == typeof(bool) => "true or false",
        _ when type.IsEnum => $"one of {string.Join(", ", Enum.GetNames(type))}",
        _ when type == typeof(double) || type == typeof(decimal) || type == typeof(float) => "a number",
        _ when type.IsPrimitive => "a whole number, or it is too large",
        _ => $"a {type.Name}",
    };

    [GeneratedRegex("^DataAnnotation validation failed for '.*' members: '(?<member>.*)' with the error: '(?<error>.*)'\\.?$", RegexOptions.Singleline)]
    private static partial Regex Annotation();
}
