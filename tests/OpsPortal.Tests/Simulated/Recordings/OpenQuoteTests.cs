namespace OpsPortal.Tests.Simulated.Recordings;

/// <summary>A quote that nobody closes must not make one row of many.</summary>
[Trait("Fault", "BAD-52")]
public sealed class OpenQuoteTests : IDisposable
{
    private static readonly string Texts = RecordingFolder.Pump.Replace("\"subsystem\"", "\"raw\": [ \"said\" ], \"subsystem\"", StringComparison.Ordinal);
    private static readonly string EachLine = Texts.Replace("\"raw\"", "\"lineBreaksInQuotes\": false, \"raw\"", StringComparison.Ordinal);

    private readonly RecordingFolder _folder = new();

    [Fact]
    public void A_text_may_go_on_in_the_next_line() =>
        Assert.Equal((2, 2), Counts(Texts, "at;oil;said\n2026-01-01 00:00:00;1;\"all \"\"well\"\",\n; so far\"\n2026-01-01 00:00:10;2;ok\n"));

    [Fact]
    public void One_that_is_never_closed_is_a_mistake_that_names_the_remedy()
    {
        var path = _folder.Write("pump.csv", Texts, "at;oil;said\n2026-01-01 00:00:00;1;ok\n2026-01-01 00:00:10;2;\"open\n2026-01-01 00:00:20;3;ok\n");

        Assert.Contains("\"lineBreaksInQuotes\": false", RecordingFolder.Refusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_long_file_it_is_found_long_before_the_memory_is_full()
    {
        var path = _folder.Write("pump.csv", Texts, "at;oil;said\n2026-01-01 00:00:00;1;\"open\n" + string.Concat(Enumerable.Repeat("2026-01-01 00:00:20;3;ok\n", 400_000)));

        Assert.Contains("\"lineBreaksInQuotes\": false", RecordingFolder.Refusal(path), StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_text_goes_on_in_the_next_line_it_costs_one_row_at_most() =>
        Assert.Equal((3, 3), Counts(EachLine, "at;oil;said\n2026-01-01 00:00:00;1;ok\n2026-01-01 00:00:10;2;\"open\n2026-01-01 00:00:20;3;ok\n"));

    [Fact]
    public void One_at_the_very_end_swallows_nothing_and_is_let_be() =>
        Assert.Equal((1, 1), Counts(Texts, "at;oil;said\n2026-01-01 00:00:00;1;\"cut of"));

    public void Dispose() => _folder.Dispose();

    private (long Read, long Kept) Counts(string descriptor, string rows)
    {
        var report = _folder.Read(descriptor, rows).Report;
        return (report.RowsRead, report.Kept);
    }
}
