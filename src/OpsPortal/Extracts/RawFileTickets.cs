using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.Extensions.Options;

namespace OpsPortal.Extracts;

/// <summary>
/// What S3's presigned addresses are for files on this machine's disk: whoever holds the ticket reads one file until it ends. Signed
/// with the portal's own keys (see Keys), and sealed, so that it says nothing.
/// </summary>
internal sealed class RawFileTickets(IDataProtectionProvider protection, IOptions<ExtractOptions> options, TimeProvider time)
{
    private const int Longest = 1_000;

    private readonly IDataProtector _protector = protection.CreateProtector("OpsPortal.Extracts.RawFile");

    /// <summary>A ticket for one file of an extract, from now.</summary>
    public string Make(string extractId, long number)
    {
        var ends = (time.GetUtcNow() + options.Value.LinkFor).ToUnixTimeMilliseconds();
        return Base64Url.EncodeToString(_protector.Protect(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{extractId}|{number}|{ends}"))));
    }

    /// <summary>What the ticket is for; null when it was tampered with or has ended.</summary>
    public (string ExtractId, long Number)? Read(string ticket)
    {
        if (Open(ticket)?.Split('|') is not [var id, var number, var ends]
            || DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(ends, CultureInfo.InvariantCulture)) <= time.GetUtcNow())
        {
            return null;
        }

        return (id, long.Parse(number, CultureInfo.InvariantCulture));
    }

    private string? Open(string ticket)
    {
        // Only the one spelling that was given out: base64 has others for the same bytes.
        if (ticket.Length > Longest || !Base64Url.IsValid(ticket) || Base64Url.DecodeFromChars(ticket) is var bytes && Base64Url.EncodeToString(bytes) != ticket)
        {
            return null;
        }

        try
        {
            return Encoding.UTF8.GetString(_protector.Unprotect(bytes));
        }
        catch (CryptographicException)
        {
            return null;
        }
    }
}
