using System.Globalization;
using System.Text.RegularExpressions;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;

namespace OpsPortal.Core.Warehouse;

/// <summary>
/// Whole results as Parquet files that the warehouse itself writes, for what is too much to go through the portal. The walls are those of <see cref="IWarehouse"/>: the same check of the
/// text, the same user's rights and scope, a transaction that only reads, a limit of time.
/// </summary>
public interface IUnloading
{
    /// <summary>Why there is none here, in words; null when there is.</summary>
    string? Absent { get; }

    /// <summary>A place for files that are written from now on; it says itself when they go.</summary>
    UnloadPlace NewPlace(string id);

    /// <summary>Runs a query whose rows go into files of this place. Files of one that failed or was cancelled may be there in part: <see cref="RemoveAsync"/>.</summary>
    /// <param name="started">Is told what the server calls the statement.</param>
    /// <param name="cancellationToken">Cancels on the server.</param>
    /// <exception cref="QueryRefusedException">It is no single query, or cannot be written as files.</exception>
    /// <exception cref="QueryFailedException">The server found a mistake in it.</exception>
    /// <exception cref="QueryCutException">A limit ended it.</exception>
    /// <exception cref="WarehouseDeniedException">This user has no access, or the warehouse may not write for this user.</exception>
    /// <exception cref="Health.StoreUnavailableException">The warehouse or the place of the files cannot be reached.</exception>
    Task<UnloadedResult> UnloadAsync(User user, WarehouseQuery query, UnloadPlace place, Action<string> started, CancellationToken cancellationToken);

    /// <summary>An address of one file, signed now and short; null when the file is not there.</summary>
    /// <exception cref="Health.StoreUnavailableException">The place of the files cannot be reached.</exception>
    Task<RawFileWay.Presigned?> LinkAsync(UnloadPlace place, string name, CancellationToken cancellationToken);

    /// <summary>Removes all files of a place.</summary>
    Task<UnloadRemoval> RemoveAsync(UnloadPlace place, CancellationToken cancellationToken);

    /// <summary>Removes the files of every place whose time is over, whichever process made it; one answer for each, and one for a listing that failed.</summary>
    Task<IReadOnlyList<UnloadRemoval>> RemoveEndedAsync(CancellationToken cancellationToken);
}

/// <summary>Where the files of one job are. Its name holds the time at which they go, so that any process finds it out without remembering anything.</summary>
/// <param name="Id">32 hexadecimal digits, a new one for each job.</param>
/// <param name="Until">Whole seconds.</param>
public sealed partial record UnloadPlace(string Id, DateTimeOffset Until)
{
    private const string Form = "yyyyMMdd'T'HHmmss'Z'";

    /// <summary>Such as 20261129T080000Z-0123456789abcdef0123456789abcdef.</summary>
    public string Name => $"{Until.UtcDateTime.ToString(Form, CultureInfo.InvariantCulture)}-{Id}";

    /// <summary>The place of this name; null when it is not the name of one.</summary>
    public static UnloadPlace? Read(string name) =>
        Pattern().Match(name) is { Success: true } match
        && DateTimeOffset.TryParseExact(match.Groups["until"].Value, Form, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var until)
            ? new UnloadPlace(match.Groups["id"].Value, until)
            : null;

    [GeneratedRegex(@"^(?<until>[0-9]{8}T[0-9]{6}Z)-(?<id>[0-9a-f]{32})\z")]
    private static partial Regex Pattern();
}

/// <summary>A file that was written.</summary>
/// <param name="Name">Within its place.</param>
/// <param name="Key">The whole key.</param>
/// <param name="Bytes">Null when the warehouse does not say.</param>
/// <param name="Rows">Null when the warehouse does not say.</param>
public sealed record UnloadedFile(string Name, string Key, long? Bytes, long? Rows);

/// <summary>What was written.</summary>
/// <param name="StatementId">What the server calls the statement, for its logs.</param>
/// <param name="Rows">Of all files; null when the warehouse does not say.</param>
public sealed record UnloadedResult(string StatementId, IReadOnlyList<UnloadedFile> Files, long? Rows);

/// <summary>What came of removing the files of a place.</summary>
/// <param name="Problem">Why not all are removed; null when they are.</param>
public sealed record UnloadRemoval(string Place, int Removed, string? Problem);

/// <summary>A warehouse that writes no files.</summary>
/// <param name="absent">Why.</param>
public sealed class NoUnloading(string absent) : IUnloading
{
    /// <inheritdoc/>
    public string? Absent => absent;

    /// <inheritdoc/>
    public UnloadPlace NewPlace(string id) => throw new InvalidOperationException(absent);

    /// <inheritdoc/>
    public Task<UnloadedResult> UnloadAsync(User user, WarehouseQuery query, UnloadPlace place, Action<string> started, CancellationToken cancellationToken) => throw new InvalidOperationException(absent);

    /// <inheritdoc/>
    public Task<RawFileWay.Presigned?> LinkAsync(UnloadPlace place, string name, CancellationToken cancellationToken) => Task.FromResult<RawFileWay.Presigned?>(null);

    /// <inheritdoc/>
    public Task<UnloadRemoval> RemoveAsync(UnloadPlace place, CancellationToken cancellationToken) => Task.FromResult(new UnloadRemoval(place.Name, 0, null));

    /// <inheritdoc/>
    public Task<IReadOnlyList<UnloadRemoval>> RemoveEndedAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<UnloadRemoval>>([]);
}
