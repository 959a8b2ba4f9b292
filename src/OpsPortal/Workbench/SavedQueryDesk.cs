using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tokens;

namespace OpsPortal.Workbench;

/// <summary>Changes saved queries. What cannot be audited is not done; a change that comes to nothing after all is written down as refused.</summary>
internal sealed class SavedQueryDesk(ISavedQueries store, IAuditLog audit, IOptions<WorkbenchOptions> options, TimeProvider time)
{
    public WorkbenchOptions Options => options.Value;

    public Task<SavedOutcome> MakeAsync(User user, string name, bool isShared, SavedText text, CallerTrace trace, CancellationToken cancellationToken)
    {
        var id = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
        return AuditedAsync(user, "saveQuery", id, $"“{name}”{(isShared ? ", shared" : "")}: {QueryAudit.Short(text.Sql)}", trace, () => store.MakeAsync(user, id, name, isShared, text, time.GetUtcNow(), Options.SavedPerUser, cancellationToken), cancellationToken);
    }

    public Task<SavedOutcome> AddVersionAsync(User user, string id, long revision, SavedText text, CallerTrace trace, CancellationToken cancellationToken) =>
        ChangeAsync(
            user, "saveQuery", id, _ => QueryAudit.Short(text.Sql), trace, () => store.AddVersionAsync(user, id, revision, text, time.GetUtcNow(), Options.VersionsPerQuery, cancellationToken), cancellationToken);

    /// <returns>Null when there is no such version.</returns>
    public async Task<SavedOutcome?> RestoreAsync(User user, string id, long revision, int version, CallerTrace trace, CancellationToken cancellationToken)
    {
        var versions = await store.FindVersionsAsync(user, id, cancellationToken);
        if (versions.Count == 0)
        {
            return new SavedOutcome(SavedChange.NotThere, null);
        }

        return versions.FirstOrDefault(one => one.Number == version) is { } old
            ? await ChangeAsync(
                user,
                "restoreQuery",
                id,
                _ => string.Create(CultureInfo.InvariantCulture, $"version {version}"),
                trace,
                () => store.AddVersionAsync(user, id, revision, old.Text, time.GetUtcNow(), Options.VersionsPerQuery, cancellationToken),
                cancellationToken)
            : null;
    }

    public Task<SavedOutcome> ChangeAsync(User user, string id, long revision, string? name, bool? isShared, CallerTrace trace, CancellationToken cancellationToken) =>
        ChangeAsync(
            user,
            name is null ? "shareQuery" : "renameQuery",
            id,
            _ => string.Join(", ", new[] { name is null ? null : $"to “{name}”", isShared is { } shared ? (shared ? "shared" : "no longer shared") : null }.Where(part => part is not null)),
            trace,
            () => store.ChangeAsync(user, id, revision, name, isShared, cancellationToken),
            cancellationToken);

    public Task<SavedOutcome> DeleteAsync(User user, string id, CallerTrace trace, CancellationToken cancellationToken) =>
        ChangeAsync(user, "deleteQuery", id, present => $"version {present.Latest.Number}", trace, () => store.DeleteAsync(user, id, cancellationToken), cancellationToken);

    // What is not there for the user has no name to write down.
    private async Task<SavedOutcome> ChangeAsync(User user, string act, string id, Func<SavedQuery, string> detail, CallerTrace trace, Func<Task<SavedOutcome>> change, CancellationToken cancellationToken) =>
        await store.GetAsync(user, id, cancellationToken) is { } present
            ? await AuditedAsync(user, act, id, $"“{present.Name}” of {present.OwnerName}: {detail(present)}", trace, change, cancellationToken)
            : new SavedOutcome(SavedChange.NotThere, null);

    private async Task<SavedOutcome> AuditedAsync(User user, string act, string id, string detail, CallerTrace trace, Func<Task<SavedOutcome>> change, CancellationToken cancellationToken)
    {
        var entry = new AuditEntry(time.GetUtcNow(), user.Name, act, id, trace.From, "ok", detail, trace.Correlation);
        await audit.AppendAsync(entry, cancellationToken);
        var outcome = await change();
        if (outcome.Change != SavedChange.Done)
        {
            await audit.AppendAsync(entry with { At = time.GetUtcNow(), Outcome = "refused" }, CancellationToken.None);
        }

        return outcome;
    }
}
