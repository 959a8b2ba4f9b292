using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;

namespace OpsPortal.Tokens;

/// <summary>A token just made: the only moment at which its secret can be read.</summary>
internal sealed record MadeToken(PersonalToken Token, string Secret);

/// <summary>Makes, lists and revokes personal tokens. What cannot be audited is not done.</summary>
internal sealed class TokenDesk(IPersonalTokenStore store, IAuditLog audit, IOptions<TokenOptions> options, TimeProvider time)
{
    /// <summary>Longest name, in characters.</summary>
    public const int LongestName = 60;

    private const int Most = 1_000;

    public TokenOptions Options => options.Value;

    /// <summary>Makes a token, or says by field what is wrong.</summary>
    public async Task<(MadeToken? Made, string? Field, string? Wrong)> MakeAsync(User maker, string? name, TimeSpan? validFor, CallerTrace trace, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        var (called, lasts) = (name?.Trim() ?? "", validFor ?? Options.Longest);
        if (ShownName.Wrong(called, LongestName) is { } wrong)
        {
            return (null, "name", wrong);
        }

        if (lasts <= TimeSpan.Zero || lasts > Options.Longest)
        {
            return (null, "days", string.Create(CultureInfo.InvariantCulture, $"Must be more than 0 and at most {Options.Longest.TotalDays:0.##} days."));
        }

        if ((await store.FindAsync(maker.Id, Most, cancellationToken)).Count(token => token.HoldsAt(now)) >= Options.MostPerUser)
        {
            return (null, "name", $"You have {Options.MostPerUser} tokens that hold; revoke one first.");
        }

        var (id, secret) = (Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8)), BearerSecret.OfPerson.New());
        var token = new PersonalToken(id, maker.Id, maker.Name, called, now, now + lasts, null, null, null);
        await AuditAsync(maker, "makeToken", token, trace, cancellationToken);
        await store.KeepAsync(token, BearerSecret.Hash(secret), cancellationToken);
        return (new MadeToken(token, secret), null, null);
    }

    /// <summary>Tokens the user may see: their own, or all for who may end sessions.</summary>
    public Task<IReadOnlyList<PersonalToken>> FindAsync(User user, bool all, CancellationToken cancellationToken) =>
        store.FindAsync(all && user.May(Verb.EndSessions) ? null : user.Id, Most, cancellationToken);

    /// <summary>Whether there is such a token and it is the user's own.</summary>
    public async Task<bool> IsOwnAsync(User user, string id, CancellationToken cancellationToken) => (await store.GetAsync(id, cancellationToken))?.MakerId == user.Id;

    /// <summary>Revokes one's own token, or anybody's for who may end sessions.</summary>
    /// <returns>False when there is no such token, or it is none of the user's business: the two look the same.</returns>
    public async Task<bool> RevokeAsync(User user, string id, CallerTrace trace, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(id, cancellationToken) is not { } token || (token.MakerId != user.Id && !user.May(Verb.EndSessions)))
        {
            return false;
        }

        await AuditAsync(user, "revokeToken", token, trace, cancellationToken);
        await store.RevokeAsync(id, user.Name, time.GetUtcNow(), cancellationToken);
        return true;
    }

    private Task AuditAsync(User user, string act, PersonalToken token, CallerTrace trace, CancellationToken cancellationToken) =>
        audit.AppendAsync(
            new AuditEntry(time.GetUtcNow(), user.Name, act, token.Id, trace.From, "ok", string.Create(CultureInfo.InvariantCulture, $"“{token.Name}” of {token.MakerName}, until {token.ExpiresAt.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}"), trace.Correlation),
            cancellationToken);
}

/// <summary>Where an act came from, for the audit log.</summary>
internal sealed record CallerTrace(string? From, string Correlation)
{
    public static CallerTrace Of(HttpContext context) => new(context.Connection.RemoteIpAddress?.ToString(), Correlations.Present ?? context.TraceIdentifier);
}
