using System.Net;
using Microsoft.Extensions.Options;

namespace OpsPortal.Door;

/// <summary>What the attributes cannot say: addresses, names and origins that are none.</summary>
internal sealed class DoorOptionsCheck : IValidateOptions<DoorOptions>
{
    public ValidateOptionsResult Validate(string? name, DoorOptions options)
    {
        var wrong = options.Proxies.Select((proxy, i) => (i, proxy)).Where(at => !IPNetwork.TryParse(at.proxy, out _) && !IPAddress.TryParse(at.proxy, out _))
            .Select(at => $"Door:Proxies:{at.i} is \"{at.proxy}\": give an address such as 10.0.0.5 or a network such as 10.0.0.0/16.")
            .Concat(options.Hosts.Select((host, i) => (i, host)).Where(at => Uri.CheckHostName(at.host.Trim('[', ']')) == UriHostNameType.Unknown)
                .Select(at => $"Door:Hosts:{at.i} is \"{at.host}\": give a host name without scheme and port, such as ops.example."))
            .Concat(options.AllowedOrigins.Select((origin, i) => (i, origin)).Where(at => !IsOrigin(at.origin))
                .Select(at => $"Door:AllowedOrigins:{at.i} is \"{at.origin}\": give scheme, name and port only, such as https://wall.example."))
            .ToList();
        return wrong.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(wrong);
    }

    private static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "https" or "http" && string.Equals(uri.GetLeftPart(UriPartial.Authority), text, StringComparison.OrdinalIgnoreCase);
}
