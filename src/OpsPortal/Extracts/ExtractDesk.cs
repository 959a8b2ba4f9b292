using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Extracts;
using OpsPortal.Tokens;

namespace OpsPortal.Extracts;

/// <summary>An extract just made or given a new token: the only moment at which the token can be read.</summary>
internal sealed record MadeExtract(Extract Extract, string Token);

/// <summary>What a request would come to.</summary>
/// <param name="Archived">Files that must be brought back before they can be had.</param>
/// <param name="Open">Files still written to: they are closed when the extract is made, and may grow until then.</param>
/// <param name="ReachesNow">Whether the running hour is asked for: what was received in it comes besides, as far as it is not counted yet.</param>
internal sealed record ExtractSize(long Count, long Bytes, long Archived, long Open, bool ReachesNow);

/// <summary>Makes, lists, opens and withdraws extracts. What cannot be audited is not done.</summary>
internal sealed class ExtractDesk(IExtractStore store, ExtractChoice choice, IAuditLog audit, IOptions<ExtractOptions> options, TimeProvider time)
{
    private const int Most = 1_000;
    private const int AtOnce = 1_000;

    public ExtractOptions Options => options.Value;

    /// <summary>Says how much it would be.</summary>
    public async Task<ExtractSize> SizeAsync(User user, ExtractRequest request, CancellationToken cancellationToken)
    {
        var size = new ExtractSize(0, 0, 0, 0, choice.ReachesNow(request));
        await foreach (var file in choice.FindAsync(user.Scope, request, Options.LateFor, cancellationToken))
        {
            size = size with
            {
                Count = size.Count + 1,
                Bytes = size.Bytes + file.Bytes,
                Archived = size.Archived + (ArchiveClass.Includes(file.StorageClass) ? 1 : 0),
                Open = size.Open + (file.IsOpen ? 1 : 0),
            };
        }

        return size;
    }

    /// <summary>Makes an extract, or says by field what is wrong.</summary>
    public async Task<(MadeExtract? Made, string? Field, string? Wrong)> MakeAsync(User maker, ExtractRequest request, CallerTrace trace, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        if ((await store.FindAsync(maker.Id, Most, cancellationToken)).Count(extract => extract.HoldsAt(now)) >= Options.MostPerUser)
        {
            return (null, "request", $"You have {Options.MostPerUser} extracts that hold; withdraw one first.");
        }

        await store.ForgetAsync(now - Options.KeepFor, cancellationToken);
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        if (await ChooseAsync(id, maker, request, cancellationToken) is not var (count, bytes))
        {
            return (null, "to", $"These are more than {Options.MostFiles} files; ask for fewer trains or a shorter time.");
        }

        var token = BearerSecret.OfExtract.New();
        var extract = new Extract(id, maker.Id, maker.Name, request, now, now + Options.KeepFor, count, bytes, now, null, null);
        await AuditAsync(maker, "makeExtract", id, Words(extract), trace, cancellationToken);
        await store.KeepAsync(extract, BearerSecret.Hash(token), cancellationToken);
        return (new MadeExtract(extract, token), null, null);
    }

    /// <summary>Extracts the user may see: their own, or all for who may end sessions.</summary>
    public Task<IReadOnlyList<Extract>> FindAsync(User user, bool all, CancellationToken cancellationToken) =>
        store.FindAsync(all && user.May(Verb.EndSessions) ? null : user.Id, Most, cancellationToken);

    /// <summary>One of the user's own; null for any other, and for one that is not there: the two look the same.</summary>
    public async Task<Extract?> GetAsync(User user, string id, CancellationToken cancellationToken) =>
        await store.GetAsync(id, cancellationToken) is { } extract && extract.MakerId == user.Id ? extract : null;

    /// <summary>The same, also for who may end sessions: to withdraw it.</summary>
    public async Task<bool> WithdrawAsync(User user, string id, CallerTrace trace, CancellationToken cancellationToken)
    {
        if (await store.GetAsync(id, cancellationToken) is not { } extract || (extract.MakerId != user.Id && !user.May(Verb.EndSessions)))
        {
            return false;
        }

        await AuditAsync(user, "withdrawExtract", id, $"of {extract.MakerName}", trace, cancellationToken);
        await store.WithdrawAsync(id, user.Name, time.GetUtcNow(), cancellationToken);
        return true;
    }

    /// <summary>A new token in place of the present one, which opens nothing any more.</summary>
    public async Task<MadeExtract?> RenewTokenAsync(User user, string id, CallerTrace trace, CancellationToken cancellationToken)
    {
        if (await GetAsync(user, id, cancellationToken) is not { } extract || !extract.HoldsAt(time.GetUtcNow()))
        {
            return null;
        }

        var (token, now) = (BearerSecret.OfExtract.New(), time.GetUtcNow());
        await AuditAsync(user, "makeExtractToken", id, null, trace, cancellationToken);
        await store.SetTokenAsync(id, BearerSecret.Hash(token), now, cancellationToken);
        return new MadeExtract(extract with { TokenMadeAt = now }, token);
    }

    /// <summary>Takes the token away; the extract stays open to its maker.</summary>
    public async Task<bool> RevokeTokenAsync(User user, string id, CallerTrace trace, CancellationToken cancellationToken)
    {
        if (await GetAsync(user, id, cancellationToken) is null)
        {
            return false;
        }

        await AuditAsync(user, "revokeExtractToken", id, null, trace, cancellationToken);
        await store.SetTokenAsync(id, null, time.GetUtcNow(), cancellationToken);
        return true;
    }

    /// <summary>Writes down that a manifest is read.</summary>
    public Task NoteReadingAsync(User user, Extract extract, CallerTrace trace, CancellationToken cancellationToken) =>
        AuditAsync(user, "readManifest", extract.Id, null, trace, cancellationToken);

    /// <summary>Writes down that a file is handed out: to whom and which, never the signature.</summary>
    public Task NoteFetchAsync(User user, Extract extract, ExtractFile file, CallerTrace trace, CancellationToken cancellationToken) =>
        AuditAsync(user, "fetchRawFile", file.Key, $"file {file.Number} of extract {extract.Id}", trace, cancellationToken);

    private async Task<(long Count, long Bytes)?> ChooseAsync(string id, User maker, ExtractRequest request, CancellationToken cancellationToken)
    {
        var (count, bytes, batch) = (0L, 0L, new List<ExtractFile>(AtOnce));
        await foreach (var file in choice.FindClosedAsync(maker.Scope, request, Options.LateFor, Options.CloseWithin, cancellationToken))
        {
            (count, bytes) = (count + 1, bytes + file.Bytes);
            if (count > Options.MostFiles)
            {
                return null;
            }

            batch.Add(ExtractFile.Of(count, file));
            if (batch.Count == AtOnce)
            {
                await store.AddFilesAsync(id, batch, cancellationToken);
                batch.Clear();
            }
        }

        await store.AddFilesAsync(id, batch, cancellationToken);
        return (count, bytes);
    }

    private Task AuditAsync(User user, string act, string on, string? detail, CallerTrace trace, CancellationToken cancellationToken) =>
        audit.AppendAsync(new AuditEntry(time.GetUtcNow(), user.Name, act, on, trace.From, "ok", detail, trace.Correlation), cancellationToken);

    private static string Words(Extract extract) => string.Create(
        CultureInfo.InvariantCulture,
        $"{extract.Count} files, {extract.Bytes} bytes, {extract.Request.Trains.Count} trains, {extract.Request.From.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'} to {extract.Request.To.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}");
}
