using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace OpsPortal.Core.Access;

/// <summary>One sign-in, kept on our side: the browser or script holds nothing but its id.</summary>
/// <param name="ExpiresAt">Absolute: use does not prolong it.</param>
public sealed record Session(User User, DateTimeOffset StartedAt, DateTimeOffset ExpiresAt);

/// <summary>Sessions by id. Whoever holds the id is the user, so adapters keep only <see cref="SessionId.Hash"/> of it.</summary>
public interface ISessionStore
{
    /// <summary>Keeps a new session; returns only when it would survive a restart.</summary>
    Task KeepAsync(string id, Session session, CancellationToken cancellationToken);

    /// <summary>The session, or null when unknown, ended or expired: all look the same.</summary>
    Task<Session?> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>Ends the session; an unknown one is no error.</summary>
    /// <param name="key">The id's <see cref="SessionId.Hash"/>: ending needs no right to use.</param>
    Task EndAsync(string key, CancellationToken cancellationToken);
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
