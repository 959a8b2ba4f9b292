using System.Buffers;
using System.Text;
using OpsPortal.Extracts.Merged;

namespace OpsPortal.Tests.Extracts;

/// <summary>Which rows a merged download takes from the lines of a raw file, and how it writes them.</summary>
public sealed class RowPickerTests
{
    private const string Line =
        """{"trainId":"390-042", "sequence":7,"measuredAt":"2026-11-21T20:30:00.500Z","position":{"latitude":53.4774,"longitude":-2.2309,"speedKmh":143.50,"km":1},"readings":{"oilTemperature.car1":61.20, "hvacCurrent.car2":-0.0},"extra":[{"readings":1}]}""";

    private static readonly DateTimeOffset From = new(2026, 11, 21, 20, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_line_of_a_chosen_train_and_time_goes_byte_for_byte() => Assert.Equal(Line + "\n", Ndjson(Line));

    [Theory]
    [InlineData("390-001")]
    [InlineData("390-04")]
    [InlineData("390-0420")]
    [InlineData("390-042 ")]
    public void A_line_of_another_train_leaves_no_trace(string train) =>
        Assert.Equal(("", 0, false), Pick(Line.Replace("390-042", train, StringComparison.Ordinal), MergedFormat.Ndjson, null));

    [Theory]
    [InlineData("2026-11-21T19:59:59.999Z", false)]
    [InlineData("2026-11-21T20:00:00Z", true)]
    [InlineData("2026-11-21T20:59:59.9999999Z", true)]
    [InlineData("2026-11-21T21:00:00Z", false)]
    [InlineData("2026-11-21T22:30:00+02:00", true)]
    public void Time_goes_by_the_trains_own_from_its_begin_to_before_its_end(string at, bool isIn) =>
        Assert.Equal(isIn, Ndjson(Line.Replace("2026-11-21T20:30:00.500Z", at, StringComparison.Ordinal)).Length > 0);

    [Fact]
    public void Chosen_sensors_narrow_the_readings_and_every_other_byte_stays()
    {
        Assert.Equal(Line.Replace("\"oilTemperature.car1\":61.20, ", "", StringComparison.Ordinal) + "\n", Ndjson(Line, "hvacCurrent.car2", "nothing"));
        Assert.Equal("", Ndjson(Line, "oilTemperature"));
    }

    [Fact]
    public void Csv_has_a_reading_a_line_and_numbers_as_the_train_wrote_them()
    {
        Assert.Equal(
            ("390-042,7,2026-11-21T20:30:00.500Z,53.4774,-2.2309,143.50,oilTemperature.car1,61.20\r\n390-042,7,2026-11-21T20:30:00.500Z,53.4774,-2.2309,143.50,hvacCurrent.car2,-0.0\r\n", 2, false),
            Pick(Line, MergedFormat.Csv, null));
        Assert.Equal(1, Pick(Line, MergedFormat.Csv, ["hvacCurrent.car2"]).Rows);
        Assert.Equal(
            ("390-042,,2026-11-21T20:30:00Z,,,,,\r\n", 1, false),
            Pick("""{"trainId":"390-042","measuredAt":"2026-11-21T20:30:00Z","position":null}""", MergedFormat.Csv, null));
    }

    [Fact]
    public void What_a_spreadsheet_would_calculate_goes_as_a_text_and_nothing_breaks_out_of_its_cell() =>
        Assert.Equal(
            "390-042,1,2026-11-21T20:30:00Z,\"'=1+1\",,,\"'=HYPERLINK(\"\"x\"\")\",\"a,\"\"b\r\nc\"\r\n",
            Pick("""{"trainId":"390-042","sequence":1,"measuredAt":"2026-11-21T20:30:00Z","position":{"latitude":"=1+1"},"readings":{"=HYPERLINK(\"x\")":"a,\"b\r\nc"}}""", MergedFormat.Csv, null).Text);

    [Theory]
    [InlineData("""{"trainId":"390-042"}""")]
    [InlineData("""{"trainId":"390-042","measuredAt":12}""")]
    [InlineData("""{"trainId":"390-042","measuredAt":"soon"}""")]
    [InlineData("""{"trainId":"390-042","measuredAt":"2026""")]
    [InlineData("not JSON at all")]
    [InlineData("""{"trainId":"\ud800"}""")]
    public void What_nobody_can_place_is_counted_and_never_fatal(string line)
    {
        foreach (var format in Enum.GetValues<MergedFormat>())
        {
            Assert.Equal(("", 0, true), Pick(line, format, null));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"setAside":{"receivedAt":"2026-11-21T20:30:00Z","body":"{\"trainId\":\"390-042\"}"}}""")]
    [InlineData("""{"x":{"trainId":"390-042","measuredAt":"2026-11-21T20:30:00Z"},"readings":{"trainId":"390-042"}}""")]
    [InlineData("""{"trainId":"390-042","measuredAt":"2026-11-21T20:30:00Z","trainId":"390-001"}""")]
    [InlineData("""{"trainId":["390-042"],"measuredAt":"2026-11-21T20:30:00Z"}""")]
    public void A_line_is_only_a_trains_that_says_so_itself_at_its_top_and_last(string line)
    {
        var picked = Pick(line, MergedFormat.Ndjson, null);

        Assert.Equal(("", 0), (picked.Text, picked.Rows));
    }

    private static string Ndjson(string line, params string[] sensors) => Pick(line, MergedFormat.Ndjson, sensors.Length == 0 ? null : sensors).Text;

    private static (string Text, int Rows, bool Unplaced) Pick(string line, MergedFormat format, string[]? sensors)
    {
        var output = new ArrayBufferWriter<byte>();
        var picked = new RowPicker(new HashSet<string> { "390-042" }, From, From.AddHours(1), sensors?.ToHashSet(), format).Pick(Encoding.UTF8.GetBytes(line), output);
        return (Encoding.UTF8.GetString(output.WrittenSpan), picked.Rows, picked.Unplaced);
    }
}
