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

    /// <summary>Neither a setting nor an answer can bring the map a style: what it draws is written here, and its attribution is nobody's text.</summary>
    [Theory]
    [Trait("Fault", "BAD-53")]
    [Trait("Fault", "SEC-31")]
    [InlineData("glyphs:")]
    [InlineData("sprite:")]
    [InlineData("tiles:")]
    [InlineData("setStyle(")]
    [InlineData("addSprite(")]
    [InlineData("setGlyphs(")]
    [InlineData("loadImage(")]
    [InlineData("addProtocol(")]
    [InlineData("type: 'raster'")]
    [InlineData("type: 'vector'")]
    public void The_map_takes_style_glyphs_sprites_and_tiles_from_nobody(string way) =>
        Assert.DoesNotContain(Directory.EnumerateFiles(Path.Combine(Source, "Map"), "*.ts"), file => File.ReadAllText(file).Contains(way, StringComparison.Ordinal));

    [Fact]
    [Trait("Fault", "BAD-53")]
    public void What_the_map_says_of_its_sources_is_plain_text_of_ours() =>
        Assert.All(
            Directory.EnumerateFiles(Path.Combine(Source, "Map"), "*.ts").SelectMany(File.ReadLines).Where(line => line.Contains("attribution:", StringComparison.Ordinal)),
            line => Assert.Matches("attribution: '[^'<>&$]*'", line));

    [Fact]
    [Trait("Fault", "BAD-53")]
    public void The_maps_style_is_empty_until_our_own_layers_are_put_on_it() =>
        Assert.Contains("style: { version: 8, sources: {}, layers: [] },", File.ReadAllText(Path.Combine(Source, "Map", "map.ts")), StringComparison.Ordinal);

    /// <summary>CVE-2025-55315: a runtime before 10.0.0 reads a request of two lengths wrongly.</summary>
    [Fact]
    [Trait("Fault", "SEC-41")]
    public void The_runtime_is_newer_than_its_hole() => Assert.True(Environment.Version >= new Version(10, 0, 0), $"{Environment.Version}");

    [Fact]
    [Trait("Fault", "SEC-42")]
    public void Pages_load_nothing_from_elsewhere() =>
        Assert.DoesNotContain(Files(".razor", ".css", ".entry.ts"), file => System.Text.RegularExpressions.Regex.IsMatch(File.ReadAllText(file), "(src|href)=\"(https?:)?//|url\\([\"']?(https?:)?//|@import [\"'](https?:)?//"));
}
