namespace OpsPortal.Core.Access;

/// <summary>What a user's job allows. One user may have several.</summary>
public enum Role
{
    Executive,
    Business,
    Engineer,
    DataScientist,
    Operator,
    Supervisor,
    Administrator,
}

/// <summary>Something a user may do.</summary>
public enum Verb
{
    /// <summary>Read fleet, trains, anomalies, alerts and health.</summary>
    Read,

    /// <summary>Acknowledge alerts, and so write to trains' shadows.</summary>
    Acknowledge,

    /// <summary>Plant a demonstration fault on a simulated train.</summary>
    PlantFault,

    /// <summary>Read the audit log.</summary>
    ReadAudit,

    /// <summary>Make personal tokens for scripts: they read, and no more than their maker.</summary>
    MakeTokens,

    /// <summary>See and end other users' sessions and personal tokens.</summary>
    EndSessions,

    /// <summary>Ask the warehouse in SQL, within one's scope.</summary>
    RunQueries,

    /// <summary>Make extracts of raw files and fetch them.</summary>
    MakeExtracts,

    /// <summary>Read reports: figures of the fleet within one's scope.</summary>
    ReadReports,

    /// <summary>Have reports sent by mail, again and again.</summary>
    MailReports,

    /// <summary>Run a query although it would read more than the guard lets through.</summary>
    OverrideQueryGuard,

    // A verb comes with the first endpoint that asks for it.
}

/// <summary>The signed-in person: who, in which roles, with which scope.</summary>
/// <param name="Id">Unique: issuer and subject, or persona and name.</param>
/// <param name="Name">As shown and audited.</param>
public sealed record User(string Id, string Name, IReadOnlySet<Role> Roles, Scope Scope)
{
    /// <summary>Where set, nothing but these, whatever the roles give: a script with a personal token.</summary>
    public IReadOnlySet<Verb>? OnlyVerbs { get; init; }

    /// <summary>Whether one of the user's roles gives the verb: see <see cref="RoleVerbs"/>.</summary>
    public bool May(Verb verb) => OnlyVerbs?.Contains(verb) != false && Roles.Any(role => RoleVerbs.Of(role).Contains(verb));
}
