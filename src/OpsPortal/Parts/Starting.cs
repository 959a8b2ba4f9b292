using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Options;
using OpsPortal.SignIn;

namespace OpsPortal.Parts;

/// <summary>Starts the process, says where it is to be found and what is embedded, and explains a start that fails.</summary>
internal static class Starting
{
    /// <summary>Runs until stopped.</summary>
    /// <returns>The exit code: 0, or 2 when the configuration is wrong, 3 when the address is taken.</returns>
    public static async Task<int> RunToEndAsync(this WebApplication app, Part parts)
    {
        app.Lifetime.ApplicationStarted.Register(() => Announce(app, parts));
        try
        {
            await app.RunAsync();
            return 0;
        }
        catch (Exception e) when (ConfigurationException.MistakesIn(e) is { } mistakes)
        {
            return Refuse(mistakes);
        }
        catch (IOException e) when (e.InnerException is Microsoft.AspNetCore.Connections.AddressInUseException or SocketException)
        {
            await Console.Error.WriteLineAsync($"OpsPortal cannot start: {e.Message} Stop the other program, or choose another address with --Urls=http://localhost:5081");
            return 3;
        }
    }

    /// <summary>Prints every mistake of the configuration, as one list.</summary>
    public static int Refuse(IReadOnlyList<string> mistakes)
    {
        Console.Error.WriteLine($"OpsPortal cannot start: the configuration has {mistakes.Count} mistake{(mistakes.Count == 1 ? "" : "s")}.");
        foreach (var mistake in mistakes)
        {
            Console.Error.WriteLine($"  - {mistake}");
        }

        return 2;
    }

    private static void Announce(WebApplication app, Part parts)
    {
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()?.Addresses ?? [];
        var folder = Path.GetFullPath(app.Configuration["Data:Folder"] ?? "data");
        Console.WriteLine();
        Console.WriteLine($"  OpsPortal is ready: {string.Join("  ", addresses)}");
        Console.WriteLine($"  Parts: {parts}");
        Console.WriteLine($"  Stores: {Stores(app.Configuration)}; what is embedded is in {folder}");
        Console.WriteLine($"  Sign-in: {app.Services.GetRequiredService<IOptions<SignInOptions>>().Value.Mode switch
        {
            SignInOptions.OpenIdConnect => $"at {app.Configuration["OpenIdConnect:Authority"]}",
            SignInOptions.Alb => "by the load balancer in front",
            _ => "by personas, this machine only",
        }}");
        if (parts.HasFlag(Part.Trains))
        {
            Console.WriteLine("  Trains: simulated (see Trains in appsettings.json); the numbers are made up");
        }

        Console.WriteLine();
    }

    // Which adapter stands behind which port: as chosen, by the same keys.
    private static string Stores(IConfiguration configuration) =>
        string.Join(", ", new[] { ("operations", "Operations"), ("shadows", "Shadows"), ("warehouse", "Warehouse"), ("raw files", "RawFiles") }
            .Select(port => $"{port.Item1} {configuration[$"Adapters:{port.Item2}"] ?? "Embedded"}"));
}
