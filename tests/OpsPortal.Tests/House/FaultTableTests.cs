using System.Text.RegularExpressions;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.House;

/// <summary>The table of faults, bad inputs and attacks in SECURITY.md against the marks that the tests carry: it can neither boast nor forget.</summary>
public sealed partial class FaultTableTests
{
    private static readonly string[] Numbers =
    [
        .. Enumerable.Range(1, 45).Select(number => $"SEC-{number}"), .. Enumerable.Range(1, 55).Select(number => $"BAD-{number}"), .. new[] { 23, 24, 25, 26, 33, 35, 36 }.Select(number => $"FLT-{number}"),
    ];

    private static readonly string Tests = Path.Combine(RunningProduct.Root, "tests", "OpsPortal.Tests");

    private readonly List<(string Number, string[] ShownBy, string Waits)> _rows =
        [.. File.ReadLines(Path.Combine(RunningProduct.Root, "SECURITY.md")).Select(line => Row().Match(line)).Where(row => row.Success)
            .Select(row => (row.Groups["number"].Value, Name().Matches(row.Groups["by"].Value).Select(name => name.Groups[1].Value).ToArray(), row.Groups["waits"].Value.Trim()))];

    [Fact]
    public void Every_number_has_one_row_in_order_and_there_is_no_other() => Assert.Equal(Numbers, _rows.Select(row => row.Number));

    [Fact]
    public void Every_row_names_the_tests_that_carry_its_number_all_of_them_and_no_other()
    {
        var marks = Marks().ToLookup(mark => mark.Number, mark => mark.File);
        var wrong = _rows.Select(row => (row.Number, row.ShownBy, Carry: marks[row.Number].Distinct().Order(StringComparer.Ordinal).ToArray()))
            .Where(row => !row.ShownBy.SequenceEqual(row.Carry))
            .Select(row => $"{row.Number} must name {(row.Carry.Length == 0 ? "–" : string.Join(", ", row.Carry.Select(file => $"`{file}`")))}");

        Assert.Equal("", string.Join('\n', wrong));
    }

    [Fact]
    public void What_nothing_shows_yet_waits_for_an_issue_and_says_why()
    {
        Assert.DoesNotContain(_rows, row => row.ShownBy.Length == 0 && row.Waits.Length == 0);
        Assert.All(_rows.Where(row => row.Waits.Length > 0), row => Assert.Matches("^(D|E2|F|G|H|I|J|K): \\w.{8,}", row.Waits));
    }

    [Fact]
    public void A_mark_is_a_number_that_is_spelt_as_one() =>
        Assert.All(Marks(), mark => Assert.Matches("^(SEC|BAD|FLT)-[1-9][0-9]?$", mark.Number));

    private static IEnumerable<(string Number, string File)> Marks() =>
    [
        .. Marked(Tests, "", "*.cs", Trait()),
        .. Marked(Path.Combine(RunningProduct.Root, "tests", "OpsPortal.Browser.Tests"), "Browser/", "*.cs", Trait()),
        .. Marked(Path.Combine(RunningProduct.Root, "src", "OpsPortal"), "", "*.test.ts", Titled()),
    ];

    private static IEnumerable<(string Number, string File)> Marked(string folder, string before, string pattern, Regex mark) =>
        from file in Directory.EnumerateFiles(folder, pattern, SearchOption.AllDirectories)
        let name = before + Path.GetRelativePath(folder, file).Replace('\\', '/')
        from line in File.ReadLines(file)
        let found = mark.Match(line)
        where found.Success
        select (found.Groups[1].Value, name.EndsWith(".cs", StringComparison.Ordinal) ? name[..^3] : name);

    [GeneratedRegex(@"^\| (?<number>[A-Z]+-\d+) \| [^|]+ \| (?<by>[^|]*) \| ?(?<waits>[^|]*)\|$")]
    private static partial Regex Row();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Name();

    [GeneratedRegex("""^\s*\[Trait\("Fault", "([^"]*)"\)\]""")]
    private static partial Regex Trait();

    [GeneratedRegex("""(?:test|describe)(?:\.each\([^)]*\))?\('([A-Z]+-\d+):""")]
    private static partial Regex Titled();
}
