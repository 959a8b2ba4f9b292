using OpsPortal.Core.Access;

namespace OpsPortal.Core.Extracts;

/// <summary>What a user asks for.</summary>
/// <param name="Trains">Files that hold any of these.</param>
/// <param name="From">Begin of the time, as the trains measured it or as it was received.</param>
/// <param name="To">Its end, exclusive.</param>
/// <param name="Sensors">What a merged download is narrowed to; null for all. Files are handed out whole.</param>
public sealed record ExtractRequest(IReadOnlyList<string> Trains, DateTimeOffset From, DateTimeOffset To, IReadOnlyList<string>? Sensors);

/// <summary>Raw files handed out to one user: which they are is settled when it is made, whether they may be had is looked at anew for each.</summary>
/// <param name="Count">How many files.</param>
/// <param name="EndsAt">Nothing is handed out after this.</param>
/// <param name="TokenMadeAt">Null while no token opens it.</param>
/// <param name="WithdrawnBy">Name of who withdrew it; null while it holds.</param>
public sealed record Extract(
    string Id, string MakerId, string MakerName, ExtractRequest Request, DateTimeOffset MadeAt, DateTimeOffset EndsAt, long Count, long Bytes,
    DateTimeOffset? TokenMadeAt, DateTimeOffset? WithdrawnAt, string? WithdrawnBy)
{
    /// <summary>What a script may do with an extract's token, whatever its maker may.</summary>
    public static IReadOnlySet<Verb> TokenVerbs { get; } = new HashSet<Verb> { Verb.MakeExtracts };

    /// <summary>Whether anything is handed out at that moment.</summary>
    public bool HoldsAt(DateTimeOffset now) => WithdrawnAt is null && EndsAt > now;
}

/// <summary>One file of an extract.</summary>
/// <param name="Number">From 1: what a link names in place of the key.</param>
/// <param name="Checksum">Null when the store knows none.</param>
/// <param name="Trains">All trains inside; empty when nobody knows.</param>
/// <param name="From">First measured time inside, or the begin of the hour of arrival when nobody knows.</param>
/// <param name="To">Last measured time inside, or the end of that hour.</param>
public sealed record ExtractFile(long Number, string Key, long Bytes, RawChecksum? Checksum, string StorageClass, IReadOnlyList<string> Trains, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>The file as catalogued.</summary>
    public static ExtractFile Of(long number, RawFile file)
    {
        var trains = file.Content?.Trains ?? [];
        return new ExtractFile(
            number,
            file.Key,
            file.Bytes,
            file.Checksum,
            file.StorageClass,
            [.. trains.Select(train => train.TrainId)],
            trains.Min(train => train.FirstMeasuredAt) ?? file.Hour,
            trains.Max(train => train.LastMeasuredAt) ?? file.Hour.AddHours(1));
    }
}

/// <summary>Extracts with their files, and their tokens by hash: the secret itself is shown once and kept nowhere.</summary>
public interface IExtractStore
{
    /// <summary>Keeps files of an extract that is being made; nobody sees them before <see cref="KeepAsync"/>.</summary>
    Task AddFilesAsync(string id, IReadOnlyList<ExtractFile> files, CancellationToken cancellationToken);

    /// <summary>Keeps the extract, all its files before; returns only when it would survive a restart.</summary>
    /// <param name="tokenHash"><see cref="BearerSecret.Hash"/> of what a script will show.</param>
    Task KeepAsync(Extract extract, string tokenHash, CancellationToken cancellationToken);

    /// <summary>One extract, or null; also one that no longer holds.</summary>
    Task<Extract?> GetAsync(string id, CancellationToken cancellationToken);

    /// <summary>The extract that a token with this hash opens, or null.</summary>
    Task<Extract?> FindByTokenAsync(string tokenHash, CancellationToken cancellationToken);

    /// <summary>Extracts newest first: of one maker, or of all where it is null.</summary>
    Task<IReadOnlyList<Extract>> FindAsync(string? makerId, int limit, CancellationToken cancellationToken);

    /// <summary>Files inside the scope by number, after one.</summary>
    Task<IReadOnlyList<ExtractFile>> FindFilesAsync(Scope scope, string id, long after, int limit, CancellationToken cancellationToken);

    /// <summary>One file, or null when there is none or it is outside the scope: the two look the same.</summary>
    Task<ExtractFile?> GetFileAsync(Scope scope, string id, long number, CancellationToken cancellationToken);

    /// <summary>Of those, the ones in an archive's class (<see cref="ArchiveClass"/>) when the extract was made.</summary>
    Task<IReadOnlyList<ExtractFile>> FindArchivedAsync(Scope scope, string id, long after, int limit, CancellationToken cancellationToken);

    /// <summary>Puts another token in the place of the present one, or none.</summary>
    Task SetTokenAsync(string id, string? tokenHash, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Withdraws; one that was withdrawn before keeps its first time and name. Its token opens nothing any more.</summary>
    Task WithdrawAsync(string id, string by, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Forgets extracts that ended before a time, and files whose extract was never finished.</summary>
    Task ForgetAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken);
}
