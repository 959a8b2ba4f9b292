using System.Text.RegularExpressions;

namespace OpsPortal.Tests.House;

/// <summary>Holds the house's directions by reading the using lines: OpsPortal → Adapters → Core, and nothing back.</summary>
public sealed partial class FolderDirectionTests
{
    private static readonly string Root = FindRoot();

    [Fact]
    public void Core_knows_only_the_base_library_and_abstractions()
    {
        var allowed = new[] { "System", "OpsPortal.Core", "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging", "Microsoft.Extensions.Options" };
        Assert.Empty(Wrong("src/OpsPortal.Core", name => allowed.Any(start => name == start || name.StartsWith(start + ".", StringComparison.Ordinal))));
    }

    [Fact]
    public void Adapters_know_core_but_not_the_portal() =>
        Assert.Empty(Wrong("src/OpsPortal.Adapters", name => !IsOurs(name) || name.StartsWith("OpsPortal.Core", StringComparison.Ordinal) || name.StartsWith("OpsPortal.Adapters", StringComparison.Ordinal)));

    [Fact]
    public void Only_Program_knows_the_adapters() =>
        Assert.Empty(Wrong("src/OpsPortal", name => !name.StartsWith("OpsPortal.Adapters", StringComparison.Ordinal), except: "Program.cs"));

    [Fact]
    public void No_file_is_longer_than_400_lines() =>
        Assert.Empty(SourceFiles("src", "*.cs").Concat(SourceFiles("src", "*.razor")).Concat(SourceFiles("src", "*.ts")).Concat(SourceFiles("tests", "*.cs"))
            .Where(file => File.ReadLines(file).Count() > 400)
            .Select(Relative));

    [Fact]
    public void No_drawer_is_named_after_nothing() =>
        Assert.Empty(SourceFiles("src", "*.cs").Where(file => Drawer().IsMatch(Path.GetFileNameWithoutExtension(file)) || Relative(file).Split('/').Any(part => Drawer().IsMatch(part))).Select(Relative));

    private static List<string> Wrong(string folder, Func<string, bool> isAllowed, string? except = null)
    {
        var files = SourceFiles(folder, "*.cs").Concat(SourceFiles(folder, "*.razor")).Where(file => Path.GetFileName(file) != except).ToList();
        Assert.NotEmpty(files);
        return [.. files.SelectMany(file => UsingLine().Matches(File.ReadAllText(file)).Select(match => (File: file, Name: match.Groups["name"].Value)))
            .Where(use => !isAllowed(use.Name))
            .Select(use => $"{Relative(use.File)} uses {use.Name}")];
    }

    private static IEnumerable<string> SourceFiles(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories);

    private static bool IsOurs(string name) => name == "OpsPortal" || name.StartsWith("OpsPortal.", StringComparison.Ordinal);

    private static string Relative(string file) => Path.GetRelativePath(Root, file).Replace('\\', '/');

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder!.FullName, "OpsPortal.sln")))
        {
            folder = folder.Parent;
        }

        return folder.FullName;
    }

    [GeneratedRegex(@"^\s*(?:global\s+)?@?using\s+(?:static\s+)?(?:\w+\s*=\s*)?(?<name>[A-Z][\w.]*)\s*;?\s*$", RegexOptions.Multiline)]
    private static partial Regex UsingLine();

    [GeneratedRegex("(Helper|Manager|Utils|Util|Common)s?$")]
    private static partial Regex Drawer();
}
