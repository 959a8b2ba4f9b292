using System.Text;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Telemetry;

public sealed class SequenceMemoryTests
{
    [Fact]
    public void A_sequence_in_any_order_is_new_once_and_a_duplicate_afterwards()
    {
        var chance = new Random(7);
        var sequences = Enumerable.Range(0, 400).Select(i => (long)i * (i % 3 == 0 ? 1 : 2)).Distinct().OrderBy(_ => chance.Next()).ToList();
        var memory = new SequenceMemory();

        Assert.All(sequences, sequence => Assert.Equal(SequenceSeen.New, memory.Take(sequence, Body(sequence))));
        Assert.All(sequences, sequence => Assert.Equal(SequenceSeen.Duplicate, memory.Take(sequence, Body(sequence))));
    }

    [Fact]
    [Trait("Fault", "BAD-8")]
    public void The_same_sequence_with_another_body_is_a_conflict()
    {
        var memory = new SequenceMemory();
        memory.Take(5, "one"u8);

        Assert.Equal(SequenceSeen.Conflict, memory.Take(5, "two"u8));
        Assert.Equal(SequenceSeen.Duplicate, memory.Take(5, "one"u8));
    }

    [Fact]
    public void What_was_written_and_read_again_remembers_the_same()
    {
        var memory = new SequenceMemory();
        foreach (var sequence in new long[] { 1, 2, 3, 10, 11, 7 })
        {
            memory.Take(sequence, Body(sequence));
        }

        using var stream = new MemoryStream();
        memory.Write(new BinaryWriter(stream));
        stream.Position = 0;
        var again = SequenceMemory.Read(new BinaryReader(stream));

        Assert.Equal(SequenceSeen.Duplicate, again.Take(7, Body(7)));
        Assert.Equal(SequenceSeen.Conflict, again.Take(10, Body(99)));
        Assert.Equal(SequenceSeen.New, again.Take(8, Body(8)));
    }

    [Fact]
    public void A_train_that_skips_for_ever_costs_bounded_memory_and_loses_nothing_new()
    {
        var memory = new SequenceMemory();
        for (var i = 0L; i < 100_000; i++)
        {
            Assert.Equal(SequenceSeen.New, memory.Take(i * 2, Body(i)));
        }

        using var stream = new MemoryStream();
        memory.Write(new BinaryWriter(stream));
        Assert.True(stream.Length < 16_000, $"{stream.Length} bytes");
    }

    private static byte[] Body(long sequence) => Encoding.UTF8.GetBytes($"body {sequence}");
}
