using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>All recordings that are being played.</summary>
internal sealed class RecordingShelf(ILogger? logger = null) : IRecordings, IDisposable
{
    private readonly ILogger _logger = logger ?? NullLogger.Instance;
    private readonly Lock _opening = new();
    private IReadOnlyList<string>? _mistakes;
    private volatile RecordingPlayer[] _players = [];

    public IReadOnlyList<RecordingReport> Reports => [.. _players.Select(player => player.Report)];

    public IReadOnlyList<RecordingPlayer> Players => _players;

    /// <summary>Every train of every recording.</summary>
    public IEnumerable<Train> Trains => _players.SelectMany(player => player.Trains);

    /// <summary>The longest duration of all.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>Opens the recordings, the first time it is called; what looks wrong with one is logged.</summary>
    /// <param name="from">How far into each recording playing begins.</param>
    /// <returns>Everything that is wrong with recordings that cannot be played and with their descriptors, each with its key.</returns>
    public IReadOnlyList<string> Open(IReadOnlyList<string> paths, TimeSpan from)
    {
        lock (_opening)
        {
            return _mistakes ??= OpenNeedsLock(paths, from);
        }
    }

    public void Dispose()
    {
        foreach (var player in _players)
        {
            player.Dispose();
        }
    }

    private List<string> OpenNeedsLock(IReadOnlyList<string> paths, TimeSpan from)
    {
        var (players, mistakes) = (new List<RecordingPlayer>(), new List<string>());
        for (var i = 0; i < paths.Count; i++)
        {
            var key = $"{TrainsOptions.Section}:{nameof(TrainsOptions.Recordings)}:{i}";
            var (file, wrong) = RecordingFile.Find(paths[i]);
            mistakes.AddRange(wrong.Select(mistake => $"{key}: {mistake}"));
            if (file is null)
            {
                continue;
            }

            if (Open(file, from, out var mistake) is { } player)
            {
                players.Add(player);
            }
            else
            {
                mistakes.Add($"{key}: {paths[i]}: {mistake}");
            }
        }

        _players = [.. players];
        return mistakes;
    }

    private RecordingPlayer? Open(RecordingFile file, TimeSpan from, out string? mistake)
    {
        try
        {
            var survey = RecordingSurvey.Of(file, from);
            mistake = survey.Mistake;
            foreach (var warning in survey.Warnings)
            {
                Log.RecordingLooksWrong(_logger, file.Name, warning);
            }

            Longest = survey.Duration > Longest ? survey.Duration : Longest;
            return mistake is null ? new RecordingPlayer(file, survey, from, _logger) : null;
        }
        catch (Exception e) when (RecordingFile.IsUnreadable(e))
        {
            mistake = e.Message;
            return null;
        }
    }
}
