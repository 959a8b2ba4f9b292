using OpsPortal.Core.Access;
using OpsPortal.Core.Health;

namespace OpsPortal.Tests.SignIn;

/// <summary>A session store whose disk is full from some moment on: it reads, and writes nothing.</summary>
internal sealed class ReadOnlySessions(ISessionStore store) : ISessionStore
{
    public bool IsFull { get; set; }

    public Task<Session?> GetAsync(string id, CancellationToken cancellationToken) => store.GetAsync(id, cancellationToken);

    public Task<Session?> GetByKeyAsync(string key, CancellationToken cancellationToken) => store.GetByKeyAsync(key, cancellationToken);

    public Task<IReadOnlyList<Session>> FindAsync(string? userId, int limit, CancellationToken cancellationToken) => store.FindAsync(userId, limit, cancellationToken);

    public Task<int> CountFromAsync(string address, CancellationToken cancellationToken) => store.CountFromAsync(address, cancellationToken);

    public Task<int> CountAsync(string userId, CancellationToken cancellationToken) => store.CountAsync(userId, cancellationToken);

    public Task KeepAsync(string id, Session session, CancellationToken cancellationToken) => Write(() => store.KeepAsync(id, session, cancellationToken));

    public Task NoteUseAsync(string key, DateTimeOffset usedAt, DateTimeOffset idleAt, CancellationToken cancellationToken) => Write(() => store.NoteUseAsync(key, usedAt, idleAt, cancellationToken));

    public Task<bool> TryClaimCheckAsync(string key, DateTimeOffset now, DateTimeOffset next, CancellationToken cancellationToken) => Write(() => store.TryClaimCheckAsync(key, now, next, cancellationToken));

    public Task RenewAsync(string key, User user, ProviderSession provider, CancellationToken cancellationToken) => Write(() => store.RenewAsync(key, user, provider, cancellationToken));

    public Task EndAsync(string key, CancellationToken cancellationToken) => Write(() => store.EndAsync(key, cancellationToken));

    public Task<IReadOnlyList<Session>> EndOfProviderAsync(string issuer, string? subject, string? sessionId, CancellationToken cancellationToken) => Write(() => store.EndOfProviderAsync(issuer, subject, sessionId, cancellationToken));

    private T Write<T>(Func<T> write) => IsFull ? throw new StoreUnavailableException("sessions", "the disk is full") : write();
}
