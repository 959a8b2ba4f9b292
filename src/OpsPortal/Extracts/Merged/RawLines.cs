using System.IO.Compression;
using System.Security.Cryptography;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Health;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Extracts.Merged;

/// <summary>A raw file is not what the catalogue says, or no gzip: in words for people.</summary>
internal sealed class RawFileDamagedException(string reason, Exception? cause = null) : Exception(reason, cause);

/// <summary>The lines of one raw file. Nothing read counts before <see cref="CheckAsync"/> has found the file whole.</summary>
internal sealed class RawLines : IAsyncDisposable
{
    // No message is that long: what is kept as received may be any size, but a line must fit in memory.
    private const int Longest = 16 << 20;

    private readonly ExtractFile _file;
    private readonly HashedBytes _bytes;
    private readonly GZipStream _text;
    private byte[] _buffer = new byte[64 * 1024];
    private int _start;
    private int _end;

    /// <param name="bytes">Of the file; disposed with this.</param>
    public RawLines(ExtractFile file, Stream bytes)
    {
        _file = file;
        _bytes = new HashedBytes(bytes);
        _text = new GZipStream(_bytes, CompressionMode.Decompress);
    }

    /// <summary>The next line without its end, good until the one after; null at the end.</summary>
    /// <exception cref="RawFileDamagedException">It cannot be unpacked.</exception>
    /// <exception cref="StoreUnavailableException">The store went away.</exception>
    public async ValueTask<ReadOnlyMemory<byte>?> NextAsync(CancellationToken cancellationToken)
    {
        var looked = _start;
        while (true)
        {
            if (_buffer.AsSpan(looked, _end - looked).IndexOf((byte)'\n') is >= 0 and var at)
            {
                var line = _buffer.AsMemory(_start, looked + at - _start);
                _start = looked + at + 1;
                return line;
            }

            looked = MakeRoom();
            var read = await ReadAsync(cancellationToken);
            _end += read;
            if (read == 0)
            {
                // A bare null would be an empty memory here, and never the end.
                ReadOnlyMemory<byte>? rest = _end > _start ? _buffer.AsMemory(_start, _end - _start) : default(ReadOnlyMemory<byte>?);
                _start = _end;
                return rest;
            }
        }
    }

    /// <summary>At the end: all bytes that are catalogued were there, and are those that the checksum is of.</summary>
    /// <exception cref="RawFileDamagedException">They are not.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        try
        {
            await _bytes.DrainAsync(cancellationToken);
        }
        catch (IOException e)
        {
            throw new RawFileDamagedException($"it cannot be read to its end ({e.Message.TrimEnd('.')})", e);
        }

        if (_bytes.Count != _file.Bytes)
        {
            throw new RawFileDamagedException($"it has {_bytes.Count} bytes and {_file.Bytes} are catalogued: it was cut or replaced");
        }

        if (_file.Checksum is { Algorithm: RawChecksum.Sha256, OfParts: false } checksum && _bytes.Hash() != checksum.Value)
        {
            throw new RawFileDamagedException("its bytes are not those that its checksum is of");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _text.DisposeAsync();
        await _bytes.DisposeAsync();
    }

    private async Task<int> ReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _text.ReadAsync(_buffer.AsMemory(_end), cancellationToken);
        }
        catch (Exception e) when (e is InvalidDataException or IOException)
        {
            throw new RawFileDamagedException($"it cannot be unpacked ({e.Message.TrimEnd('.')})", e);
        }
    }

    // Gives where the part not looked at begins.
    private int MakeRoom()
    {
        var length = _end - _start;
        if (length == _buffer.Length)
        {
            if (length >= Longest)
            {
                throw new RawFileDamagedException($"it has a line of more than {Longest >> 20} MB");
            }

            Array.Resize(ref _buffer, length * 2);
        }
        else
        {
            _buffer.AsSpan(_start, length).CopyTo(_buffer);
            (_start, _end) = (0, length);
        }

        return _start + length;
    }

    /// <summary>What was read, counted and hashed.</summary>
    private sealed class HashedBytes(Stream bytes) : ForwardStream
    {
        private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);

        public long Count { get; private set; }

        public string Hash() => Convert.ToHexStringLower(_hash.GetHashAndReset());

        public async Task DrainAsync(CancellationToken cancellationToken)
        {
            var rest = new byte[16 * 1024];
            while (await ReadAsync(rest, cancellationToken) > 0)
            {
                // What stands behind the last member counts too.
            }
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            var read = await bytes.ReadAsync(buffer, cancellationToken);
            _hash.AppendData(buffer.Span[..read]);
            Count += read;
            return read;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) => ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read it asynchronously.");

        public override async ValueTask DisposeAsync()
        {
            _hash.Dispose();
            await bytes.DisposeAsync();
            await base.DisposeAsync();
        }
    }
}
