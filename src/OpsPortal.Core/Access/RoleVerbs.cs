using System.Collections.Frozen;

namespace OpsPortal.Core.Access;

/// <summary>The one table of what each role may do.</summary>
public static class RoleVerbs
{
    private static readonly FrozenDictionary<Role, FrozenSet<Verb>> Table = new Dictionary<Role, FrozenSet<Verb>>
    {
        [Role.Executive] = [Verb.Read, Verb.PlantFault],
        [Role.Business] = [Verb.Read, Verb.PlantFault],
        [Role.Engineer] = [Verb.Read, Verb.PlantFault],
        [Role.DataScientist] = [Verb.Read, Verb.PlantFault],
        [Role.Operator] = [Verb.Read, Verb.PlantFault, Verb.Acknowledge],
        [Role.Supervisor] = [Verb.Read, Verb.PlantFault, Verb.Acknowledge],
        [Role.Administrator] = [Verb.Read, Verb.PlantFault, Verb.ReadAudit],
    }.ToFrozenDictionary();

    /// <summary>Verbs the role gives.</summary>
    public static FrozenSet<Verb> Of(Role role) => Table[role];
}
