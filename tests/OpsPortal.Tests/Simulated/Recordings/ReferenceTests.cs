using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using OpsPortal.Adapters.Simulated.Recordings;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Simulated.Recordings;

/// <summary>The README of the recordings is what a stranger has: its examples work, and it knows every field, format and reason.</summary>
public sealed partial class ReferenceTests : IDisposable
{
    private static readonly string Source = Path.Combine(RunningProduct.Root, "src", "OpsPortal.Adapters", "Simulated", "Recordings");
    private static readonly string Text = File.ReadAllText(Path.Combine(Source, "README.md"));

    private readonly RecordingFolder _folder = new();

    [Fact]
    public void Every_example_is_played_to_its_last_row_without_a_word_of_warning()
    {
        var examples = Example().Matches(Text);

        Assert.Equal(3, examples.Count);
        Assert.All(examples, example =>
        {
            var path = _folder.Write("example.csv", example.Groups["json"].Value, "");
            var encoding = JsonDocument.Parse(example.Groups["json"].Value).RootElement.TryGetProperty("encoding", out var name) ? RecordedTable.EncodingOf(name.GetString()!)! : new UTF8Encoding(false);
            File.WriteAllText(path, example.Groups["csv"].Value, encoding);
            var report = RecordingFolder.ReadAll(RecordingFolder.Find(path)).Report;

            Assert.Equal((2, 2, 0, 0), (report.RowsRead, report.Kept, report.BadValues, report.BadPositions));
            Assert.Empty(RecordingSurvey.Of(RecordingFolder.Find(path), TimeSpan.Zero).Warnings);
        });
    }

    [Theory]
    [InlineData(typeof(RecordingDescriptor), "")]
    [InlineData(typeof(RecordedTrain), "train")]
    [InlineData(typeof(RecordedTime), "time")]
    [InlineData(typeof(RecordedWords), "words.NAME")]
    [InlineData(typeof(RecordedFilter), "only")]
    [InlineData(typeof(RecordedStatus), "status")]
    [InlineData(typeof(RecordedPosition), "position")]
    [InlineData(typeof(RecordedSpeed), "position.speed")]
    [InlineData(typeof(RecordedColumn), "columns[]")]
    public void Every_field_is_in_the_table(Type type, string path)
    {
        var rows = Text.Split('\n').Where(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line[..line.IndexOf(" | ", StringComparison.Ordinal)]).ToList();
        var fields = type.GetConstructors().MaxBy(constructor => constructor.GetParameters().Length)!.GetParameters().Select(parameter => JsonNamingPolicy.CamelCase.ConvertName(parameter.Name!));

        Assert.All(fields, field => Assert.Contains(rows, row => path.Length == 0
            ? row.Contains($"`{field}`", StringComparison.Ordinal) || row.Contains($"`{field}.", StringComparison.Ordinal) || row.Contains($"`{field}[]", StringComparison.Ordinal)
            : row.Contains($"`{path}.{field}`", StringComparison.Ordinal) || row.Contains($"`{path}.{field}.", StringComparison.Ordinal) || (row.Contains($"`{path}.", StringComparison.Ordinal) && row.Contains($"`.{field}`", StringComparison.Ordinal))));
    }

    [Fact]
    public void Every_format_and_every_reason_is_in_it()
    {
        var reader = File.ReadAllText(Path.Combine(Source, "RecordingReader.cs"));
        var reasons = Reason().Matches(reader).Select(match => match.Groups[1].Value).ToHashSet(StringComparer.Ordinal);

        Assert.Superset(new HashSet<string> { "badTime", "timeGoesBack", "notRunningYet", "unknownStatus", "ended", "noValues", "notWanted", "skipped" }, reasons);
        Assert.All(TimeFormat.Words.Concat(reasons), word => Assert.Contains($"`{word}`", Text, StringComparison.Ordinal));
    }

    public void Dispose() => _folder.Dispose();

    [GeneratedRegex("```json\n(?<json>.*?)```\n\n```csv\n(?<csv>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();

    [GeneratedRegex("(?:return |[?:] )\"([a-zA-Z]+)\"")]
    private static partial Regex Reason();
}
