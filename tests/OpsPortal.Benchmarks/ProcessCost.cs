using System.Globalization;

namespace OpsPortal.Benchmarks;

/// <summary>What a process costs, as Linux tells it.</summary>
internal static class ProcessCost
{
    private const double TicksPerSecond = 100;

    /// <summary>Resident memory, MB.</summary>
    public static double ResidentMb(int process) => FieldKb(process, "VmRSS:") / 1024;

    /// <summary>CPU seconds so far, all threads, user and system.</summary>
    public static double CpuSeconds(int process)
    {
        var fields = File.ReadAllText($"/proc/{process}/stat").Split(") ")[1].Split(' ');
        return (Number(fields[11]) + Number(fields[12])) / TicksPerSecond;
    }

    /// <summary>Load of the machine over the last minute: says how quiet it was.</summary>
    public static string Load() => File.ReadAllText("/proc/loadavg").Split(' ')[0];

    /// <summary>Keeps the process on one core, with all its threads.</summary>
    public static async Task PinAsync(int process, int core)
    {
        using var pin = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("taskset", $"-a -p -c {core} {process}") { RedirectStandardOutput = true })!;
        await pin.StandardOutput.ReadToEndAsync();
        await pin.WaitForExitAsync();
    }

    private static double FieldKb(int process, string name) =>
        Number(File.ReadLines($"/proc/{process}/status").First(line => line.StartsWith(name, StringComparison.Ordinal))[name.Length..].Replace("kB", "", StringComparison.Ordinal).Trim());

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
