using OpsPortal.Core.Audit;
using OpsPortal.Core.Health;
using OpsPortal.Parts;

namespace OpsPortal.Audit;

/// <summary>What <c>audit-verify</c> does: holds the audit against its chain and heads, also on another machine and beside a running portal.</summary>
internal static class AuditVerify
{
    private const string Word = "audit-verify";

    /// <summary>Verifies when it was asked for.</summary>
    /// <param name="addStores">Adds the adapters that the configuration chooses.</param>
    /// <returns>0 intact, 1 broken, 2 it cannot be told; null when it was not asked for.</returns>
    public static async Task<int?> RunWhenAskedForAsync(string[] args, Action<IServiceCollection, IConfiguration> addStores)
    {
        var rest = args switch
        {
            [Word, .. var after] => after,
            ["audit", "verify", .. var after] => after,
            _ => null,
        };
        if (rest is null)
        {
            return null;
        }

        var configuration = new ConfigurationBuilder().AddJsonFile(Path.GetFullPath("appsettings.json"), optional: true).AddEnvironmentVariables().AddCommandLine(rest).Build();
        var services = new ServiceCollection();
        services.AddSingleton<IConfiguration>(configuration).AddSingleton(TimeProvider.System).AddLogging(logging => logging.AddSimpleConsole().SetMinimumLevel(LogLevel.Error));
        addStores(services, configuration);
        services.AddAuditSeal();
        await using var provider = services.BuildServiceProvider();
        if (ConfigurationCheck.Find(services, provider, configuration) is { Count: > 0 } mistakes)
        {
            return Starting.Refuse(mistakes);
        }

        var (heads, keyFile) = (provider.GetRequiredService<HeadsFolder>(), provider.GetRequiredService<HeadKeyFile>());
        if (MissingStore(configuration) is { } missing)
        {
            return Say(heads.FindLast() > 0 || heads.HoldsWitness ? 1 : 2, $"Broken: {missing}");
        }

        try
        {
            using var keys = keyFile.Read(makes: false);
            return await VerifyAsync(provider, heads, keys);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Say(2, $"There is no key to verify with at {keyFile.Path} (Audit:KeyFile). The portal makes it when it first starts.");
        }
        catch (Exception e) when (e is FormatException or IOException or UnauthorizedAccessException)
        {
            return Say(2, $"The key at {keyFile.Path} cannot be used: {e.Message}");
        }
    }

    private static async Task<int> VerifyAsync(IServiceProvider provider, HeadsFolder heads, HeadKeys keys)
    {
        try
        {
            var verification = new AuditVerification(provider.GetRequiredService<IAuditLog>(), heads, keys);
            var verdict = await verification.RunAsync(new Spoken(), CancellationToken.None);
            return Say(verdict.IsIntact ? 0 : 1, verdict.Words);
        }
        catch (StoreUnavailableException e)
        {
            return Say(2, e.Message);
        }
    }

    // Opening the embedded file would make it where it is missing.
    private static string? MissingStore(IConfiguration configuration)
    {
        var file = Path.Combine(Path.GetFullPath(configuration["Data:Folder"] ?? "data"), "operations.db");
        var embedded = configuration["Adapters:Operations"] is not { Length: > 0 } chosen || chosen.Equals("Embedded", StringComparison.OrdinalIgnoreCase);
        return embedded && !File.Exists(file) ? $"there is no audit: {file} is not there." : null;
    }

    private static int Say(int code, string words)
    {
        Console.WriteLine(words);
        return code;
    }

    // Not Progress<T>, which speaks later, from another thread.
    private sealed class Spoken : IProgress<long>
    {
        private const long Every = 100_000;

        public void Report(long value)
        {
            if (value > 0 && value % Every == 0)
            {
                Console.Error.WriteLine($"{value} rows …");
            }
        }
    }
}
