using System.Collections.Frozen;

namespace OpsPortal.Core.Access;

/// <summary>The one table of what each role may do. It stands in the README too, held together by a test.</summary>
public static class RoleVerbs
{
    private static readonly Verb[] Everybody = [Verb.Read, Verb.PlantFault, Verb.MakeTokens, Verb.ReadReports, Verb.MailReports];

    private static readonly FrozenDictionary<Role, FrozenSet<Verb>> Table = new Dictionary<Role, FrozenSet<Verb>>
    {
        [Role.Executive] = [.. Everybody],
        [Role.Business] = [.. Everybody],
        [Role.Engineer] = [.. Everybody, Verb.RunQueries, Verb.MakeExtracts],
        [Role.DataScientist] = [.. Everybody, Verb.RunQueries, Verb.MakeExtracts, Verb.OverrideQueryGuard],
        [Role.Operator] = [.. Everybody, Verb.Acknowledge],
        [Role.Supervisor] = [.. Everybody, Verb.Acknowledge],
        [Role.Administrator] = [.. Everybody, Verb.ReadAudit, Verb.EndSessions, Verb.RunQueries, Verb.MakeExtracts, Verb.OverrideQueryGuard],
    }.ToFrozenDictionary();

    /// <summary>Verbs the role gives.</summary>
    public static FrozenSet<Verb> Of(Role role) => Table[role];
}
