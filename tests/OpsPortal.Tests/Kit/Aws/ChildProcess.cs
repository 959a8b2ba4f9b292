using System.Diagnostics;

namespace OpsPortal.Tests.Kit.Aws;

/// <summary>The assembly OpsPortal.Tests (see its ChildProgram) as a process of its own, with nothing of AWS in its environment but what is given. Killed at the end.</summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly string Assembly = Path.Combine(RunningProduct.Root, "artifacts", "bin", "OpsPortal.Tests", "debug", "OpsPortal.Tests.dll");

    private readonly Process _process;

    private ChildProcess(Process process) => _process = process;

    /// <param name="home">Home folder of the process.</param>
    public static ChildProcess Start(string home, IEnumerable<(string Key, string Value)> environment, params string[] args)
    {
        var start = new ProcessStartInfo("dotnet", [Assembly, .. args]) { RedirectStandardOutput = true, RedirectStandardInput = true };
        foreach (var name in start.Environment.Keys.Where(name => name.StartsWith("AWS_", StringComparison.Ordinal)).ToList())
        {
            start.Environment.Remove(name);
        }

        start.Environment["HOME"] = home;
        start.Environment["AWS_EC2_METADATA_DISABLED"] = "true";
        foreach (var (key, value) in environment)
        {
            start.Environment[key] = value;
        }

        return new ChildProcess(Process.Start(start)!);
    }

    /// <summary>The next line it says.</summary>
    public async Task<string> ReadAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience) ?? throw new InvalidOperationException("The process ended by itself.");

    public Task SayAsync(string line) => _process.StandardInput.WriteLineAsync(line);

    /// <summary>Ends its input and waits until it has ended by itself.</summary>
    public async Task<int> EndAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync().WaitAsync(Patience);
        return _process.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process.Dispose();
    }
}
