using System.Text.Json;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Door;

/// <summary>What browsers are given, looked at as text.</summary>
public sealed class SupplyTests
{
    private static readonly string Source = Path.Combine(RunningProduct.Root, "src", "OpsPortal");

    private static IEnumerable<string> Files(params string[] endings) =>
        Directory.EnumerateFiles(Source, "*", SearchOption.AllDirectories).Where(file => endings.Any(ending => file.EndsWith(ending, StringComparison.Ordinal)));

    /// <summary>CVE-2026-85061: a map before 6.4.1 lets markup through.</summary>
    [Fact]
    [Trait("Fault", "SEC-6")]
    public void The_map_is_newer_than_its_hole()
    {
        using var package = JsonDocument.Parse(File.ReadAllText(Path.Combine(RunningProduct.Root, "package.json")));

        Assert.True(Version.Parse(package.RootElement.GetProperty("dependencies").GetProperty("maplibre-gl").GetString()!) >= new Version(6, 4, 1));
    }

    [Theory]
    [Trait("Fault", "SEC-6")]
    [Trait("Fault", "SEC-5")]
    [InlineData("innerHTML")]
    [InlineData("outerHTML")]
    [InlineData("insertAdjacentHTML")]
    [InlineData("setHTML")]
    [InlineData("document.write")]
    [InlineData("new Function")]
    [InlineData("eval(")]
    [InlineData("MarkupString")]
    [InlineData("customAttribution")]
    public void No_text_is_ever_taken_for_markup_or_code(string way) =>
        Assert.DoesNotContain(Files(".ts", ".razor", ".cs"), file => File.ReadAllText(file).Contains(way, StringComparison.Ordinal));

    [Fact]
    [Trait("Fault", "SEC-42")]
    public void Pages_load_nothing_from_elsewhere() =>
        Assert.DoesNotContain(Files(".razor", ".css", ".entry.ts"), file => System.Text.RegularExpressions.Regex.IsMatch(File.ReadAllText(file), "(src|href)=\"(https?:)?//|url\\([\"']?(https?:)?//|@import [\"'](https?:)?//"));
}
