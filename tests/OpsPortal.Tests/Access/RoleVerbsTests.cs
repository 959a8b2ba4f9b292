using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Access;

/// <summary>The table of roles and verbs is one: in code, at /api/me, and in the room's README.</summary>
public sealed class RoleVerbsTests
{
    [Fact]
    public void The_readme_says_what_each_role_may_do()
    {
        var text = File.ReadAllLines(Path.Combine(RunningProduct.Root, "src", "OpsPortal.Core", "Access", "README.md"));
        var written = text.Where(line => line.StartsWith("| ", StringComparison.Ordinal)).Select(line => line.Split('|', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            .Where(cells => Enum.TryParse<Role>(cells[0], out _)).ToDictionary(cells => Enum.Parse<Role>(cells[0]), cells => cells[1].Split(", ").Order().ToArray());

        Assert.Equal(Enum.GetValues<Role>().Order(), written.Keys.Order());
        Assert.All(written, row => Assert.Equal(RoleVerbs.Of(row.Key).Select(WireJson.Word).Order(), row.Value));
    }

    [Fact]
    public void Every_verb_is_somebodys() => Assert.All(Enum.GetValues<Verb>(), verb => Assert.Contains(Enum.GetValues<Role>(), role => RoleVerbs.Of(role).Contains(verb)));

    [Fact]
    public void A_narrowed_user_never_may_more_than_the_roles_give()
    {
        var user = new User("u", "U", new HashSet<Role> { Role.Engineer }, Core.Access.Scope.WholeFleet) { OnlyVerbs = new HashSet<Verb> { Verb.Read, Verb.Acknowledge } };

        Assert.Equal([Verb.Read], Enum.GetValues<Verb>().Where(user.May));
    }
}
