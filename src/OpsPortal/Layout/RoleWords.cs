using System.Security.Claims;
using OpsPortal.Core.Access;

namespace OpsPortal.Layout;

/// <summary>Roles as people say them.</summary>
internal static class RoleWords
{
    /// <summary>All roles of the user, in words.</summary>
    public static string Of(ClaimsPrincipal user) =>
        string.Join(", ", user.FindAll(ClaimTypes.Role).Select(claim => Enum.TryParse<Role>(claim.Value, ignoreCase: true, out var role) ? Of(role) : claim.Value));

    /// <summary>One role in words.</summary>
    public static string Of(Role role) => role switch
    {
        Role.DataScientist => "Data scientist",
        Role.Engineer => "Train engineer",
        Role.Business => "Business user",
        Role.Executive => "Chief executive",
        _ => role.ToString(),
    };
}
