using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using OpsPortal.Adapters.Simulated.Network;
using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Benchmarks;

/// <summary>What the simulated fleet itself costs: CPU seconds of this process for one second of the whole fleet.</summary>
internal static class SimulatorCost
{
    private const int WarmUpSeconds = 5;
    private static readonly long Start = new DateTimeOffset(2026, 11, 21, 20, 0, 0, TimeSpan.Zero).ToUnixTimeSeconds();

    public static async Task RunAsync(string[] args)
    {
        var trains = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 10_000;
        var seconds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 60;
        var folder = Directory.CreateTempSubdirectory("simulator-cost").FullName;
        using (var run = new Run(trains, folder))
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{trains} trains made and warmed up: {run.MakingCpu:0.00} CPU s"));
            await MeasureAsync("measured and written as JSON", seconds, run.Measure);
            await MeasureAsync("the same, kept in the outbox on disk and sent to a source that takes all", seconds, run.MeasureKeepAndSendAsync);
        }

        Directory.Delete(folder, recursive: true);
    }

    private static async Task MeasureAsync(string what, int seconds, Func<Task<int>> oneSecond)
    {
        for (var second = 0; second < WarmUpSeconds; second++)
        {
            await oneSecond();
        }

        var (cpu, allocated, bytes) = (Cpu(), GC.GetTotalAllocatedBytes(), 0L);
        for (var second = 0; second < seconds; second++)
        {
            bytes += await oneSecond();
        }

        var (perSecond, allocatedPerSecond) = ((Cpu() - cpu) / seconds, (GC.GetTotalAllocatedBytes() - allocated) / (double)seconds);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {perSecond:0.000} CPU s a second; {bytes / 1e6 / seconds:0.0} MB of messages, {allocatedPerSecond / 1e6:0.0} MB allocated a second"));
    }

    private static double Cpu()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }

    private sealed class Run : IDisposable
    {
        private readonly Outbox _outbox;
        private readonly OutboxSender _sender;
        private readonly FleetMeasurer _measurer;
        private readonly OutboxBatch _batch = new();
        private FleetProgress _progress = new(Start, 0, 1);

        public Run(int trains, string folder)
        {
            var before = Cpu();
            var fleet = new SimulatedFleet(FleetMaker.Make(NetworkFile.ReadEmbedded(), trains, 1));
            foreach (var train in fleet.Trains)
            {
                train.WarmUp(Start + 1);
            }

            MakingCpu = Cpu() - before;
            _outbox = new Outbox(Path.Combine(folder, "trains.db"));
            _sender = new OutboxSender(_outbox, new TakesAll(), NullLogger.Instance);
            _measurer = new FleetMeasurer(fleet, _outbox, TimeProvider.System);
        }

        public double MakingCpu { get; }

        public Task<int> Measure()
        {
            _progress = _progress with { LastSecond = _progress.LastSecond + 1, Sequence = _progress.Sequence + 1 };
            _measurer.Measure(_progress.LastSecond, _progress.Sequence, _batch);
            var bytes = _batch.Bytes;
            _batch.Clear();
            return Task.FromResult(bytes);
        }

        public async Task<int> MeasureKeepAndSendAsync()
        {
            _progress = _progress with { LastSecond = _progress.LastSecond + 1, Sequence = _progress.Sequence + 1 };
            _measurer.Measure(_progress.LastSecond, _progress.Sequence, _batch);
            var fresh = _batch.Number(_progress.NextNumber);
            _progress = _progress with { NextNumber = fresh.Last + 1 };
            _outbox.Keep(_batch, fresh, _progress, [], _sender.Confirmed);
            await _sender.SendAsync(fresh, CancellationToken.None);
            _batch.Clear();
            return fresh.Bodies.Length;
        }

        public void Dispose()
        {
            _measurer.Dispose();
            _outbox.Dispose();
        }
    }

    private sealed class TakesAll : ITelemetryIntake
    {
        private long _last;

        public Task AppendAsync(string sender, IReadOnlyList<OutgoingRecord> records, CancellationToken cancellationToken)
        {
            _last = records[^1].Number;
            return Task.CompletedTask;
        }

        public Task<long> GetLastNumberAsync(string sender, CancellationToken cancellationToken) => Task.FromResult(_last);
    }
}
