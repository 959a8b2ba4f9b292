using OpsPortal.Core.Access;
using OpsPortal.Tokens;

namespace OpsPortal.Extracts.Merged;

/// <summary>Gives a finished merged download away: what held when it was made is looked at once more, and it is written down first.</summary>
internal sealed class MergedHandout(MergedTrains trains, MergedAudit audit)
{
    private const int Longest = 40;

    /// <summary>Why the user may not have it now; null when they may.</summary>
    public async Task<string?> WhyNotAsync(MergedJob job, User user, CancellationToken cancellationToken)
    {
        var inIt = job.Ask.Request.Trains.Except(job.Progress.TrainsLeftOut).ToList();
        var outside = inIt.Count - (await trains.InsideAsync(user.Scope, inIt, cancellationToken)).Count;
        return outside == 0 ? null : $"It holds {outside} {(outside == 1 ? "train that is" : "trains that are")} not inside what you may see any more. Ask for it anew.";
    }

    /// <summary>The bytes, written down as fetched; null when they are not there any more.</summary>
    public async Task<Stream?> TryOpenAsync(MergedJob job, User user, string? range, CallerTrace trace, CancellationToken cancellationToken)
    {
        FileStream file;
        try
        {
            file = new FileStream(Path.Combine(job.Folder, MergedPart.Whole), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 64 * 1024, FileOptions.Asynchronous | FileOptions.SequentialScan);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }

        try
        {
            await audit.FetchedAsync(job, user, range?.Length > Longest ? range[..Longest] : range, trace, cancellationToken);
            return file;
        }
        catch (Exception)
        {
            await file.DisposeAsync();
            throw;
        }
    }
}
