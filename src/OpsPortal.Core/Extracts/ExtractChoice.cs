using System.Runtime.CompilerServices;
using OpsPortal.Core.Access;
using OpsPortal.Core.Health;

namespace OpsPortal.Core.Extracts;

/// <summary>Files that are still written to are closed on request, so that what was just received can be handed out.</summary>
public interface IRawFileClosing
{
    /// <summary>Returns when everything received before the call is in files that are closed, and listed by <see cref="IRawFiles"/>.</summary>
    /// <returns>False when that did not come about in time.</returns>
    Task<bool> CloseAsync(TimeSpan within, CancellationToken cancellationToken);
}

/// <summary>
/// Which raw files a request means: those of its trains that were received in its time, and those received later that hold what was
/// measured in it (a train sends what it measured in a tunnel after it).
/// </summary>
public sealed class ExtractChoice(IRawFiles files, IRawFileClosing closing, TimeProvider time)
{
    private const string Store = "raw file";

    /// <summary>The files as they are now, those still open among them.</summary>
    /// <param name="lateFor">How much later than measured something may have been received.</param>
    public async IAsyncEnumerable<RawFile> FindAsync(Scope scope, ExtractRequest request, TimeSpan lateFor, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var trains = request.Trains.ToHashSet(StringComparer.Ordinal);
        var query = new RawFileQuery(From: request.From, To: Later(request.To, lateFor), Trains: request.Trains);
        do
        {
            var page = await files.FindAsync(scope, query, cancellationToken);
            foreach (var file in page.Files.Where(file => Means(request, trains, file)))
            {
                yield return file;
            }

            query = query with { After = page.Next };
        }
        while (query.After is not null);
    }

    /// <summary>Whether the running hour is asked for. Its files may be open, and a store that is filled by copying lists none of those.</summary>
    public bool ReachesNow(ExtractRequest request) => time.GetUtcNow() is var now && request.To > HourOf(now) && request.From <= now;

    /// <summary>The files to hand out: those still open are closed before, and each has its checksum where the store knows one.</summary>
    /// <param name="closeWithin">How long closing may take.</param>
    /// <exception cref="StoreUnavailableException">Open files could not be closed now.</exception>
    public async IAsyncEnumerable<RawFile> FindClosedAsync(Scope scope, ExtractRequest request, TimeSpan lateFor, TimeSpan closeWithin, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (await ReachesOpenFilesAsync(scope, request, lateFor, cancellationToken) && !await closing.CloseAsync(closeWithin, cancellationToken))
        {
            throw new StoreUnavailableException(Store, "the files of the running hour could not be closed in time: is the process that writes them running? Ask again, or for a time that ends before this hour.");
        }

        // What is open now was begun after that.
        await foreach (var file in FindAsync(scope, request, lateFor, cancellationToken))
        {
            if (!file.IsOpen)
            {
                yield return file.Checksum is null ? await files.GetAsync(scope, file.Key, cancellationToken) ?? file : file;
            }
        }
    }

    private async Task<bool> ReachesOpenFilesAsync(Scope scope, ExtractRequest request, TimeSpan lateFor, CancellationToken cancellationToken)
    {
        if (ReachesNow(request))
        {
            return true;
        }

        // Only files of the last hours can be open: the later part of the list is enough.
        var recent = new RawFileQuery(From: time.GetUtcNow().AddHours(-2), To: Later(request.To, lateFor), Trains: request.Trains);
        var trains = request.Trains.ToHashSet(StringComparer.Ordinal);
        do
        {
            var page = await files.FindAsync(scope, recent, cancellationToken);
            if (page.Files.Any(file => file.IsOpen && Means(request, trains, file)))
            {
                return true;
            }

            recent = recent with { After = page.Next };
        }
        while (recent.After is not null);
        return false;
    }

    private static bool Means(ExtractRequest request, HashSet<string> trains, RawFile file)
    {
        var isReceivedThen = file.Hour < request.To && file.Hour.AddHours(1) > request.From;
        return file.Content is not { } content
            ? isReceivedThen
            : content.Trains.Any(train => trains.Contains(train.TrainId) && (isReceivedThen || (train.FirstMeasuredAt < request.To && train.LastMeasuredAt >= request.From)));
    }

    private static DateTimeOffset Later(DateTimeOffset to, TimeSpan by) => to < DateTimeOffset.MaxValue - by ? to + by : DateTimeOffset.MaxValue;

    private static DateTimeOffset HourOf(DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerHour), TimeSpan.Zero);
}
