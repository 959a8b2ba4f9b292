using System.Security.Cryptography;

namespace OpsPortal.Adapters.Embedded.Telemetry;

/// <summary>The raw files on disk. What stands behind a file's catalogued bytes is rubbish of an interrupted append and is cut off.</summary>
internal sealed class RawFolder(string folder)
{
    /// <summary>Only one process archives at a time: the lock goes with the process, however it ends. Null when another has it.</summary>
    public FileStream? TryTakeLock()
    {
        Directory.CreateDirectory(folder);
        try
        {
            return new FileStream(Path.Combine(folder, "raw.lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException) when (File.Exists(Path.Combine(folder, "raw.lock")))
        {
            return null;
        }
    }

    /// <summary>Cuts an open file to what is catalogued.</summary>
    public void CutToCatalogue(OpenRawFile file)
    {
        if (file.Bytes > 0 || File.Exists(PathOf(file)))
        {
            using var stream = OpenAt(file);
        }
    }

    /// <summary>Writes one whole member behind the catalogued bytes and forces it to disk.</summary>
    public void Append(OpenRawFile file, ReadOnlyMemory<byte> member)
    {
        using var stream = OpenAt(file);
        stream.Write(member.Span);
        stream.Flush(flushToDisk: true);
    }

    /// <summary>SHA-256 of the whole file.</summary>
    public async Task<string> HashAsync(OpenRawFile file, CancellationToken cancellationToken)
    {
        await using var stream = OpenAt(file);
        stream.Position = 0;
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
    }

    private FileStream OpenAt(OpenRawFile file)
    {
        var path = PathOf(file);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        var stream = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read, bufferSize: 0);
        if (stream.Length < file.Bytes)
        {
            var length = stream.Length;
            stream.Dispose();
            throw new InvalidDataException($"{file.FileKey} has {length} bytes, {file.Bytes} are catalogued: it was cut or replaced from outside. Restore it from a copy.");
        }

        if (stream.Length > file.Bytes)
        {
            stream.SetLength(file.Bytes);
        }

        stream.Position = file.Bytes;
        return stream;
    }

    private string PathOf(OpenRawFile file) => Path.Combine(folder, file.FileKey);
}
