using OpsPortal.Core.Access;

namespace OpsPortal.Tests.Access;

/// <summary>One way on which something about trains reaches a user.</summary>
/// <param name="Ask">Asks in the user's name; gives what came, as ids.</param>
/// <param name="Expected">What must come, no more and no less.</param>
internal sealed record ScopePath<THouse>(string Name, Func<THouse, User, ScopeWorld, Task<IEnumerable<string>>> Ask, Func<ScopeWorld, Scope, IEnumerable<string>> Expected)
{
    /// <summary>Throws when a thing outside the scope came, or one inside did not.</summary>
    public async Task CheckAsync(THouse house, Scope scope, ScopeWorld world)
    {
        var user = new User($"{world.Name}:{scope.Key}", "Property", new HashSet<Role> { Role.Operator }, scope);
        var (came, expected) = ((await Ask(house, user, world)).Where(id => id.StartsWith(world.Name + "-", StringComparison.Ordinal)).ToHashSet(), Expected(world, scope).ToHashSet());
        if (!came.SetEquals(expected))
        {
            throw new ScopeBrokenException($"{Name}, scope {scope.Key}: outside but shown: {string.Join(' ', came.Except(expected))}; inside but missing: {string.Join(' ', expected.Except(came))}\n{world}");
        }
    }
}

/// <summary>A path showed what it must not, or kept back what it must show.</summary>
internal sealed class ScopeBrokenException(string message) : Exception(message);
