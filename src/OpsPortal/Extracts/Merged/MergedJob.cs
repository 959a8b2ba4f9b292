using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Tokens;

namespace OpsPortal.Extracts.Merged;

/// <summary>How far a merged download is.</summary>
internal enum MergedState
{
    Queued,
    Running,
    Succeeded,
    Failed,
    Cancelled,
}

/// <summary>What was asked, and by whom as they were then.</summary>
/// <param name="ScopeKey">What the maker might see: the download is theirs only while that is the same.</param>
internal sealed record MergedAsk(string Id, string ExtractId, string MakerId, string MakerName, string ScopeKey, ExtractRequest Request, MergedFormat Format, long Files, DateTimeOffset AskedAt, CallerTrace Trace);

/// <summary>What is known of one at one moment.</summary>
/// <param name="LeftOut">The first files that are not in it; <see cref="MergedTally.LeftOut"/> counts all.</param>
/// <param name="TrainsLeftOut">Trains asked for that are not inside what the maker may see.</param>
/// <param name="Waiting">What it waits for; null while it goes on.</param>
/// <param name="Sha256">Of the whole file, in lower-case hex; null before its end.</param>
internal sealed record MergedProgress(
    MergedState State, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, MergedTally Tally, IReadOnlyList<LeftOutFile> LeftOut, IReadOnlyList<string> TrainsLeftOut, string? Waiting, string? Problem, string? Sha256)
{
    public static MergedProgress Begin { get; } = new(MergedState.Queued, null, null, default, [], [], null, null, null);
}

/// <summary>A merged download from the moment it was asked for until it is forgotten. Its progress changes as one, so that no reader sees halves.</summary>
internal sealed class MergedJob(MergedAsk ask, MergedProgress progress, string folder) : IDisposable
{
    private CancellationTokenSource _cancel = new();
    private MergedProgress _progress = progress;

    public MergedAsk Ask => ask;

    /// <summary>Where its file is made and kept.</summary>
    public string Folder => folder;

    public MergedProgress Progress
    {
        get => Volatile.Read(ref _progress);
        set => Volatile.Write(ref _progress, value);
    }

    public bool HasEnded => Progress.State is MergedState.Succeeded or MergedState.Failed or MergedState.Cancelled;

    /// <summary>Ended for good or bad, by the person: nothing of it is read any more.</summary>
    public CancellationToken Cancelled => _cancel.Token;

    /// <summary>Whose it is: the maker's, while they may see no more and no less than when they asked.</summary>
    public bool IsOf(User somebody) => somebody.Id == ask.MakerId && somebody.Scope.Key == ask.ScopeKey;

    public void Cancel() => _cancel.Cancel();

    /// <summary>It is forgotten, and its folder with it.</summary>
    public void Dispose() => _cancel.Dispose();

    /// <summary>One that failed waits again, and goes on where it was.</summary>
    public void WaitAgain()
    {
        _cancel.Dispose();
        _cancel = new CancellationTokenSource();
        Progress = Progress with { State = MergedState.Queued, EndedAt = null, Problem = null, Waiting = null };
    }
}
