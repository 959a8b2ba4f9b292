using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Extracts;
using OpsPortal.Tokens;

namespace OpsPortal.Extracts;

/// <summary>One archived file of an extract, and whether it can be had.</summary>
internal sealed record ArchivedFile(ExtractFile File, RawFileState? State);

/// <summary>Archived files of an extract: how each is now, and asking for them to be brought back.</summary>
internal sealed class ArchiveDesk(IExtractStore store, IRawFiles files, IAuditLog audit, TimeProvider time)
{
    /// <summary>Most files that are asked for at once: each is a request to S3.</summary>
    public const int AtOnce = 200;

    /// <summary>Whether an extract holds any inside the user's scope.</summary>
    public async Task<bool> HoldsAnyAsync(User user, Extract extract, CancellationToken cancellationToken) =>
        (await store.FindArchivedAsync(user.Scope, extract.Id, 0, 1, cancellationToken)).Count > 0;

    /// <summary>Archived files by number, after one, each looked at now. A file that is not there any more has no state.</summary>
    public async Task<IReadOnlyList<ArchivedFile>> FindAsync(User user, Extract extract, long after, int limit, CancellationToken cancellationToken) =>
        await Task.WhenAll((await store.FindArchivedAsync(user.Scope, extract.Id, after, limit, cancellationToken))
            .Select(async file => new ArchivedFile(file, await files.GetStateAsync(user.Scope, file.Key, cancellationToken))));

    /// <summary>Asks for archived files after a number, up to <see cref="AtOnce"/>, and gives their states afterwards. What cannot be audited is not asked for.</summary>
    public async Task<IReadOnlyList<ArchivedFile>> RestoreAsync(User user, Extract extract, RestoreSpeed? speed, long after, CallerTrace trace, CancellationToken cancellationToken)
    {
        var archived = await store.FindArchivedAsync(user.Scope, extract.Id, after, AtOnce, cancellationToken);
        if (archived.Count == 0)
        {
            return [];
        }

        var detail = $"{archived.Count} files, {archived[0].Number} to {archived[^1].Number}, {(speed is { } asked ? WireJson.Word(asked) : "as configured")}";
        await audit.AppendAsync(new AuditEntry(time.GetUtcNow(), user.Name, "askRestore", extract.Id, trace.From, "ok", detail, trace.Correlation), cancellationToken);
        return await Task.WhenAll(archived.Select(async file => new ArchivedFile(file, await files.RequestRestoreAsync(user.Scope, file.Key, speed, cancellationToken))));
    }
}
