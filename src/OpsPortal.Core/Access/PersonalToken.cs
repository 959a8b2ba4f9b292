using System.Collections.Frozen;

namespace OpsPortal.Core.Access;

/// <summary>A token that a user made for a script of theirs: it reads what its maker may read at the moment of use, and nothing more.</summary>
/// <param name="Id">Names the token without opening anything.</param>
/// <param name="MakerId">Id of the user it stands for.</param>
/// <param name="Name">What the maker calls it: "notebook on the lab machine".</param>
/// <param name="LastUsedAt">To the minute; null while it was never used.</param>
/// <param name="RevokedBy">Name of who revoked it; null while it holds.</param>
public sealed record PersonalToken(
    string Id, string MakerId, string MakerName, string Name, DateTimeOffset MadeAt, DateTimeOffset ExpiresAt, DateTimeOffset? LastUsedAt, DateTimeOffset? RevokedAt, string? RevokedBy)
{
    /// <summary>What a script may do with it, whatever its maker may.</summary>
    public static FrozenSet<Verb> Verbs { get; } = [Verb.Read, Verb.ReadReports];

    /// <summary>Whether it opens anything at that moment.</summary>
    public bool HoldsAt(DateTimeOffset now) => RevokedAt is null && ExpiresAt > now;
}

/// <summary>Personal tokens by the hash of their secret: the secret itself is shown once and kept nowhere.</summary>
public interface IPersonalTokenStore
{
    /// <summary>Keeps a new token; returns only when it would survive a restart.</summary>
    /// <param name="secretHash"><see cref="BearerSecret.Hash"/> of what the script will show.</param>
    Task KeepAsync(PersonalToken token, string secretHash, CancellationToken cancellationToken);

    /// <summary>The token with this secret, or null; also when it no longer holds.</summary>
    Task<PersonalToken?> FindBySecretAsync(string secretHash, CancellationToken cancellationToken);

    /// <summary>One token, or null.</summary>
    Task<PersonalToken?> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Tokens newest first: of one maker, or of all where it is null.</summary>
    Task<IReadOnlyList<PersonalToken>> FindAsync(string? makerId, int limit, CancellationToken cancellationToken);

    /// <summary>Revokes; one that was revoked before keeps its first time and name.</summary>
    Task RevokeAsync(string id, string by, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Notes that it was used.</summary>
    Task NoteUseAsync(string id, DateTimeOffset at, CancellationToken cancellationToken);
}

/// <summary>Users as last seen signed in: what a token may do is what its maker may do now, not what they could when they made it.</summary>
public interface IKnownUsers
{
    /// <summary>Keeps roles and scope in place of what was known, unless that was said later.</summary>
    /// <param name="at">When it was said of them.</param>
    Task NoteAsync(User user, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>The user, or null when never seen.</summary>
    Task<User?> GetAsync(string id, CancellationToken cancellationToken);
}
