using OpsPortal.Api;
using OpsPortal.Core.Access;

namespace OpsPortal.SignIn;

/// <summary>Who is signed in, what they may do and see.</summary>
/// <param name="Csrf">Value of the header X-CSRF for calls that stand on the cookie.</param>
internal sealed record MeJson(string Id, string Name, IReadOnlyList<string> Roles, IReadOnlyList<string> Verbs, ScopeJson Scope, string Csrf, DateTimeOffset ExpiresAt);

/// <summary>What a user may see; null means all.</summary>
internal sealed record ScopeJson(IReadOnlyList<string>? Depots, IReadOnlyList<string>? Lines, IReadOnlyList<string>? Classes);

internal static class MeEndpoints
{
    public static void MapMe(this IEndpointRouteBuilder api) =>
        api.MapGet("/me", Get).WithTags("Sign-in").WithSummary("Who is signed in, with roles, verbs and scope.").Produces<MeJson>();

    private static MeJson Get(HttpContext context)
    {
        var identity = context.User.FindIdentity()!;
        var user = identity.User;
        return new MeJson(
            user.Id,
            user.Name,
            SignInEndpoints.RoleNames(user),
            [.. Enum.GetValues<Verb>().Where(user.May).Select(WireJson.Word)],
            new ScopeJson(Sorted(user.Scope.Depots), Sorted(user.Scope.Lines), Sorted(user.Scope.Classes)),
            identity.AntiforgeryToken,
            identity.ExpiresAt);
    }

    private static string[]? Sorted(IEnumerable<string>? texts) => texts is null ? null : [.. texts.Order(StringComparer.Ordinal)];
}
