using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace OpsPortal.Tests.Kit;

/// <summary>The real program as its own process, on a free port and a data folder of its own.</summary>
public sealed class RunningProduct : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(90);

    private readonly StringBuilder _output = new();
    private readonly Dictionary<string, string> _settings;
    private readonly List<RunningProduct> _beside = [];
    private IReadOnlyList<(string Name, string Value)> _environment = [];
    private Process? _process;

    private RunningProduct(string dataFolder, int port, Dictionary<string, string> settings) => (DataFolder, Port, _settings) = (dataFolder, port, settings);

    /// <summary>Root of the repository: where the program runs.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Which build is run: <c>debug</c>, or <c>release</c> for measuring.</summary>
    public static string Build { get; set; } = "debug";

    public string DataFolder { get; }

    /// <summary>The running process.</summary>
    public int ProcessId => _process!.Id;

    public int Port { get; }

    public Uri Address => new($"http://localhost:{Port}");

    /// <summary>Everything the program printed so far, over all its lives.</summary>
    public string Output
    {
        get
        {
            lock (_output)
            {
                return _output.ToString();
            }
        }
    }

    /// <summary>Starts the program and waits until it is ready.</summary>
    /// <param name="settings">Configuration, key and value.</param>
    public static Task<RunningProduct> StartAsync(params (string Key, string Value)[] settings) => StartAsync([], settings);

    /// <summary>The same with variables of the environment.</summary>
    public static Task<RunningProduct> StartAsync(IReadOnlyList<(string Name, string Value)> environment, params (string Key, string Value)[] settings) => StartOnAsync(FreePorts.Take(), environment, settings);

    /// <summary>The same on a port that was told to others beforehand.</summary>
    public static async Task<RunningProduct> StartOnAsync(int port, IReadOnlyList<(string Name, string Value)> environment, params (string Key, string Value)[] settings)
    {
        var folder = Directory.CreateTempSubdirectory("opsportal-test-").FullName;
        var product = new RunningProduct(folder, port, settings.ToDictionary(setting => setting.Key, setting => setting.Value, StringComparer.OrdinalIgnoreCase)) { _environment = environment };
        await product.StartAgainAsync();
        return product;
    }

    /// <summary>Starts another process on the same data, with the same settings but for those given; it ends with this one.</summary>
    public async Task<RunningProduct> StartBesideAsync(params (string Key, string Value)[] changed)
    {
        var settings = new Dictionary<string, string>(_settings, StringComparer.OrdinalIgnoreCase);
        foreach (var (key, value) in changed)
        {
            settings[key] = value;
        }

        var beside = new RunningProduct(DataFolder, FreePorts.Take(), settings) { _environment = _environment };
        _beside.Add(beside);
        await beside.StartAgainAsync();
        return beside;
    }

    /// <summary>Starts it again on the same data, with changed settings if any are given.</summary>
    public async Task StartAgainAsync(params (string Key, string Value)[] changed)
    {
        var start = new ProcessStartInfo("dotnet") { WorkingDirectory = Root, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add(Path.Combine(Root, "artifacts", "bin", "OpsPortal", Build, "OpsPortal.dll"));
        var settings = new Dictionary<string, string>(_settings, StringComparer.OrdinalIgnoreCase) { ["Urls"] = Address.ToString(), ["Data:Folder"] = DataFolder };
        foreach (var (key, value) in changed)
        {
            settings[key] = value;
        }

        foreach (var (key, value) in settings)
        {
            start.ArgumentList.Add($"--{key}={value}");
        }

        foreach (var (name, value) in _environment)
        {
            start.Environment[name] = value;
        }

        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Note(line.Data);
        _process.ErrorDataReceived += (_, line) => Note(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await WaitUntilReadyAsync();
    }

    /// <summary>kill -9.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    /// <summary>SIGSTOP: it is there and answers nothing.</summary>
    public Task FreezeAsync() => SignalAsync("STOP");

    /// <summary>SIGCONT: it goes on.</summary>
    public Task GoOnAsync() => SignalAsync("CONT");

    /// <summary>SIGTERM, and waits for the end.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        if (_process is { HasExited: false })
        {
            await SignalAsync("TERM");
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(40));
            await _process.WaitForExitAsync(limit.Token);
        }

        return _process?.ExitCode ?? 0;
    }

    /// <summary>A client that is signed in by token.</summary>
    public async Task<HttpClient> SignInAsync(string persona, string name)
    {
        var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(30) };
        using var answer = await client.PostAsJsonAsync("/sign-in/persona", new { persona, name });
        answer.EnsureSuccessStatusCode();
        var body = await answer.Content.ReadFromJsonAsync<JsonElement>();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", body.GetProperty("token").GetString());
        return client;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var product in _beside.Append(this))
        {
            await product.EndAsync();
        }

        Directory.Delete(DataFolder, recursive: true);
    }

    private async Task EndAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill();
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
    }

    private async Task SignalAsync(string signal)
    {
        using var kill = Process.Start("kill", $"-{signal} {_process!.Id}");
        await kill.WaitForExitAsync();
    }

    private async Task WaitUntilReadyAsync()
    {
        using var client = new HttpClient { BaseAddress = Address, Timeout = TimeSpan.FromSeconds(5) };
        var watch = Stopwatch.StartNew();
        while (watch.Elapsed < StartLimit)
        {
            if (_process!.HasExited)
            {
                throw new InvalidOperationException($"The product ended with exit code {_process.ExitCode}:\n{Output}");
            }

            try
            {
                using var answer = await client.GetAsync(new Uri("/healthz/ready", UriKind.Relative));
                if (answer.StatusCode == HttpStatusCode.OK)
                {
                    return;
                }
            }
            catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
            {
                // Not listening yet.
            }

            await Task.Delay(100);
        }

        throw new TimeoutException($"The product was not ready after {StartLimit}:\n{Output}");
    }

    private void Note(string? line)
    {
        lock (_output)
        {
            _output.AppendLine(line);
        }
    }

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "OpsPortal.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }
}
