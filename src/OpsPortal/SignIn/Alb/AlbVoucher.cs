using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Sessions;
using OpsPortal.SignIn.OpenId;

namespace OpsPortal.SignIn.Alb;

/// <summary>
/// Reads what the load balancer says of a person: the header <c>x-amzn-oidc-data</c>, signed with ES256. It counts in this mode only, signed by a
/// named load balancer only. A session holds only together with it: each request must bring it, about the same person with the same rights.
/// </summary>
internal sealed class AlbVoucher(AlbKeys keys, ClaimsReader reader, IOptions<AlbOptions> options, TimeProvider time)
{
    public const string Header = "x-amzn-oidc-data";

    private const int Longest = 64 * 1024;

    /// <summary>Cookies of the load balancer, which signing out takes away.</summary>
    public static IEnumerable<string> Cookies => Enumerable.Range(0, 4).Select(part => $"AWSELBAuthSessionCookie-{part}");

    /// <summary>The person of the request.</summary>
    /// <exception cref="SignInRefusedException">The header is none, or the person has no role here.</exception>
    public async Task<User> ReadAsync(HttpRequest request, CancellationToken cancellationToken) => Read(await ClaimsAsync(request, cancellationToken));

    /// <summary>What the load balancer now says of the session's user.</summary>
    public async Task<AlbWord> AskAsync(HttpRequest request, User user, CancellationToken cancellationToken)
    {
        try
        {
            var claims = await ClaimsAsync(request, cancellationToken);
            return IdOf(claims) != user.Id ? AlbWord.OfAnother : SessionDesk.SameRights(Read(claims), user) ? AlbWord.Same : AlbWord.Changed;
        }
        catch (SignInRefusedException e)
        {
            // Whom the header gives no role is spoken of all the same; where the scope cannot be told, that is our own file's fault.
            return e.Trouble == SignInTrouble.NoRole ? AlbWord.Changed : AlbWord.None;
        }
    }

    private string IdOf(JsonElement claims) => $"{options.Value.Issuer}|{ProviderTokenCheck.Subject(claims)}";

    private User Read(JsonElement claims) => reader.Read(claims, options.Value.Names, options.Value.Issuer!, ProviderTokenCheck.Subject(claims));

    private async Task<JsonElement> ClaimsAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var header = request.Headers[Header];
        if (header.Count != 1 || header.ToString() is not { Length: > 0 and <= Longest } text || text.Split('.') is not [var head, var claims, var signature])
        {
            throw Refused("is not there, or no token");
        }

        var says = Json(head);
        CheckHead(says);
        if (!Guid.TryParseExact(ClaimsReader.Text(says, "kid"), "D", out var id) || await keys.FindAsync(id, cancellationToken) is not { } key)
        {
            throw Refused("is signed with a key that the region does not know");
        }

        // Load balancers pad their base64, and sign it so.
        if (Bytes(signature) is not { Length: 64 } proof || !key.VerifyData(Encoding.ASCII.GetBytes($"{head}.{claims}"), proof, HashAlgorithmName.SHA256))
        {
            throw Refused("has another signature");
        }

        return Json(claims);
    }

    private void CheckHead(JsonElement head)
    {
        if (ClaimsReader.Text(head, "alg") != "ES256")
        {
            throw Refused("is not signed with ES256");
        }

        if (!options.Value.Signers.Contains(ClaimsReader.Text(head, "signer"), StringComparer.Ordinal))
        {
            throw Refused("is another load balancer's: Alb:Signers does not name it");
        }

        if (ClaimsReader.Text(head, "iss") != options.Value.Issuer || ClaimsReader.Text(head, "client") != options.Value.ClientId)
        {
            throw Refused("is of another issuer or for another client");
        }

        if (ProviderTokenCheck.Moment(head, "exp") is not { } ends || ends <= time.GetUtcNow() - options.Value.ClockSkew)
        {
            throw Refused("has expired");
        }
    }

    private static JsonElement Json(string part) => ProviderHttp.ReadObject(Encoding.UTF8.GetString(Bytes(part) ?? throw Refused("is no base64")), Header);

    private static byte[]? Bytes(string part)
    {
        var plain = part.TrimEnd('=').Replace('-', '+').Replace('_', '/');
        var bytes = new byte[plain.Length];
        return Convert.TryFromBase64String(plain.PadRight((plain.Length + 3) / 4 * 4, '='), bytes, out var written) ? bytes[..written] : null;
    }

    private static SignInRefusedException Refused(string why) => new(SignInTrouble.Failed, $"{Header} {why}.");
}

/// <summary>What a load balancer says of a session's user.</summary>
internal enum AlbWord
{
    /// <summary>The same as when the session was begun.</summary>
    Same,

    /// <summary>Nothing that counts: anybody can send a header, or none.</summary>
    None,

    /// <summary>It speaks of somebody else.</summary>
    OfAnother,

    /// <summary>They have other roles or another scope by now, or no role.</summary>
    Changed,
}
