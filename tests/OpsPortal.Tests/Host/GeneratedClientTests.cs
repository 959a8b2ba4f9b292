using System.Diagnostics;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Host;

/// <summary>The description is complete enough that a client generated from it compiles, as strictly as can be, and works.</summary>
public sealed class GeneratedClientTests
{
    [Fact]
    public async Task A_client_generated_from_the_description_compiles_and_reads_the_fleet()
    {
        await using var product = await RunningProduct.StartAsync(("Trains:Count", "3"), ("Trains:FaultsPerHour", "0"), ("Trains:History", "00:00:30"));
        using var client = await product.SignInAsync("data-scientist", "Generated");
        var train = await Eventually.GetAsync("three trains", TimeSpan.FromMinutes(1), async () =>
        {
            var fleet = await (await client.GetAsync(new Uri("/api/fleet", UriKind.Relative))).JsonAsync();
            return fleet.TryGetProperty("items", out var items) && items.GetArrayLength() == 3 ? items[0].GetProperty("id").GetString() : null;
        });

        // Inside the repository, so that its node_modules are found.
        var folder = Directory.CreateDirectory(Path.Combine(RunningProduct.Root, "artifacts", "client", Guid.NewGuid().ToString("n"))).FullName;
        try
        {
            await File.WriteAllTextAsync(Path.Combine(folder, "openapi.json"), await client.GetStringAsync(new Uri("/openapi/v1.json", UriKind.Relative)));
            File.Copy(Path.Combine(RunningProduct.Root, "tests", "OpsPortal.Tests", "Host", "generated-client.ts"), Path.Combine(folder, "client.ts"));

            await RunAsync(folder, "openapi-typescript", "openapi.json", "--output", "schema.ts");
            await RunAsync(folder, "tsc", "--ignoreConfig", "--noEmit", "--strict", "--exactOptionalPropertyTypes", "--noUncheckedIndexedAccess", "--skipLibCheck", "--target", "es2022", "--module", "esnext", "--moduleResolution", "bundler", "--types", "node", "client.ts");
            await RunAsync(folder, "esbuild", "client.ts", "--bundle", "--platform=node", "--format=esm", "--outfile=client.mjs", "--log-level=warning");
            var said = await RunAsync(folder, "node", "client.mjs", product.Address.ToString().TrimEnd('/'), client.DefaultRequestHeaders.Authorization!.Parameter!, train);

            Assert.Matches(@"fleet 3 sensors \d+ alerts \d+ version \d+ points true lines true refused 404 404", said);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static async Task<string> RunAsync(string folder, string program, params string[] arguments)
    {
        var own = Path.Combine(RunningProduct.Root, "node_modules", ".bin", program);
        var start = new ProcessStartInfo(File.Exists(own) ? own : program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true };
        using var running = Process.Start(start)!;
        var (output, errors) = (running.StandardOutput.ReadToEndAsync(), running.StandardError.ReadToEndAsync());
        await running.WaitForExitAsync();
        Assert.True(running.ExitCode == 0, $"{program} {string.Join(' ', arguments)}\n{await output}\n{await errors}");
        return await output;
    }
}
