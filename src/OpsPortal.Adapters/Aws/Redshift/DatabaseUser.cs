using System.Security.Cryptography;
using System.Text;
using OpsPortal.Core.Access;

namespace OpsPortal.Adapters.Aws.Redshift;

/// <summary>The database user that stands for an operator, and the groups its session is in.</summary>
/// <param name="Name">Fits Redshift's rules for names: lower-case letters, digits and _; short enough for PostgreSQL's 63 bytes with a query group before it.</param>
/// <param name="Groups">In order of name.</param>
internal sealed record DatabaseUser(string Name, IReadOnlyList<string> Groups)
{
    private const int Readable = 16;

    /// <summary>The same operator always has the same name, two operators never: what can be read of the id, and its hash.</summary>
    public static DatabaseUser Of(User user, RedshiftOptions options)
    {
        var readable = new string([.. user.Id.ToLowerInvariant().Where(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c)).Take(Readable)]);
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(user.Id)))[..16];
        var groups = options.Groups
            .Where(pair => Enum.TryParse<Role>(pair.Key, ignoreCase: true, out var role) && user.Roles.Contains(role))
            .Select(pair => pair.Value).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);
        return new DatabaseUser($"{options.UserPrefix}{readable}_{hash}", [.. groups]);
    }

    /// <summary>Equal for logins that may share connections: an operator whose groups changed gets new ones.</summary>
    public string Key => $"{Name} {string.Join(',', Groups)}";
}
