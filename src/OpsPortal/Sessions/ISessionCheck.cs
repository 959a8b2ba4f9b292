using OpsPortal.Core.Access;

namespace OpsPortal.Sessions;

/// <summary>Asks whoever vouched for a session's user whether they still do.</summary>
internal interface ISessionCheck
{
    /// <summary>How often one session is asked about.</summary>
    TimeSpan Every { get; }

    /// <summary>Asks now. Who cannot be asked has changed nothing.</summary>
    Task<SessionVerdict> AskAsync(Session session, CancellationToken cancellationToken);
}

/// <summary>What came of asking.</summary>
/// <param name="Why">Set when the session is over, for the audit log.</param>
/// <param name="User">Set when the answer was new: who they are now.</param>
internal sealed record SessionVerdict(string? Why, User? User, ProviderSession? Provider)
{
    public static SessionVerdict Unchanged { get; } = new(null, null, null);

    public static SessionVerdict Over(string why) => new(why, null, null);

    public static SessionVerdict Renewed(User user, ProviderSession provider) => new(null, user, provider);
}
