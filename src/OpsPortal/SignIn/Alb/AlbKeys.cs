using System.Collections.Concurrent;
using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using OpsPortal.Door;

namespace OpsPortal.SignIn.Alb;

/// <summary>The region's public keys, each read once. Names that lead to none are remembered too: anybody who reaches the portal can make them up.</summary>
internal sealed class AlbKeys(IOptions<AlbOptions> options, TimeProvider time, ILogger<AlbKeys> logger) : IDisposable
{
    private const int LargestKey = 4 * 1024;
    private const int MostRemembered = 256;
    private static readonly TimeSpan NoneFor = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, (ECDsa? Key, DateTimeOffset Until)> _known = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _reading = new(1);
    private readonly HttpClient _client = new(OutsideConnection.Handler(options.Value.Timeout)) { Timeout = options.Value.Timeout, MaxResponseContentBufferSize = LargestKey };

    /// <summary>The key of that name; null when there is none, or it cannot be read now.</summary>
    /// <param name="id">Looked at beforehand: nothing but a key's name.</param>
    public async Task<ECDsa?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var name = id.ToString();
        if (Remembered(name) is { } known)
        {
            return known.Key;
        }

        await _reading.WaitAsync(cancellationToken);
        try
        {
            if (Remembered(name) is { } meanwhile)
            {
                return meanwhile.Key;
            }

            if (_known.Count >= MostRemembered)
            {
                foreach (var (other, _) in _known.Where(pair => pair.Value.Key is null))
                {
                    _known.TryRemove(other, out _);
                }
            }

            var key = await ReadAsync(name, cancellationToken);
            _known[name] = (key, key is null ? time.GetUtcNow() + NoneFor : DateTimeOffset.MaxValue);
            return key;
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose()
    {
        _client.Dispose();
        _reading.Dispose();
        foreach (var (key, _) in _known.Values)
        {
            key?.Dispose();
        }
    }

    private (ECDsa? Key, DateTimeOffset Until)? Remembered(string name) => _known.TryGetValue(name, out var known) && known.Until > time.GetUtcNow() ? known : null;

    private async Task<ECDsa?> ReadAsync(string name, CancellationToken cancellationToken)
    {
        try
        {
            var pem = await _client.GetStringAsync($"{options.Value.Keys}/{name}", cancellationToken);
            var key = ECDsa.Create();
            key.ImportFromPem(pem);
            return key;
        }
        catch (Exception e) when (e is HttpRequestException or ArgumentException or CryptographicException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            logger.KeyNotRead(e.Message);
            return null;
        }
    }
}

internal static partial class Log
{
    [LoggerMessage(Level = LogLevel.Warning, Message = "A public key of the load balancer could not be read: {Problem}")]
    public static partial void KeyNotRead(this ILogger logger, string problem);
}
