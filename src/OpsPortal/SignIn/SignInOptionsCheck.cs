using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Door;

namespace OpsPortal.SignIn;

/// <summary>What the attributes cannot say: modes, names of roles, and what a mode needs beside it.</summary>
internal sealed class SignInOptionsCheck(IConfiguration configuration) : IValidateOptions<SignInOptions>
{
    public ValidateOptionsResult Validate(string? name, SignInOptions options)
    {
        var wrong = Wrong(options).ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private IEnumerable<string> Wrong(SignInOptions options)
    {
        if (!SignInOptions.Modes.Contains(options.Mode))
        {
            yield return $"SignIn:Mode is \"{options.Mode}\"; use one of {string.Join(", ", SignInOptions.Modes)}.";
        }

        // A misspelt mode must not leave the door on "no names are checked".
        if (options.Mode != SignInOptions.Personas && !configuration.GetSection($"{DoorOptions.Section}:{nameof(DoorOptions.Hosts)}").GetChildren().Any(host => !string.IsNullOrEmpty(host.Value)))
        {
            yield return $"Door:Hosts: must name the hosts the portal answers to with SignIn:Mode \"{options.Mode}\", such as Door:Hosts:0=ops.example.";
        }

        foreach (var role in options.Roles.Keys.Where(role => !RoleNames.TryRead(role, out _)))
        {
            yield return $"SignIn:Roles:{role}: is no role. Use one of {string.Join(", ", Enum.GetNames<Role>())}, each with a list of claim values.";
        }

        foreach (var role in options.Roles.Where(role => role.Value is null || role.Value.Length == 0 || role.Value.Any(string.IsNullOrWhiteSpace)).Select(role => role.Key))
        {
            yield return $"SignIn:Roles:{role}: needs a list of claim values, such as SignIn:Roles:{role}:0=ops-desk.";
        }

        if (options.IdleFor > options.Lifetime)
        {
            yield return "SignIn:IdleFor: must not be longer than SignIn:Lifetime.";
        }

        if (!string.IsNullOrEmpty(options.ScopeFile) && ScopeFile.ProblemOf(options.ScopeFile) is { } problem)
        {
            yield return $"SignIn:ScopeFile: {problem}";
        }
    }
}

/// <summary>Roles by their exact names: numbers are none.</summary>
internal static class RoleNames
{
    public static bool TryRead(string text, out Role role) => Enum.TryParse(text, out role) && Enum.GetNames<Role>().Contains(text);
}
