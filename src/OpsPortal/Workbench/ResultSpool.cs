using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.Win32.SafeHandles;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Workbench;

/// <summary>
/// Rows of one result in a file: one writer, any number of readers meanwhile, who see what is flushed. A row is a line of JSON; of every some hundred rows the place is
/// remembered, so that any page is near. The file goes with its last handle.
/// </summary>
internal sealed class ResultSpool : IDisposable
{
    private const int Stride = 256;
    private const int FlushAt = 256 * 1024;

    // A buffer that a long row made larger is not kept as long as the result is.
    private const int LargestKept = 4 * FlushAt;

    private readonly SafeFileHandle _file;
    private readonly Utf8JsonWriter _writer;
    private readonly Lock _lock = new();
    private readonly List<long> _places = [];
    private ArrayBufferWriter<byte> _buffer = new(FlushAt);
    private long _flushed;
    private long _written;
    private long _readable;

    public ResultSpool(string path)
    {
        // The person's own data: nobody else of the machine reads it.
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.ReadWrite | FileShare.Delete, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(_file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        _writer = new Utf8JsonWriter(_buffer, new JsonWriterOptions { SkipValidation = true });
    }

    /// <summary>Rows that can be read.</summary>
    public long Rows => Volatile.Read(ref _readable);

    /// <summary>Bytes of all rows added.</summary>
    public long Bytes => Volatile.Read(ref _flushed) + _buffer.WrittenCount;

    /// <summary>Adds the row the result stands on.</summary>
    public void Add(IWarehouseResult result)
    {
        if (_written % Stride == 0)
        {
            lock (_lock)
            {
                _places.Add(_flushed + _buffer.WrittenCount);
            }
        }

        _writer.WriteStartArray();
        for (var i = 0; i < result.Columns.Count; i++)
        {
            Cells.Write(_writer, result[i], result.Columns[i].Type);
        }

        _writer.WriteEndArray();
        _writer.Flush();
        _writer.Reset();
        _buffer.Write("\n"u8);
        _written++;
        // The first rows are wanted at once.
        if (_buffer.WrittenCount >= FlushAt || _written is 1 or 50)
        {
            Flush();
        }
    }

    /// <summary>Makes all rows added readable.</summary>
    public void Flush()
    {
        RandomAccess.Write(_file, _buffer.WrittenSpan, _flushed);
        Volatile.Write(ref _flushed, _flushed + _buffer.WrittenCount);
        if (_buffer.Capacity > LargestKept)
        {
            _buffer = new(FlushAt);
            _writer.Reset(_buffer);
        }

        _buffer.ResetWrittenCount();
        Volatile.Write(ref _readable, _written);
    }

    /// <summary>Rows from a number on, each as JSON without its line's end. A row's memory holds until the next.</summary>
    public async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(long from, long count, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var end = Math.Min(Rows, from + count);
        if (from >= end)
        {
            yield break;
        }

        var (at, row) = (PlaceOf(from), from / Stride * Stride);
        var (buffer, filled) = (new byte[FlushAt], 0);
        while (row < end)
        {
            var read = await RandomAccess.ReadAsync(_file, buffer.AsMemory(filled), at, cancellationToken);
            (at, filled) = (at + read, filled + read);
            var start = 0;
            while (row < end && buffer.AsSpan(start, filled - start).IndexOf((byte)'\n') is >= 0 and var length)
            {
                if (row++ >= from)
                {
                    yield return buffer.AsMemory(start, length);
                }

                start += length + 1;
            }

            if (read == 0 && row < end && start == 0 && filled < buffer.Length)
            {
                throw new IOException("The kept result ends before its rows do.");
            }

            buffer.AsSpan(start, filled - start).CopyTo(buffer);
            filled -= start;
            if (filled == buffer.Length)
            {
                // A row longer than the buffer.
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
    }

    public void Dispose()
    {
        _writer.Dispose();
        _file.Dispose();
    }

    private long PlaceOf(long row)
    {
        lock (_lock)
        {
            return _places[(int)(row / Stride)];
        }
    }
}
