using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>The present keys, shared by all services. However many requests want new ones, they are read once.</summary>
internal sealed class KeyRing(ICredentialSource source, IOptions<AwsOptions> options, TimeProvider time, ILogger<KeyRing> logger) : IDisposable
{
    // A source that gives keys near their end, or fails while the old keys still hold, is not asked more often than this.
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _reading = new(1, 1);
    private volatile Held? _held;

    private sealed record Held(AwsKeys Keys, DateTimeOffset AskAgainAt);

    /// <summary>Keys to sign with; read again in time before they expire.</summary>
    /// <exception cref="NoCredentialsException">No source has any; or those held have expired and cannot be read again.</exception>
    public ValueTask<AwsKeys> GetAsync(CancellationToken cancellationToken) =>
        _held is { } held && !IsDue(held) ? ValueTask.FromResult(held.Keys) : new(ReadAsync(null, cancellationToken));

    /// <summary>Keys that are not those refused: read anew unless somebody else has done so meanwhile.</summary>
    public Task<AwsKeys> ReplaceAsync(AwsKeys refused, CancellationToken cancellationToken) => ReadAsync(refused, cancellationToken);

    public void Dispose() => _reading.Dispose();

    private async Task<AwsKeys> ReadAsync(AwsKeys? refused, CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (_held is { } held && !IsDue(held) && held.Keys != refused)
            {
                return held.Keys;
            }

            return await ReadNeedsLockAsync(mayKeep: refused is null, cancellationToken);
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task<AwsKeys> ReadNeedsLockAsync(bool mayKeep, CancellationToken cancellationToken)
    {
        try
        {
            // What the source remembers are the keys held: near their end, or refused.
            var keys = await source.ReadAsync(fresh: _held is not null, cancellationToken);
            _held = new Held(keys, AskAgainAt(keys));
            return keys;
        }
        catch (Exception e) when (mayKeep && e is not OperationCanceledException && _held is { } held && (held.Keys.ExpiresAt is not { } end || end > time.GetUtcNow()))
        {
            Log.CannotRenewKeys(logger, held.Keys.ExpiresAt, e);
            _held = held with { AskAgainAt = time.GetUtcNow() + Pause };
            return held.Keys;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new NoCredentialsException(e);
        }
    }

    private DateTimeOffset AskAgainAt(AwsKeys keys)
    {
        if (keys.ExpiresAt is not { } end)
        {
            return DateTimeOffset.MaxValue;
        }

        var (early, soon) = (end - options.Value.CredentialsMargin, time.GetUtcNow() + Pause);
        return early > soon ? early : soon < end ? soon : end;
    }

    private bool IsDue(Held held) => held.AskAgainAt <= time.GetUtcNow();
}

/// <summary>There are no AWS credentials to sign with: nothing was sent.</summary>
internal sealed class NoCredentialsException(Exception cause) : Exception($"No AWS credentials: {cause.Message}", cause);
