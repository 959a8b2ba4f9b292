using System.Collections.Frozen;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Tests.Telemetry;

public sealed class WindowAccumulatorTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);
    private static readonly TrainIdentity Train = new("390-042", "Longsight", "WCML", "390");

    [Fact]
    public void Ten_seconds_of_messages_make_one_row_with_min_mean_and_max()
    {
        var window = new WindowAccumulator();
        for (var second = 0; second < 10; second++)
        {
            Assert.Null(window.Take(Train, Message(second, second), Start.AddSeconds(second), late: false));
        }

        var closed = window.Take(Train, Message(10, 99), Start.AddSeconds(10), late: false)!;

        Assert.Equal((Start, 0L, 10, false), (closed.Start, closed.FirstSequence, closed.Messages, closed.Late));
        var figures = closed.Sensors["x"];
        Assert.Equal((0, 4.5, 9, 10), (figures.Min, figures.Mean, figures.Max, figures.Count));
    }

    [Fact]
    public void A_message_for_a_closed_window_makes_a_part_of_its_own()
    {
        var window = new WindowAccumulator();
        window.Take(Train, Message(0, 1), Start, late: false);
        window.Take(Train, Message(15, 2), Start.AddSeconds(15), late: false);
        window.Take(Train, Message(3, 3), Start.AddSeconds(16), late: true);

        var part = window.Peek(Train);

        Assert.Equal((Start, 3L, 1, true), (part.Start, part.FirstSequence, part.Messages, part.Late));
    }

    [Fact]
    public void An_open_window_survives_being_written_and_read()
    {
        var window = new WindowAccumulator();
        window.Take(Train, Message(0, 1), Start, late: false);
        using var stream = new MemoryStream();
        window.Write(new BinaryWriter(stream));
        stream.Position = 0;
        var again = WindowAccumulator.Read(new BinaryReader(stream));

        again.Take(Train, Message(1, 5), Start.AddSeconds(1), late: false);

        var row = again.Peek(Train);
        Assert.Equal((0L, 2), (row.FirstSequence, row.Messages));
        Assert.Equal((1, 3, 5), (row.Sensors["x"].Min, row.Sensors["x"].Mean, row.Sensors["x"].Max));
    }

    private static TelemetryMessage Message(int second, double value) =>
        new("390-042", second, Start.AddSeconds(second), null, new Dictionary<string, double> { ["x"] = value }.ToFrozenDictionary());
}
