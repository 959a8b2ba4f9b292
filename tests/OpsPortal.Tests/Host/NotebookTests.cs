using System.Diagnostics;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Host;

/// <summary>What a script can do with nothing but a standard library.</summary>
public sealed class NotebookTests
{
    [Fact]
    public async Task The_example_notebook_signs_in_and_prints_fleet_alerts_and_readings()
    {
        await using var product = await RunningProduct.StartAsync(("Trains:Count", "4"), ("Trains:FaultsPerHour", "0"), ("Trains:History", "00:02:00"));
        using var client = await product.SignInAsync("operator", "Test");
        var train = await Eventually.GetAsync<string>("the whole fleet is known", TimeSpan.FromMinutes(2), async () =>
            (await (await client.GetAsync(new Uri("/api/fleet", UriKind.Relative))).JsonAsync()).GetProperty("items") is var items && items.GetArrayLength() == 4 ? items[0].GetProperty("id").GetString() : null);
        await Eventually.IsTrueAsync("a window of readings is kept", TimeSpan.FromMinutes(2), async () =>
            (await (await client.GetAsync(new Uri($"/api/trains/{train}/readings?sensor=brakePipePressure.car1", UriKind.Relative))).JsonAsync()) is var readings
            && readings.TryGetProperty("points", out var points) && points.GetArrayLength() > 2);

        var (exit, output, errors) = await RunAsync(product.Address.ToString(), train);

        Assert.True(exit == 0, errors);
        Assert.Contains("Signed in as Notebook (DataScientist)", output, StringComparison.Ordinal);
        Assert.Contains("Fleet: 4 trains", output, StringComparison.Ordinal);
        Assert.Contains("Open alerts: ", output, StringComparison.Ordinal);
        Assert.Matches(@"brakePipePressure\.car1 +bar +\d+ +\d+\.\d\d", output);
    }

    [Fact]
    public async Task The_example_notebook_says_what_is_wrong_when_there_is_no_portal()
    {
        var (exit, _, errors) = await RunAsync("http://localhost:9", "x");

        Assert.Equal(1, exit);
        Assert.Contains("cannot be reached", errors, StringComparison.Ordinal);
        Assert.DoesNotContain("Traceback", errors, StringComparison.Ordinal);
    }

    private static async Task<(int Exit, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("python3") { WorkingDirectory = RunningProduct.Root, RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["PYTHONIOENCODING"] = "utf-8";
        start.ArgumentList.Add("examples/notebook.py");
        arguments.ToList().ForEach(start.ArgumentList.Add);
        using var python = Process.Start(start)!;
        var (output, errors) = (python.StandardOutput.ReadToEndAsync(), python.StandardError.ReadToEndAsync());
        await python.WaitForExitAsync();
        return (python.ExitCode, await output, await errors);
    }
}
