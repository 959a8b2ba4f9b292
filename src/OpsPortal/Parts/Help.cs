namespace OpsPortal.Parts;

/// <summary>What <c>--help</c> says.</summary>
internal static class Help
{
    private const string Text = """
        OpsPortal: an operations portal for a fleet of connected trains.

        Usage: dotnet run --project src/OpsPortal [-- --Key=value …]      or, published:  OpsPortal [--Key=value …]

               OpsPortal health-check [--Urls=…]      asks the running process whether it is ready; for containers
               OpsPortal audit-verify [--Data:Folder=…]   says whether the audit is what was written: ends with 0 intact, 1 broken, 2 it cannot be told

        Without any key: everything in one process on http://localhost:5080, embedded stores in ./data, simulated trains.
        Every key of appsettings.json can be given; the ones most used:

          --Urls=http://localhost:5081        another address (loopback only while SignIn:Mode is Personas)
          --SignIn:Mode=OpenIdConnect         people sign in at an identity provider: keys OpenIdConnect:… and Door:Hosts:0
          --Parts=Portal,Detector             what this process does: any of Portal, Detector, Trains
          --Data:Folder=/var/lib/opsportal    where the stores are
          --Trains:Count=200                  simulated trains
          --Trains:Speed=60                   faster than real time, until the real time is reached
          --Trains:FaultsPerHour=60           faults planted by chance in the whole fleet
          --Trains:Recordings:0=FILE.csv      a recording played beside the fleet
          --Trains:Dirt:Duplicates=5          messages spoilt on purpose, per 1,000 (kinds: appsettings.json)

        The same keys work as environment variables with two underscores: Trains__Count=200.
        Relative paths count from the folder the process runs in; `dotnet run` runs it in the repository's root.
        """;

    /// <summary>Prints the help when it was asked for.</summary>
    /// <returns>True when it was, and there is nothing else to do.</returns>
    public static bool WasAskedFor(string[] args)
    {
        if (!args.Any(arg => arg is "--help" or "-h" or "-?" or "/?"))
        {
            return false;
        }

        Console.WriteLine(Text);
        return true;
    }
}
