using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using OpsPortal.Adapters.Simulated.Dirt;
using OpsPortal.Adapters.Simulated.Faults;
using OpsPortal.Adapters.Simulated.Recordings;
using OpsPortal.Adapters.Simulated.Shadows;
using OpsPortal.Adapters.Simulated.Trains;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated;

/// <summary>One run of the trains over their outbox, from start to stop: the steps of <see cref="TrainsService"/>'s loop.</summary>
internal sealed class FleetRun : IDisposable
{
    // A turn of the loop makes about this many messages while catching up: large enough to be quick, small enough to stop promptly.
    private const int MessagesPerTurn = 2_000;

    private readonly SimulatedFleet _fleet;
    private readonly RecordingShelf _shelf;
    private readonly RandomFaults _randomFaults;
    private readonly WornParts _worn;
    private readonly ShadowClients _shadows;
    private readonly PlayedClock _clock;
    private readonly DirtSpreader _dirt;
    private readonly TrainsOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Outbox _outbox;
    private readonly OutboxSender _sender;
    private readonly FleetMeasurer _measurer;
    private readonly OutboxBatch _batch = new();
    private FleetProgress _progress;
    private NumberedBatch? _fresh;
    private long _quietUntil;
    private bool _caughtUp;

    public FleetRun(TrainParts parts, ITelemetryIntake intake, TrainsOptions options, TimeProvider time, ILogger logger)
    {
        (_fleet, _shelf, _shadows, _clock, _dirt, _worn) = (parts.Fleet, parts.Shelf, parts.Shadows, parts.Clock, parts.Dirt, parts.Worn);
        (_options, _time, _logger) = (options, time, logger);
        _randomFaults = new RandomFaults(parts.Planter, parts.Fleet.Trains.Count == 0 ? 0 : options.FaultsPerHour, options.Seed);
        _outbox = new Outbox(Path.Combine(options.Folder, "trains.db"));
        _sender = new OutboxSender(_outbox, intake, logger);
        _measurer = new FleetMeasurer(parts.Fleet, _outbox, time);
    }

    /// <summary>Finds out where fleet and source left off, and sets the clock.</summary>
    public async Task BeginAsync(FaultPlanter planter, CancellationToken cancellationToken)
    {
        await _sender.ConnectAsync(cancellationToken);
        var earlier = _outbox.Progress();
        var start = FleetStart.Find(earlier.LastSecond, _time.GetUtcNow(), _shelf.Longest, _options);
        _clock.Start(start.Behind);
        _progress = earlier with { LastSecond = start.FirstSecond - 1, NextNumber = Math.Max(earlier.NextNumber, _sender.Confirmed + 1) };
        _fleet.LastSecond = _progress.LastSecond;
        _fleet.KnownSince = earlier.LastSecond == 0 ? start.FirstSecond : 0;
        // Nothing is planted by chance while the detectors of a first start are still learning.
        _quietUntil = earlier.LastSecond == 0 ? _clock.Origin.ToUnixTimeSeconds() : 0;
        foreach (var train in _fleet.Trains)
        {
            train.WarmUp(start.FirstSecond);
        }

        planter.Restore(_progress.LastSecond);
        if (earlier.LastSecond == 0)
        {
            await _worn.WriteWearingAsync(_progress.LastSecond, cancellationToken);
        }

        foreach (var player in _shelf.Players)
        {
            _outbox.NameFile(player.Key.Trains, player.Key.ToString());
        }

        var played = _outbox.Recordings();
        _dirt.Begin(_outbox.Delayed());
        _measurer.ReleaseOrphans(_batch);
        foreach (var player in _shelf.Players)
        {
            player.Begin(_clock.Origin, played, _options.History, Change);
        }

        var from = DateTimeOffset.FromUnixTimeSeconds(start.FirstSecond);
        if (_options.Speed > 1 && _shelf.Longest > FleetStart.FurthestBack)
        {
            Log.RecordingTooLong(_logger, _shelf.Longest.TotalDays, FleetStart.FurthestBack.TotalDays);
        }

        Log.Started(_logger, _fleet.Trains.Count, _shelf.Players.Count, from);
    }

    /// <summary>Waits until the next second is due.</summary>
    public Task WaitAsync(CancellationToken cancellationToken) =>
        _clock.WaitForAsync(DateTimeOffset.FromUnixTimeSeconds(_progress.LastSecond + 1), cancellationToken);

    /// <summary>Measures the seconds that are due, at most a turn's worth.</summary>
    public async Task MeasureAsync(CancellationToken cancellationToken)
    {
        var due = _clock.Now.ToUnixTimeSeconds();
        var most = Math.Max(1, MessagesPerTurn / Math.Max(1, _fleet.Trains.Count));
        var last = Math.Min(due, _progress.LastSecond + most);
        await _randomFaults.PlantDueAsync(Math.Max(_progress.LastSecond, _quietUntil), last, cancellationToken);
        await _worn.WriteDueAsync(_progress.LastSecond, last, cancellationToken);
        var sequence = _progress.Sequence;
        for (var second = _progress.LastSecond + 1; second <= last; second++)
        {
            _measurer.Measure(second, ++sequence, _batch);
        }

        foreach (var player in _shelf.Players)
        {
            player.Play(DateTimeOffset.FromUnixTimeSeconds(last), MessagesPerTurn, _batch, Change);
        }

        _dirt.Spread(_batch);
        _fresh = _batch.Count == 0 ? null : _batch.Number(_progress.NextNumber);
        _progress = new FleetProgress(last, sequence, _progress.NextNumber + _batch.Count);
        _fleet.LastSecond = last;
        SayCaughtUp(last == due);
    }

    /// <summary>Puts what was measured into the outbox; nothing is sent before.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        var recordings = _shelf.Players.Select(player => player.Progress).ToList();
        while (true)
        {
            try
            {
                _outbox.Keep(_batch, _fresh, _progress, recordings, _sender.Confirmed);
                _dirt.Kept();
                return;
            }
            catch (SqliteException e)
            {
                Log.OutboxFails(_logger, e);
            }

            await Task.Delay(TimeSpan.FromSeconds(1), _time, cancellationToken);
        }
    }

    /// <summary>Sends what is in the outbox.</summary>
    public Task SendAsync(CancellationToken cancellationToken) => _sender.SendAsync(_fresh, cancellationToken);

    /// <summary>Lets the shadow clients follow who came and went.</summary>
    public async Task ConnectAsync()
    {
        foreach (var (trainId, connected) in _batch.Connections)
        {
            if (connected)
            {
                _shadows.Connect(trainId);
            }
            else
            {
                await _shadows.DisconnectAsync(trainId);
            }
        }

        _batch.Clear();
    }

    public void Dispose()
    {
        _measurer.Dispose();
        _outbox.Dispose();
    }

    private void Change(string trainId, bool connected) => _measurer.Change(trainId, connected, _batch);

    private void SayCaughtUp(bool caughtUp)
    {
        if (caughtUp && !_caughtUp)
        {
            _caughtUp = true;
            Log.CaughtUp(_logger, _progress.NextNumber - 1);
        }
    }
}
