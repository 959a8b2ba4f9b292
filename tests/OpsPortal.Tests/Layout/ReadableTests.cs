using OpsPortal.Layout;

namespace OpsPortal.Tests.Layout;

/// <summary>BAD-14: text that hides something, or is too long to be one.</summary>
[Trait("Fault", "BAD-14")]
public sealed class ReadableTests
{
    [Theory]
    [InlineData("390 042", "390 042")]
    [InlineData("größe · Ünïcode – “x” 京都 🚆", "größe · Ünïcode – “x” 京都 🚆")]
    [InlineData("tex\u202Etxet", "tex‹U+202E›txet")]
    [InlineData("\u2066a\u2069", "‹U+2066›a‹U+2069›")]
    [InlineData("\u200Bhidden\u200B", "‹U+200B›hidden‹U+200B›")]
    [InlineData("a\0b", "a‹U+0000›b")]
    [InlineData("a\r\nb\tc", "a‹U+000D›‹U+000A›b‹U+0009›c")]
    [InlineData("a\u2028b", "a‹U+2028›b")]
    [InlineData("\uFEFFbom", "‹U+FEFF›bom")]
    [InlineData("\u001B[31mred", "‹U+001B›[31mred")]
    [InlineData("\U000E0041", "‹U+E0041›")]
    public void What_hides_in_a_text_is_seen(string text, string shown) => Assert.Equal(shown, Readable.Text(text));

    [Fact]
    public void A_surrogate_without_its_other_half_is_seen_and_throws_nothing()
    {
        Assert.Equal("a‹U+D800›b", Readable.Text("a" + (char)0xD800 + "b"));
        Assert.Equal("‹U+DC00›", Readable.Text(((char)0xDC00).ToString()));
    }

    [Fact]
    public void Marks_piled_on_a_letter_end_with_the_fourth() =>
        Assert.Equal("Z" + new string('\u0337', 4) + "a", Readable.Text("Z" + new string('\u0337', 50) + "a"));

    [Fact]
    public void What_is_too_long_is_cut_at_the_documented_length_and_said_to_be()
    {
        Assert.Equal(new string('a', Readable.Longest) + "…", Readable.Text(new string('a', 100_000)));
        Assert.Equal(new string('a', Readable.LongestName) + "…", Readable.Name(new string('a', 100_000)));
        Assert.Equal(Readable.Longest + 1, Readable.Text(new string('\n', 10_000)).Length);
        Assert.Equal(string.Concat(Enumerable.Repeat("🚆", Readable.LongestName)) + "…", Readable.Name(string.Concat(Enumerable.Repeat("🚆", 300))));
    }
}
