using OpsPortal.Core.Extracts;
using OpsPortal.Core.Health;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>
/// An object's bytes, read a part at a time: each part has its own time limit and repetition, no more than one is in memory, and the replica can take over between two.
/// Whether all of them are of the same object is for the reader to check, by the file's checksum.
/// </summary>
internal sealed class S3Bytes(S3Buckets buckets, RawFileKey key) : ForwardStream
{
    private const int PartBytes = 4 << 20;

    private const string Store = "raw file";

    private ReadOnlyMemory<byte> _part;
    private long _read;
    private bool _ended;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_part.IsEmpty && !_ended)
        {
            _part = await NextAsync(cancellationToken);
            _read += _part.Length;
            _ended = _part.Length < PartBytes;
        }

        var given = _part[..Math.Min(buffer.Length, _part.Length)];
        given.CopyTo(buffer);
        _part = _part[given.Length..];
        return given.Length;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

    private async Task<byte[]> NextAsync(CancellationToken cancellationToken)
    {
        try
        {
            var (part, _) = await buckets.AskAsync((bucket, inner) => bucket.ReadPartAsync(bucket.Place.Prefix + key, _read, PartBytes, inner), cancellationToken);
            return part;
        }
        catch (S3RefusedException e)
        {
            // It could be had a moment ago.
            throw new StoreUnavailableException(Store, $"{key} could be read and now cannot: {e.Message}", e);
        }
    }
}
