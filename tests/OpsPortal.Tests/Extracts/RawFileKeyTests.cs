using OpsPortal.Core.Extracts;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Contracts;

namespace OpsPortal.Tests.Extracts;

public sealed class RawFileKeyTests
{
    [Theory]
    [InlineData("Longsight")]
    [InlineData("../Crofton/.")]
    [InlineData("Zürich 日本")]
    [InlineData("100%")]
    [InlineData("%2E")]
    [InlineData("")]
    public void A_depots_folder_leads_back_to_the_depot(string depot)
    {
        var key = new RawFileKey(SourceRecordKind.Telemetry, RawFileKey.FolderOf(depot), Samples.Start, "f.ndjson.gz");

        Assert.Equal(key, RawFileKey.Parse(key.ToString()));
        Assert.Equal(depot, key.Depot);
        Assert.DoesNotContain("/.", key.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_too_long_for_a_folder_never_share_one()
    {
        var folders = Enumerable.Range(0, 100).Select(i => RawFileKey.FolderOf(new string('x', 300) + i)).ToList();

        Assert.Equal(100, folders.Distinct().Count());
        Assert.All(folders, folder => Assert.True(folder.Length < 255 && RawFileKey.Parse($"raw/depot={folder}/date=2026-11-21/hour=20/f.ndjson.gz") is not null));
    }

    [Theory]
    [InlineData("plain.gz", "attachment; filename=\"plain.gz\"; filename*=UTF-8''plain.gz")]
    [InlineData("a\"b\r\n.gz", "attachment; filename=\"a_b__.gz\"; filename*=UTF-8''a%22b%0D%0A.gz")]
    [InlineData("Zürich/1.gz", "attachment; filename=\"Z_rich_1.gz\"; filename*=UTF-8''Z%C3%BCrich%2F1.gz")]
    public void A_file_name_breaks_out_of_no_header(string name, string expected) => Assert.Equal(expected, Attachment.Of(name));
}
