using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>
/// The bytes of a recording as they are unpacked, held to what a recording can be: a small file that unpacks without end, or a
/// line without end, is refused long before it fills the memory.
/// </summary>
/// <param name="inner">The unpacked bytes.</param>
/// <param name="packed">The file itself: its length is what unpacking is measured against.</param>
internal sealed class RecordingBytes(Stream inner, Stream packed) : ForwardStream
{
    /// <summary>A line has at most this many bytes.</summary>
    public const int LongestLine = 1024 * 1024;

    /// <summary>A packed file unpacks to at most this many times its size; tables of measurements pack 5 to 30 times.</summary>
    public const int MostUnpacked = 200;

    // Small files may be as repetitive as they like.
    private const long Free = 16 * 1024 * 1024;

    private long _total;
    private long _line;

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    /// <exception cref="InvalidDataException">The file is not a recording; says why.</exception>
    public override int Read(Span<byte> buffer)
    {
        var read = inner.Read(buffer);
        _total += read;
        if (_total > Free && _total / MostUnpacked > packed.Length)
        {
            throw new InvalidDataException($"unpacks to more than {MostUnpacked} times its {packed.Length} bytes: that is no table of measurements; unpack it yourself if it is");
        }

        var end = buffer[..read].LastIndexOf((byte)'\n');
        _line = end < 0 ? _line + read : read - end - 1;
        if (_line > LongestLine)
        {
            throw new InvalidDataException($"has a line of more than {LongestLine} bytes");
        }

        return read;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            inner.Dispose();
            packed.Dispose();
        }

        base.Dispose(disposing);
    }
}
