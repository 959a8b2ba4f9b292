using System.Globalization;

namespace OpsPortal.Parts;

/// <summary>What <c>health-check</c> does: asks the process that runs with this configuration whether it is ready, for containers that have no other program to ask with.</summary>
internal static class HealthCheck
{
    private const string Word = "health-check";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(4);

    /// <summary>Asks when it was asked for.</summary>
    /// <returns>0 ready (also while a store is down: the pages say so), 1 not; null when it was not asked for.</returns>
    public static async Task<int?> RunWhenAskedForAsync(string[] args)
    {
        if (args is not [Word, ..])
        {
            return null;
        }

        var configuration = new ConfigurationBuilder().AddJsonFile("appsettings.json", optional: true).AddEnvironmentVariables().AddCommandLine(args[1..]).Build();
        using var client = new HttpClient { Timeout = Patience };
        try
        {
            using var answer = await client.GetAsync(Address(configuration["Urls"]));
            Console.WriteLine(await answer.Content.ReadAsStringAsync());
            return answer.IsSuccessStatusCode ? 0 : 1;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            Console.WriteLine(e.Message);
            return 1;
        }
    }

    /// <summary>The process's own address as seen from the same machine: "all interfaces" stands for loopback too.</summary>
    internal static Uri Address(string? urls)
    {
        var first = BindingAddress.Parse(urls?.Split(';')[0] ?? "http://localhost:5000");
        var host = first.Host is "+" or "*" or "0.0.0.0" or "[::]" ? "localhost" : first.Host;
        return new Uri(string.Create(CultureInfo.InvariantCulture, $"{first.Scheme}://{host}:{first.Port}/healthz/ready"));
    }
}
