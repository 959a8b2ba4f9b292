using System.Diagnostics;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpsPortal.Adapters.Simulated;
using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Shadows;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Simulated;

/// <summary>The part Trains with a source and shadows in memory, on a clock moved by hand and a folder of its own.</summary>
public sealed class TrainsBench : IAsyncDisposable
{
    // Of the real clock, for what waits to be true by the played one.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Milliseconds that the trains' loop has for a second of theirs, on a busy machine.
    private const int TurnAtMost = 5_000;

    private readonly Dictionary<string, string?> _settings;
    private ServiceProvider? _services;

    public TrainsBench(params (string Key, string Value)[] settings)
    {
        _settings = new Dictionary<string, string?>
        {
            ["Data:Folder"] = Folder,
            ["Trains:Count"] = "8",
            ["Trains:History"] = "00:00:00",
            ["Trains:FaultsPerHour"] = "0",
        };
        foreach (var (key, value) in settings)
        {
            _settings[key] = value;
        }
    }

    public string Folder { get; } = Directory.CreateTempSubdirectory("trains").FullName;

    public ManualTime Time { get; } = new();

    public MemorySource Source { get; } = new();

    public MemoryShadows Shadows { get; } = new();

    public MemoryRegistry Registry { get; } = new();

    public T Get<T>()
        where T : notnull => _services!.GetRequiredService<T>();

    /// <summary>Changes a setting for the next start.</summary>
    public void Set(string key, string value) => _settings[key] = value;

    /// <summary>A short line with a long tunnel in place of Great Britain: a train is through it every few minutes.</summary>
    public void UseMole() => UseMole("tunnel; Long Hole; 2; 5");

    /// <summary>A short line with these tunnels in place of Great Britain.</summary>
    public void UseMole(params IReadOnlyList<string> tunnels)
    {
        var path = Path.Combine(Folder, "network.txt");
        File.WriteAllText(path, $"""
            class; 9; Mole; 3; 6; 12; 1
            sensor; 9; brakePipePressure.car1
            station; AAA; Aitch; 52.000; -1.000
            station; BBB; Bee; 52.060; -1.000
            line; L; Line
            stop; AAA; 0; 160
            {string.Join('\n', tunnels)}
            stop; BBB; 7; 160
            service; 9; Depot; AAA; BBB; 1
            """);
        Set("Trains:Network", path);
    }

    /// <summary>Starts the trains; stop them first to start them again on the same folder.</summary>
    public async Task StartAsync()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(_settings).Build();
        var services = new ServiceCollection();
        services.AddLogging();
        services.AddSingleton<TimeProvider>(Time);
        services.AddSingleton<ITelemetryIntake>(Source);
        services.AddSingleton<ITrainRegistry>(Registry);
        services.AddSingleton<IDeviceShadows>(Shadows);
        services.AddSingleton<IShadowDeltas>(Shadows);
        services.AddSimulatedTrains(configuration);
        _services = services.BuildServiceProvider();
        foreach (var hosted in _services.GetServices<IHostedService>())
        {
            await hosted.StartAsync(CancellationToken.None);
        }
    }

    public async Task StopAsync()
    {
        if (_services is not null)
        {
            foreach (var hosted in _services.GetServices<IHostedService>())
            {
                await hosted.StopAsync(CancellationToken.None);
            }

            await _services.DisposeAsync();
            _services = null;
        }
    }

    /// <summary>The gateway's last word on a train.</summary>
    public string? LastWord(string trainId) => Source.LastWords.GetValueOrDefault(trainId);

    /// <summary>Moves the clock until the condition holds, second by second.</summary>
    public async Task RunUntilAsync(Func<bool> condition, TimeSpan atMost)
    {
        var end = Time.GetUtcNow() + atMost;
        var watch = Stopwatch.StartNew();
        var (fleet, clock) = (Get<SimulatedFleet>(), Get<PlayedClock>());
        while (!condition())
        {
            // What is waited for runs beside the clock that is moved here: on a busy machine minutes of it pass before others have their turn.
            var isOver = Time.GetUtcNow() >= end;
            Assert.True(!isOver || watch.Elapsed < Patience, "It did not come true in the time given.");
            // A loop that has looked at the clock and does not wait yet would sleep through the second that begins now.
            await ComesTrueAsync(() => Time.NextDue <= Time.GetUtcNow().AddSeconds(1), TurnAtMost);
            Time.Advance(TimeSpan.FromSeconds(1));
            await ComesTrueAsync(() => fleet.LastSecond >= clock.Now.ToUnixTimeSeconds(), TurnAtMost);
            await Task.Delay(isOver ? 20 : 0);
        }
    }

    /// <summary>Waits in real time, without moving the clock.</summary>
    public static async Task WaitForAsync(Func<bool> condition) =>
        Assert.True(await ComesTrueAsync(condition, 60_000), "It did not come true within a minute.");

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Waits in real time for at most so long; whether it came true.</summary>
    public static async Task<bool> ComesTrueAsync(Func<bool> condition, int milliseconds)
    {
        for (var waited = 0; waited < milliseconds; waited += 2)
        {
            if (condition())
            {
                return true;
            }

            await Task.Delay(2);
        }

        return condition();
    }
}

/// <summary>Registered trains in memory.</summary>
public sealed class MemoryRegistry : ITrainRegistry
{
    public IReadOnlyList<Train> Trains { get; private set; } = [];

    public Task RegisterAsync(IReadOnlyList<Train> trains, CancellationToken cancellationToken)
    {
        Trains = trains;
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<Train>> FindAllAsync(CancellationToken cancellationToken) => Task.FromResult(Trains);
}
