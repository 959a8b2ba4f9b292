using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OpsPortal.Core.Access;

/// <summary>One sign-in, kept on our side: the browser or script holds nothing but its id.</summary>
/// <param name="ExpiresAt">Absolute: use does not prolong it.</param>
public sealed record Session(User User, DateTimeOffset StartedAt, DateTimeOffset ExpiresAt)
{
    /// <summary>The id's <see cref="SessionId.Hash"/>: names the session without opening it. Filled by the store.</summary>
    public string Key { get; init; } = "";

    /// <summary>When the person last did something, to the minute.</summary>
    public DateTimeOffset UsedAt { get; init; } = StartedAt;

    /// <summary>Ends then unless it is used before.</summary>
    public DateTimeOffset IdleAt { get; init; } = ExpiresAt;

    /// <summary>When the person last proved who they are: at the provider that may be long before the session.</summary>
    public DateTimeOffset AuthenticatedAt { get; init; } = StartedAt;

    /// <summary>Address it was begun from, for its owner to know it by.</summary>
    public string? From { get; init; }

    /// <summary>What the browser called itself, shortened.</summary>
    public string? Agent { get; init; }

    /// <summary>What ties it to an identity provider; null for personas.</summary>
    public ProviderSession? Provider { get; init; }

    /// <summary>Whether it still opens anything at that moment.</summary>
    public bool HoldsAt(DateTimeOffset now) => ExpiresAt > now && IdleAt > now;
}

/// <summary>The provider's side of a session.</summary>
/// <param name="SessionId">The provider's own name of its session (<c>sid</c>), where it gives one.</param>
/// <param name="Sealed">Refresh token and id_token, encrypted; they never leave our side.</param>
/// <param name="CheckAt">When the provider is to be asked again whether the person may still come in.</param>
public sealed record ProviderSession(string Issuer, string Subject, string? SessionId, string Sealed, DateTimeOffset CheckAt);

/// <summary>Sessions by id. Whoever holds the id is the user, so adapters keep only <see cref="SessionId.Hash"/> of it.</summary>
public interface ISessionStore
{
    /// <summary>Keeps a new session; returns only when it would survive a restart.</summary>
    Task KeepAsync(string id, Session session, CancellationToken cancellationToken);

    /// <summary>The session, or null when unknown, ended, idle too long or expired: all look the same.</summary>
    Task<Session?> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>The same by key: for looking after a session, not for opening it.</summary>
    Task<Session?> GetByKeyAsync(string key, CancellationToken cancellationToken);

    /// <summary>Sessions that hold, newest first: of one user, or of all where it is null.</summary>
    Task<IReadOnlyList<Session>> FindAsync(string? userId, int limit, CancellationToken cancellationToken);

    /// <summary>How many sessions of the user hold.</summary>
    Task<int> CountAsync(string userId, CancellationToken cancellationToken);

    /// <summary>How many sessions that were begun from the address hold.</summary>
    Task<int> CountFromAsync(string address, CancellationToken cancellationToken);

    /// <summary>Notes that the person did something, and until when the session now holds without more of it.</summary>
    Task NoteUseAsync(string key, DateTimeOffset usedAt, DateTimeOffset idleAt, CancellationToken cancellationToken);

    /// <summary>Takes it upon the caller to ask the provider: true for one caller of all nodes each time it is due.</summary>
    Task<bool> TryClaimCheckAsync(string key, DateTimeOffset now, DateTimeOffset next, CancellationToken cancellationToken);

    /// <summary>Puts what the provider now says in place of what it said before; a session that has ended stays ended.</summary>
    Task RenewAsync(string key, User user, ProviderSession provider, CancellationToken cancellationToken);

    /// <summary>Ends the session; an unknown one is no error.</summary>
    /// <param name="key">The id's <see cref="SessionId.Hash"/>: ending needs no right to use.</param>
    Task EndAsync(string key, CancellationToken cancellationToken);

    /// <summary>Ends the sessions of a provider's user, or of one session of theirs there; where both are named also those of the user that the provider gave no name.</summary>
    /// <returns>Those ended.</returns>
    Task<IReadOnlyList<Session>> EndOfProviderAsync(string issuer, string? subject, string? sessionId, CancellationToken cancellationToken);
}

/// <summary>Small things that are good for one time, on whichever node they are shown: sent tokens, tickets.</summary>
public interface IOneTimeNotes
{
    /// <summary>Keeps the note; false when one of that name was kept before and is not over yet.</summary>
    Task<bool> TryKeepAsync(string name, string text, DateTimeOffset until, CancellationToken cancellationToken);

    /// <summary>Gives the note's text and forgets it; null when there is none.</summary>
    Task<string?> TakeAsync(string name, CancellationToken cancellationToken);
}

/// <summary>Opaque ids of sessions: 256 random bits.</summary>
public static class SessionId
{
    private const int Bytes = 32;

    /// <summary>A new id that nobody can guess.</summary>
    public static string New() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>Whether the text can be an id at all; anything else need not be looked up.</summary>
    public static bool IsWellFormed(string text) => text.Length == 43 && Base64Url.IsValid(text);

    /// <summary>What may be kept of an id.</summary>
    public static string Hash(string id) => Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(id)));

    /// <summary>The session's antiforgery token: known only to those who may read the session's own answers.</summary>
    public static string AntiforgeryToken(string id) => Base64Url.EncodeToString(HMACSHA256.HashData(Encoding.ASCII.GetBytes(id), "antiforgery"u8));
}
