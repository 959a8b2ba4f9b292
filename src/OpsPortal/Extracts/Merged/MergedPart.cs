using System.Globalization;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using OpsPortal.Api;

namespace OpsPortal.Extracts.Merged;

/// <summary>It cannot go on, in words for people; what is written so far stays.</summary>
internal sealed class MergedFailedException(string reason) : Exception(reason);

/// <summary>A raw file that is not in a merged download, and why.</summary>
internal sealed record LeftOutFile(string Key, string Reason);

/// <summary>How far a part is: every file up to <paramref name="After"/> is in it or left out.</summary>
/// <param name="Length">Bytes.</param>
/// <param name="Unplaced">Messages of the trains that do not say when they were measured.</param>
/// <param name="LeftOut">How many files are left out.</param>
internal readonly record struct MergedTally(long After, long Files, long Length, long Rows, long Unplaced, long LeftOut);

/// <summary>
/// A merged download while it is written: one gzip member for each raw file, one behind the other, and a journal that says up to which all is on disk. After a kill it is cut to
/// the journal and goes on with the next file: nothing is lost and nothing is there twice. It becomes whole by its name, at the very end.
/// </summary>
internal sealed class MergedPart : IDisposable
{
    /// <summary>Files left out that are named; of more, only the number is told.</summary>
    public const int MostNamed = 1_000;

    // Room is looked at anew after so many bytes.
    private const int LookEvery = 8 << 20;

    // gzip of nothing: an empty download is one that can be unpacked, too.
    private static readonly byte[] Empty = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private readonly string _folder;
    private readonly MergedOptions _options;
    private readonly FileStream _rows;
    private readonly FileStream _journal;
    private readonly List<LeftOutFile> _named = [];
    private List<LeftOutFile> _unnoted = [];
    private long _lookedAt = long.MinValue;

    private MergedPart(string folder, MergedOptions options)
    {
        (_folder, _options) = (folder, options);
        if (File.Exists(Path.Combine(folder, Whole)))
        {
            // Killed between the last byte and the word that it is whole.
            File.Move(Path.Combine(folder, Whole), Path.Combine(folder, "rows.part"), overwrite: true);
        }

        _rows = Open("rows.part");
        _journal = Open("journal.ndjson");
    }

    /// <summary>Name of the finished file.</summary>
    public const string Whole = "rows.gz";

    /// <summary>As far as it is, noted or not.</summary>
    public MergedTally Tally { get; private set; }

    /// <summary>The first files that were left out.</summary>
    public IReadOnlyList<LeftOutFile> Named => _named;

    /// <summary>Takes up what there is, or begins.</summary>
    /// <param name="head">What a new file begins with.</param>
    /// <exception cref="MergedFailedException">The disk does not take it.</exception>
    public static MergedPart TakeUp(string folder, MergedOptions options, ReadOnlyMemory<byte> head)
    {
        try
        {
            Directory.CreateDirectory(folder);
            var part = new MergedPart(folder, options);
            part.CutToJournal();
            if (part.Tally.Length == 0 && head.Length > 0)
            {
                using var member = part.Begin();
                member.Write(head.Span);
                member.Keep(part.Tally);
                part.Note();
            }

            return part;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Disk(e);
        }
    }

    /// <summary>Room for one raw file's rows. What is not kept is as if it had never been written.</summary>
    public Member Begin()
    {
        LookForRoom();
        return new Member(this);
    }

    /// <summary>The file is not in it.</summary>
    public void LeaveOut(long number, string key, string reason)
    {
        var file = new LeftOutFile(key, reason);
        _unnoted.Add(file);
        Name(file);
        Tally = Tally with { After = number, Files = Tally.Files + 1, LeftOut = Tally.LeftOut + 1 };
    }


    /// <summary>Forces what there is to disk and notes it: from here it goes on after a kill.</summary>
    public void Note()
    {
        try
        {
            _rows.Flush(flushToDisk: true);
            JsonSerializer.Serialize(_journal, new Entry(Tally, _unnoted), WireJson.Options);
            _journal.WriteByte((byte)'\n');
            _journal.Flush(flushToDisk: true);
            _unnoted = [];
        }
        catch (IOException e)
        {
            throw Disk(e);
        }
    }

    /// <summary>The end: gives the SHA-256 of the whole file in lower-case hex, which then stands under its name.</summary>
    public async Task<string> FinishAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (Tally.Length == 0)
            {
                _rows.Write(Empty);
                Tally = Tally with { Length = _rows.Position };
            }

            Note();
            _rows.Position = 0;
            var hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(_rows, cancellationToken));
            File.Move(Path.Combine(_folder, "rows.part"), Path.Combine(_folder, Whole));
            return hash;
        }
        catch (IOException e)
        {
            throw Disk(e);
        }
    }

    /// <summary>What was not noted is cut off when it is taken up again.</summary>
    public void Dispose()
    {
        Close(_rows);
        Close(_journal);
    }

    private static void Close(FileStream file)
    {
        try
        {
            file.Dispose();
        }
        catch (IOException)
        {
            // The disk is full: that is told already, and what is not on it was not noted.
        }
    }

    private FileStream Open(string name)
    {
        // The person's own data: nobody else of the machine reads it.
        var options = new FileStreamOptions { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.Read | FileShare.Delete, BufferSize = 128 * 1024 };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        return new FileStream(Path.Combine(_folder, name), options);
    }

    private void CutToJournal()
    {
        var (good, at) = (0L, 0L);
        foreach (var line in Lines())
        {
            at += line.Length + 1;
            // What a kill has torn is the last line; what the disk lost is behind what it kept.
            if (TryRead(line) is not { } entry || entry.Tally.Length > _rows.Length)
            {
                break;
            }

            Tally = entry.Tally;
            entry.LeftOut.ForEach(Name);
            good = at;
        }

        _journal.SetLength(good);
        _journal.Position = good;
        _rows.SetLength(Tally.Length);
        _rows.Position = Tally.Length;
    }

    private IEnumerable<byte[]> Lines()
    {
        _journal.Position = 0;
        var line = new MemoryStream();
        for (int read; (read = _journal.ReadByte()) >= 0;)
        {
            if (read == '\n')
            {
                yield return line.ToArray();
                line.SetLength(0);
            }
            else
            {
                line.WriteByte((byte)read);
            }
        }
    }

    private static Entry? TryRead(byte[] line)
    {
        try
        {
            return JsonSerializer.Deserialize<Entry>(line, WireJson.Options);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Name(LeftOutFile file)
    {
        if (_named.Count < MostNamed)
        {
            _named.Add(file);
        }
    }

    private void LookForRoom()
    {
        if (_rows.Position - _lookedAt < LookEvery && _lookedAt >= 0)
        {
            return;
        }

        _lookedAt = _rows.Position;
        var free = new DriveInfo(_folder).AvailableFreeSpace;
        if (free < _options.LeaveFree)
        {
            throw new MergedFailedException(
                $"The portal's disk has {SizeWords.Of(free)} left, and {SizeWords.Of(_options.LeaveFree)} stay free for everything else (MergedDownloads:LeaveFree). An administrator can make room; then go on, or ask for less.");
        }
    }

    private static MergedFailedException Disk(Exception e) => new($"The portal's disk does not take it ({e.Message.TrimEnd('.')}). An administrator can make room; then go on, or ask for less.");

    private sealed record Entry(MergedTally Tally, List<LeftOutFile> LeftOut);

    /// <summary>One raw file's rows: a gzip member of their own, none where there are none.</summary>
    internal sealed class Member(MergedPart part) : IDisposable
    {
        private readonly long _begin = part._rows.Position;
        private readonly Gate _gate = new(part._rows);
        private GZipStream? _gzip;
        private bool _kept;

        /// <summary>Adds bytes.</summary>
        /// <exception cref="MergedFailedException">It would be too large, or the disk does not take it.</exception>
        public void Write(ReadOnlySpan<byte> bytes)
        {
            try
            {
                _gzip ??= new GZipStream(_gate, CompressionLevel.Fastest, leaveOpen: true);
                _gzip.Write(bytes);
            }
            catch (IOException e)
            {
                throw Disk(e);
            }

            part.LookForRoom();
            LookAtSize();
        }

        /// <summary>Its rows count.</summary>
        /// <param name="tally">With this file, without its length.</param>
        public void Keep(MergedTally tally)
        {
            try
            {
                _gzip?.Dispose();
            }
            catch (IOException e)
            {
                throw Disk(e);
            }

            LookAtSize();
            (part.Tally, _kept) = (tally with { Length = part._rows.Position }, true);
        }

        public void Dispose()
        {
            if (_kept)
            {
                return;
            }

            _gate.IsShut = true;
            _gzip?.Dispose();
            try
            {
                part._rows.SetLength(_begin);
                part._rows.Position = _begin;
            }
            catch (IOException)
            {
                // Cut off when it is taken up again: it was not noted.
            }
        }

        private void LookAtSize()
        {
            if (part._rows.Position > part._options.MaxBytes)
            {
                throw new MergedFailedException(string.Create(
                    CultureInfo.InvariantCulture, $"It would be larger than {SizeWords.Of(part._options.MaxBytes)}, the most that one merged download may have. Ask for fewer trains or sensors, or a shorter time."));
            }
        }
    }

    /// <summary>Lets bytes through until it is shut: what a gzip stream still writes at its end goes nowhere then.</summary>
    private sealed class Gate(Stream rows) : Stream
    {
        public bool IsShut { get; set; }

        public override bool CanRead => false;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            if (!IsShut)
            {
                rows.Write(buffer);
            }
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Flush()
        {
        }
    }
}
