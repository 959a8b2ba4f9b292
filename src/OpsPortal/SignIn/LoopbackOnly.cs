using System.Net;
using Microsoft.Extensions.Options;

namespace OpsPortal.SignIn;

/// <summary>Personas mode believes everybody, so nobody but this machine may reach it: refuses to start on any other address.</summary>
internal sealed class LoopbackOnly(IConfiguration configuration) : IValidateOptions<SignInOptions>
{
    public ValidateOptionsResult Validate(string? name, SignInOptions options)
    {
        if (options.Mode != SignInOptions.Personas)
        {
            return ValidateOptionsResult.Skip;
        }

        var open = Addresses().Where(address => !IsLoopbackAddress(address.Value)).ToList();
        return open.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(open.Select(address =>
                $"{address.Key} is \"{address.Value}\", which other machines can reach. SignIn:Mode \"{SignInOptions.Personas}\" lets anybody in and is allowed on loopback only: use http://localhost:5080, http://127.0.0.1:5080 or http://[::1]:5080."));
    }

    /// <summary>Whether a host name or address means this very machine and nothing else.</summary>
    public static bool IsLoopbackHost(string host) =>
        host.Equals("localhost", StringComparison.OrdinalIgnoreCase)
        || host.EndsWith(".localhost", StringComparison.OrdinalIgnoreCase)
        || (IPAddress.TryParse(host.Trim('[', ']'), out var address) && IPAddress.IsLoopback(address));

    /// <summary>Whether an address to listen on is loopback. The server takes any name but localhost for "all interfaces", so names do not count.</summary>
    public static bool IsLoopbackAddress(string address) =>
        BindingAddressHost(address) is { } host
        && (host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || (IPAddress.TryParse(host, out var ip) && IPAddress.IsLoopback(ip)));

    private static string? BindingAddressHost(string address)
    {
        try
        {
            return BindingAddress.Parse(address).Host.Trim('[', ']');
        }
        catch (FormatException)
        {
            return null;
        }
    }

    // All the ways in which the server is told where to listen.
    private IEnumerable<(string Key, string Value)> Addresses()
    {
        foreach (var url in Split("Urls"))
        {
            yield return ("Urls", url);
        }

        // Ports without an address stand for all interfaces; the server looks at them only where there are no addresses.
        foreach (var key in Split("Urls").Length > 0 ? [] : new[] { "HTTP_PORTS", "HTTPS_PORTS" })
        {
            foreach (var port in Split(key))
            {
                yield return (key, $"http://*:{port}");
            }
        }

        foreach (var endpoint in configuration.GetSection("Kestrel:Endpoints").GetChildren())
        {
            yield return ($"Kestrel:Endpoints:{endpoint.Key}:Url", endpoint["Url"] ?? "");
        }
    }

    private string[] Split(string key) =>
        configuration[key]?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
}
