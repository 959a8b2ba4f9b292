using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>All recordings that are being played.</summary>
internal sealed class RecordingShelf : IRecordings, IDisposable
{
    private volatile RecordingPlayer[] _players = [];

    public IReadOnlyList<RecordingReport> Reports => [.. _players.Select(player => player.Report)];

    public IReadOnlyList<RecordingPlayer> Players => _players;

    /// <summary>Every train of every recording.</summary>
    public IEnumerable<Train> Trains => _players.SelectMany(player => player.Trains);

    /// <summary>The longest duration of all.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>Opens the recordings.</summary>
    /// <param name="from">How far into each recording playing begins.</param>
    /// <exception cref="InvalidDataException">A recording or its descriptor cannot be used; the message says everything that is wrong.</exception>
    public void Open(IReadOnlyList<string> paths, TimeSpan from)
    {
        var players = new List<RecordingPlayer>();
        foreach (var path in paths)
        {
            var (file, mistakes) = RecordingFile.Find(path);
            var survey = RecordingSurvey.Of(file ?? throw new InvalidDataException($"{path}: {string.Join("; ", mistakes)}"), from);
            Longest = survey.Duration > Longest ? survey.Duration : Longest;
            players.Add(new RecordingPlayer(file, survey, from));
        }

        _players = [.. players];
    }

    public void Dispose()
    {
        foreach (var player in _players)
        {
            player.Dispose();
        }
    }
}
