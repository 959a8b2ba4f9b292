using System.Security.Cryptography;
using OpsPortal.Adapters.Simulated.Trains;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>What a recording's progress is kept under: its trains' ids as the descriptor makes them, and which file it is.</summary>
/// <param name="Trains">What its trains' ids are made of.</param>
/// <param name="File">Its name and a hash of how it begins: a file that grows at its end stays the same.</param>
internal sealed record RecordingKey(string Trains, string File)
{
    private const int Beginning = 64 * 1024;
    private const int HashBytes = 8;

    /// <exception cref="IOException">The file cannot be read.</exception>
    public static RecordingKey Of(RecordingFile file)
    {
        using var stream = System.IO.File.OpenRead(file.Path);
        var beginning = new byte[Beginning];
        var length = stream.ReadAtLeast(beginning, Beginning, throwOnEndOfStream: false);
        return new RecordingKey(file.Key, $"{file.Name}\n{Convert.ToHexStringLower(SHA256.HashData(beginning.AsSpan(0, length)).AsSpan(0, HashBytes))}");
    }

    public override string ToString() => $"{Trains}\n{File}";

    /// <summary>How far this file was played.</summary>
    public RecordingProgress? In(IEnumerable<RecordingProgress> played) => played.Where(progress => progress.Key == ToString()).Select(progress => (RecordingProgress?)progress).FirstOrDefault();

    /// <summary>
    /// What this file's sequences come after: as many as there were rows in other files of the same trains. A train has no more messages
    /// than its file has rows, and one file is played at a time, so no sequence is there twice.
    /// </summary>
    public long SequencesBefore(IEnumerable<RecordingProgress> played) =>
        played.Where(progress => progress.Key != ToString() && (progress.Key == Trains || progress.Key.StartsWith(Trains + "\n", StringComparison.Ordinal))).Sum(progress => progress.RowsRead);
}
