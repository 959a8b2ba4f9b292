using System.Text;
using OpsPortal.Adapters.Simulated.Recordings;

namespace OpsPortal.Tests.Simulated.Recordings;

/// <summary>Tables as programs export them: headers, preambles, separators too many, encodings.</summary>
public sealed class TableShapeTests : IDisposable
{
    private readonly RecordingFolder _folder = new();

    [Fact]
    public void Columns_of_a_file_without_a_header_are_named_by_the_descriptor() =>
        Assert.Equal([1, 2], Oil(With("\"header\": [ \"at\", \"oil\" ]"), "2026-01-01 00:00:00;1\n2026-01-01 00:00:10;2\n"));

    [Fact]
    public void Lines_above_the_header_and_comments_are_left_out() =>
        Assert.Equal([1, 2], Oil(With("\"skipLines\": 3, \"comment\": \"#\""), "Logger \"7;\n\nstarted; by hand\nat;oil\n2026-01-01 00:00:00;1\n# pause\n2026-01-01 00:00:10;2\n"));

    [Theory]
    [InlineData("at;oil\n2026-01-01 00:00:00;1;\n2026-01-01 00:00:10;2;;\n")]
    [InlineData("at;oil;\n2026-01-01 00:00:00;1;\n2026-01-01 00:00:10;2\n")]
    public void Separators_after_the_last_field_are_no_fields(string rows) => Assert.Equal([1, 2], Oil(RecordingFolder.Pump, rows));

    [Fact]
    public void Fields_too_many_or_too_few_are_not_guessed() =>
        Assert.Equal(2, _folder.Read(RecordingFolder.Pump, "at;oil\n2026-01-01 00:00:00;1\n2026-01-01 00:00:10\n2026-01-01 00:00:20;2;3\n").Report.SetAside["wrongNumberOfFields"]);

    [Fact]
    public void A_second_column_of_one_name_is_reported_and_can_be_named()
    {
        const string rows = "at;oil;oil\n2026-01-01 00:00:00;1;5\n2026-01-01 00:00:10;2;6\n";

        Assert.Contains("column 'oil#2' of the file is neither named nor ignored", _folder.Mistakes(RecordingFolder.Pump, rows), StringComparison.Ordinal);
        Assert.Equal([5, 6], Oil(With("\"ignored\": [ \"oil\" ]").Replace("\"column\": \"oil\"", "\"column\": \"oil#2\"", StringComparison.Ordinal), rows));
    }

    [Theory]
    [InlineData("windows-1252", "windows-1252")]
    [InlineData("iso-8859-1", "latin1")]
    [InlineData("utf-16", null)]
    [InlineData("utf-8", null)]
    public void Text_is_read_in_its_encoding(string encoding, string? said)
    {
        const string rows = "at;Öl\n2026-01-01 00:00:00;1\n2026-01-01 00:00:10;2\n";
        var descriptor = (said is null ? RecordingFolder.Pump : With($"\"encoding\": \"{said}\"")).Replace("\"column\": \"oil\"", "\"column\": \"Öl\"", StringComparison.Ordinal);
        var path = _folder.Write("pump.csv", descriptor, "");
        File.WriteAllText(path, rows, RecordedTable.EncodingOf(encoding)!);

        Assert.Equal(2, RecordingFolder.ReadAll(RecordingFolder.Find(path)).Report.Kept);
    }

    [Fact]
    public void A_preamble_in_another_encoding_is_skipped_too()
    {
        var path = _folder.Write("pump.csv", With("\"skipLines\": 1, \"encoding\": \"utf-16\""), "");
        File.WriteAllText(path, "Gerät\nat;oil\n2026-01-01 00:00:00;1\n", Encoding.Unicode);

        Assert.Equal(1, RecordingFolder.ReadAll(RecordingFolder.Find(path)).Report.Kept);
    }

    [Fact]
    public void Signs_and_encodings_that_cannot_be_are_mistakes()
    {
        var mistakes = _folder.Mistakes(
            RecordingFolder.Pump.Replace("\"separator\": \";\"", "\"separator\": \"\\\"\", \"comment\": \"::\", \"skipLines\": -1, \"encoding\": \"klingon\"", StringComparison.Ordinal), "at,oil\n");

        foreach (var expected in new[] { "separator '\"' must be", "comment '::' must be", "skipLines must be", "encoding 'klingon' is none" })
        {
            Assert.Contains(expected, mistakes, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("|")]
    [InlineData("\t")]
    [InlineData("#")]
    public void Any_sign_may_part_the_fields(string sign) =>
        Assert.Equal([1, 2], Oil(RecordingFolder.Pump.Replace("\";\"", System.Text.Json.JsonSerializer.Serialize(sign), StringComparison.Ordinal), "at;oil\n2026-01-01 00:00:00;1\n2026-01-01 00:00:10;2\n".Replace(";", sign, StringComparison.Ordinal)));

    [Theory]
    [InlineData("\\n")]
    [InlineData("\\u0000")]
    [InlineData("ä")]
    [InlineData("")]
    public void A_sign_that_cannot_part_fields_is_a_mistake(string sign) =>
        Assert.Contains("must be one ASCII character", _folder.Mistakes(RecordingFolder.Pump.Replace("\";\"", $"\"{sign}\"", StringComparison.Ordinal), "at,oil\n"), StringComparison.Ordinal);

    [Fact]
    public void A_table_of_a_thousand_columns_is_no_reason_for_a_thousand_mistakes()
    {
        var mistakes = _folder.Mistakes(RecordingFolder.Pump, "at;" + string.Join(';', Enumerable.Range(0, 1_000).Select(column => $"c{column}")) + "\n");

        Assert.InRange(mistakes.Split('\n').Length, 10, 60);
        Assert.Contains("960 more columns of the file are neither named nor ignored", mistakes, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private IEnumerable<double> Oil(string descriptor, string rows) => _folder.Read(descriptor, rows).Messages.Select(message => message.Readings["oilTemperature.car1"]);

    private static string With(string more) => RecordingFolder.Pump.Replace("\"subsystem\"", $"{more}, \"subsystem\"", StringComparison.Ordinal);
}
