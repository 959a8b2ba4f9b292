using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using OpsPortal.Extracts.Merged;

namespace OpsPortal.Tests.Extracts;

/// <summary>A merged download on disk: whatever a kill leaves behind, it goes on to the same rows.</summary>
public sealed class MergedPartTests : IDisposable
{
    private const int Files = 6;

    private static readonly MergedOptions Options = new() { LeaveFree = 0 };
    private static readonly byte[] Head = "head\n"u8.ToArray();

    private readonly string _folder = Directory.CreateTempSubdirectory("opsportal-merged-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Killed_anywhere_it_goes_on_and_holds_every_row_once()
    {
        var expected = string.Concat(Enumerable.Range(1, Files).Where(file => file != 3).Select(Rows).Prepend("head\n"));
        for (var noted = 0; noted <= Files; noted++)
        {
            for (var written = noted; written <= Files; written++)
            {
                foreach (var cut in new[] { 0, 1, 9, 10_000 })
                {
                    var folder = Path.Combine(_folder, $"{noted}-{written}-{cut}");
                    Kill(folder, noted, written, cut);

                    using var part = MergedPart.TakeUp(folder, Options, Head);
                    Assert.Equal(noted, part.Tally.After);
                    Write(part, noted + 1, Files);
                    var hash = await part.FinishAsync(default);

                    Assert.Equal(expected, Unpacked(folder));
                    Assert.Equal(hash, Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(folder, MergedPart.Whole)))));
                    Assert.Equal((Files, 1, 2L * (Files - 1)), (part.Tally.Files, part.Tally.LeftOut, part.Tally.Rows));
                    Assert.Equal(("key 3", "gone"), (Assert.Single(part.Named).Key, part.Named[0].Reason));
                }
            }
        }
    }

    [Fact]
    public async Task Killed_just_before_it_is_said_to_be_whole_it_is_made_whole_again()
    {
        using (var part = MergedPart.TakeUp(_folder, Options, Head))
        {
            Write(part, 1, Files);
            await part.FinishAsync(default);
        }

        using var again = MergedPart.TakeUp(_folder, Options, Head);

        Assert.Equal(Files, again.Tally.After);
        Assert.False(File.Exists(Path.Combine(_folder, MergedPart.Whole)));
        await again.FinishAsync(default);
        Assert.StartsWith("head\n", Unpacked(_folder), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_any_row_it_is_a_file_that_can_be_unpacked()
    {
        using var part = MergedPart.TakeUp(_folder, Options, default);
        await part.FinishAsync(default);

        Assert.Equal("", Unpacked(_folder));
        Assert.Equal(20, new FileInfo(Path.Combine(_folder, MergedPart.Whole)).Length);
    }

    [Fact]
    public void What_is_not_kept_is_as_if_it_had_never_been_written()
    {
        using var part = MergedPart.TakeUp(_folder, Options, Head);
        var before = part.Tally;
        using (var member = part.Begin())
        {
            member.Write(RandomNumberGenerator.GetBytes(300_000));
        }

        Write(part, 1, 1);
        part.Note();

        Assert.Equal(0, before.Rows);
        Assert.InRange(part.Tally.Length, before.Length + 1, before.Length + 200);
    }

    [Fact]
    public void Above_its_size_and_below_the_room_that_stays_free_it_fails_in_plain_words()
    {
        using (var part = MergedPart.TakeUp(_folder, new MergedOptions { LeaveFree = 0, MaxBytes = 100_000 }, Head))
        {
            using var member = part.Begin();
            var large = Assert.Throws<MergedFailedException>(() => member.Write(RandomNumberGenerator.GetBytes(400_000)));
            Assert.Contains("larger than 100 kB", large.Message, StringComparison.Ordinal);
        }

        using var again = MergedPart.TakeUp(_folder, new MergedOptions { LeaveFree = 0 }, Head);
        Assert.Equal(0, again.Tally.After);
        var full = Assert.Throws<MergedFailedException>(() => MergedPart.TakeUp(Path.Combine(_folder, "full"), new MergedOptions { LeaveFree = 1_000_000_000_000_000 }, Head));
        Assert.Contains("1000 TB stay free", full.Message, StringComparison.Ordinal);
    }

    // As a kill leaves it: noted up to a file, written up to another, and of what was not noted only a part, with a torn line in the journal.
    private static void Kill(string folder, int noted, int written, int cut)
    {
        long length;
        using (var part = MergedPart.TakeUp(folder, Options, Head))
        {
            Write(part, 1, noted);
            part.Note();
            length = part.Tally.Length;
            Write(part, noted + 1, written);
        }

        using var rows = new FileStream(Path.Combine(folder, "rows.part"), FileMode.Open);
        rows.SetLength(Math.Min(rows.Length, length + cut));
        File.AppendAllText(Path.Combine(folder, "journal.ndjson"), """{"tally":{"after":99,"le""");
    }

    private static void Write(MergedPart part, int first, int last)
    {
        for (var file = first; file <= last; file++)
        {
            if (file == 3)
            {
                part.LeaveOut(3, "key 3", "gone");
                continue;
            }

            using var member = part.Begin();
            member.Write(Encoding.UTF8.GetBytes(Rows(file)));
            member.Keep(part.Tally with { After = file, Files = part.Tally.Files + 1, Rows = part.Tally.Rows + 2 });
        }
    }

    private static string Rows(int file) => $"{file}a\n{file}b\n";

    private static string Unpacked(string folder)
    {
        using var text = new StreamReader(new GZipStream(File.OpenRead(Path.Combine(folder, MergedPart.Whole)), CompressionMode.Decompress));
        return text.ReadToEnd();
    }
}
