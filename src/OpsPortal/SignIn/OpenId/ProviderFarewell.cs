using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.WebUtilities;
using OpsPortal.Core.Access;

namespace OpsPortal.SignIn.OpenId;

/// <summary>
/// Signing out at the provider too. The browser is sent there by a ticket that is good once: the id_token that the provider wants
/// to see stays on our side until that moment.
/// </summary>
internal sealed class ProviderFarewell(ProviderMetadata metadata, ProviderProfile profile, SealedTokens seal, IOneTimeNotes notes, TimeProvider time)
{
    private const int TicketBytes = 32;
    private static readonly TimeSpan TicketLives = TimeSpan.FromMinutes(5);

    /// <summary>Whether a text can be a ticket.</summary>
    public static bool IsTicket(string? text) => text is { Length: 43 } && Base64Url.IsValid(text);

    /// <summary>A ticket for signing out at the provider; null when it has no address for that, or the session came from elsewhere.</summary>
    public async Task<string?> PrepareAsync(Session session, CancellationToken cancellationToken)
    {
        if (session.Provider is not { } provider || Address() is null)
        {
            return null;
        }

        var ticket = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(TicketBytes));
        await notes.TryKeepAsync(NameOf(ticket), provider.Sealed, time.GetUtcNow() + TicketLives, cancellationToken);
        return ticket;
    }

    /// <summary>Where the browser goes; null when the ticket is none, or was used.</summary>
    /// <param name="back">Where the provider sends it afterwards.</param>
    public async Task<string?> TakeAsync(string ticket, string back, CancellationToken cancellationToken) =>
        IsTicket(ticket) && Address() is { } address && await notes.TakeAsync(NameOf(ticket), cancellationToken) is { } text
            ? QueryHelpers.AddQueryString(address, profile.SignOutQuery(seal.Open(text)?.IdToken, back).Where(pair => pair.Value is not null))
            : null;

    private string? Address() => profile.Options.EndSessionEndpoint?.OriginalString ?? (metadata.Known?.EndSessionEndpoint is { Length: > 0 } address ? address : null);

    private static string NameOf(string ticket) => $"farewell {SessionId.Hash(ticket)}";
}
