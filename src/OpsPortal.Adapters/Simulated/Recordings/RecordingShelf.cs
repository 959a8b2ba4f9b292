using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>All recordings that are being played.</summary>
internal sealed class RecordingShelf : IRecordings, IDisposable
{
    private volatile RecordingPlayer[] _players = [];

    public IReadOnlyList<RecordingReport> Reports => [.. _players.Select(player => player.Report)];

    public IReadOnlyList<RecordingPlayer> Players => _players;

    /// <summary>The longest duration of all.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>Opens the recordings.</summary>
    /// <exception cref="InvalidDataException">A recording or its descriptor cannot be used; the message says everything that is wrong.</exception>
    public void Open(IReadOnlyList<string> paths)
    {
        var files = new List<RecordingFile>();
        foreach (var path in paths)
        {
            var (file, mistakes) = RecordingFile.Find(path);
            files.Add(file ?? throw new InvalidDataException($"{path}: {string.Join("; ", mistakes)}"));
        }

        Longest = files.Select(RecordingPlayer.Duration).DefaultIfEmpty().Max();
        _players = [.. files.Select(file => new RecordingPlayer(file))];
    }

    public void Dispose()
    {
        foreach (var player in _players)
        {
            player.Dispose();
        }
    }
}
