using OpsPortal.Core.Access;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Core.Extracts;

/// <summary>
/// The raw files: everything received, by depot and hour of arrival. Every call takes the caller's scope (see <see cref="RawFileScope"/>);
/// a file outside it answers as one that is not there.
/// </summary>
public interface IRawFiles
{
    /// <summary>The catalogue, page by page, ordered by key.</summary>
    /// <exception cref="ArgumentException">The limit or the place to go on from is none; says which.</exception>
    /// <exception cref="Health.StoreUnavailableException">Nothing can be listed now.</exception>
    Task<RawFilePage> FindAsync(Scope scope, RawFileQuery query, CancellationToken cancellationToken);

    /// <summary>One file, or null when there is none or it is outside the scope.</summary>
    Task<RawFile?> GetAsync(Scope scope, string key, CancellationToken cancellationToken);

    /// <summary>Whether the file can be had now, or null when there is none or it is outside the scope.</summary>
    Task<RawFileState?> GetStateAsync(Scope scope, string key, CancellationToken cancellationToken);

    /// <summary>A way to the file's bytes, made now and for this one file. Looks at the file before, so that what would fail is said here.</summary>
    /// <returns>Null when there is no such file or it is outside the scope; without a way when it cannot be had now: the state says why.</returns>
    Task<RawFileLink?> LinkAsync(Scope scope, string key, CancellationToken cancellationToken);

    /// <summary>The file's bytes, to be read here. They come as they are read, a part at a time; a store that goes away meanwhile throws what it throws here.</summary>
    /// <returns>Null when there is no such file or it is outside the scope; without bytes when it cannot be had now: the state says why.</returns>
    /// <exception cref="Health.StoreUnavailableException">Nothing can be read now.</exception>
    Task<RawFileBytes?> OpenAsync(Scope scope, string key, CancellationToken cancellationToken);

    /// <summary>Asks for an archived file to be brought back. Asking again does no harm.</summary>
    /// <param name="speed">Null for what the configuration says.</param>
    /// <returns>The state afterwards, or null when there is no such file or it is outside the scope.</returns>
    Task<RawFileState?> RequestRestoreAsync(Scope scope, string key, RestoreSpeed? speed, CancellationToken cancellationToken);
}

/// <summary>What to look for; null means "any".</summary>
/// <param name="Kind">Telemetry, or presence events.</param>
/// <param name="Depots">Any of these depots; those outside the scope are as if not named.</param>
/// <param name="From">Files whose hour of arrival ends after this time.</param>
/// <param name="To">Files whose hour of arrival begins before this time.</param>
/// <param name="Trains">Files that hold any of these trains, and those of which nobody knows what they hold.</param>
/// <param name="After">The <see cref="RawFilePage.Next"/> of the page before.</param>
/// <param name="Limit">Files of one page, 1–1,000.</param>
public sealed record RawFileQuery(
    SourceRecordKind Kind = SourceRecordKind.Telemetry,
    IReadOnlyCollection<string>? Depots = null,
    DateTimeOffset? From = null,
    DateTimeOffset? To = null,
    IReadOnlyCollection<string>? Trains = null,
    string? After = null,
    int Limit = 1_000)
{
    /// <summary>Most files of one page.</summary>
    public const int MaxLimit = 1_000;

    /// <summary>Refuses a limit or a place to go on from that is none.</summary>
    /// <exception cref="ArgumentException">Names which, and what it may be.</exception>
    public RawFileQuery Checked()
    {
        if (Limit is < 1 or > MaxLimit)
        {
            throw new ArgumentException($"{nameof(Limit)}: {Limit} is not from 1 to {MaxLimit}.");
        }

        return After is null || RawFileKey.Parse(After) is not null
            ? this
            : throw new ArgumentException($"{nameof(After)}: is not where a page of this list ended; give what the page before said as next, or nothing to begin anew.");
    }
}

/// <summary>One page of the catalogue.</summary>
/// <param name="Next">Where to go on; null when this was the last page. A page with fewer files than asked for, even none, need not be the last.</param>
/// <param name="Replica">The replica bucket that answered in place of the first, which may lack the newest files; null when the first did.</param>
/// <param name="LeftOut">Things in the places looked at that are no raw files by their names.</param>
public sealed record RawFilePage(IReadOnlyList<RawFile> Files, string? Next, string? Replica, int LeftOut);

/// <summary>One raw file.</summary>
/// <param name="Key">Its path, the same in a folder and in S3.</param>
/// <param name="Hour">Begin of the hour of arrival.</param>
/// <param name="IsOpen">True while it may still grow: then it has no checksum yet.</param>
/// <param name="Checksum">Null when it has none.</param>
/// <param name="Content">What is inside; null when nobody knows (another program wrote it).</param>
/// <param name="StorageClass">As S3 names it; <c>FOLDER</c> on this machine's disk.</param>
public sealed record RawFile(
    string Key,
    SourceRecordKind Kind,
    string Depot,
    DateTimeOffset Hour,
    long Bytes,
    bool IsOpen,
    RawChecksum? Checksum,
    RawFileContent? Content,
    string StorageClass);

/// <summary>A checksum of a file.</summary>
/// <param name="Algorithm">Such as SHA-256, CRC64NVME, MD5.</param>
/// <param name="Value">In small hex digits.</param>
/// <param name="OfParts">True when it is made of the checksums of parts, so that it cannot be computed from the bytes alone.</param>
public sealed record RawChecksum(string Algorithm, string Value, bool OfParts = false)
{
    /// <summary>The algorithm of files that this product wrote.</summary>
    public const string Sha256 = "SHA-256";
}

/// <summary>What is inside a raw file.</summary>
/// <param name="SetAside">Lines that hold what was no JSON object.</param>
public sealed record RawFileContent(long Records, long SetAside, DateTimeOffset? FirstReceivedAt, DateTimeOffset? LastReceivedAt, IReadOnlyList<RawFileTrain> Trains);

/// <summary>One train's part of a raw file.</summary>
public sealed record RawFileTrain(string TrainId, long Records, DateTimeOffset? FirstMeasuredAt, DateTimeOffset? LastMeasuredAt);

/// <summary>Whether a file can be had.</summary>
public enum RawFileAvailability
{
    /// <summary>Now.</summary>
    Available,

    /// <summary>After a restore, which can be asked for.</summary>
    Archived,

    /// <summary>A restore was asked for and is not done.</summary>
    Restoring,

    /// <summary>The catalogue knows it; the file itself is not there any more.</summary>
    Gone,

    /// <summary>The store does not let this product read it.</summary>
    Denied,
}

/// <summary>Whether a file can be had, and why not.</summary>
/// <param name="StorageClass">As S3 names it; empty when it is not known.</param>
/// <param name="Until">Until when a restored copy is there; null for what is there anyway, and while it is being restored.</param>
/// <param name="Reason">In words, with what helps; null when it can be had.</param>
/// <param name="Replica">The replica bucket that said so; null when the first did.</param>
public sealed record RawFileState(RawFileAvailability Availability, string StorageClass, DateTimeOffset? Until = null, string? Reason = null, string? Replica = null);

/// <summary>How fast archived files are brought back; the faster, the dearer.</summary>
public enum RestoreSpeed
{
    /// <summary>3 to 5 hours from Glacier, 12 from Deep Archive.</summary>
    Standard,

    /// <summary>5 to 12 hours from Glacier, 48 from Deep Archive.</summary>
    Bulk,

    /// <summary>1 to 5 minutes from Glacier; Deep Archive has none.</summary>
    Expedited,
}

/// <summary>A file's bytes.</summary>
/// <param name="Bytes">From the first to the last that counts, forward only; whoever asked disposes it. Null when they cannot be had now.</param>
public sealed record RawFileBytes(RawFileState State, Stream? Bytes);

/// <summary>A way to a file's bytes.</summary>
/// <param name="Way">Null when it cannot be had now.</param>
/// <param name="FileName">The name to save it under.</param>
/// <param name="ContentType">Media type; the bytes are gzip as they are, not a transfer's encoding.</param>
public sealed record RawFileLink(RawFileState State, RawFileWay? Way, string FileName, string ContentType);

/// <summary>How a file's bytes are reached.</summary>
public abstract record RawFileWay
{
    private RawFileWay()
    {
    }

    /// <summary>An address that whoever holds it may read until its end: GET, this one file.</summary>
    public sealed record Presigned(Uri Address, DateTimeOffset ExpiresAt) : RawFileWay
    {
        /// <summary>Never says the address: its signature is a key.</summary>
        public override string ToString() => $"presigned until {ExpiresAt:u}";
    }

    /// <summary>A file of this machine, of which only so many bytes count: who serves it sees to addresses and their end.</summary>
    public sealed record OnDisk(string Path, long Bytes) : RawFileWay;
}
