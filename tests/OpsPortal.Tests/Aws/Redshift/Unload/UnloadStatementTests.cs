using System.Text;
using OpsPortal.Adapters.Aws.Redshift.Unload;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tests.Kit.Redshift;

namespace OpsPortal.Tests.Aws.Redshift.Unload;

public sealed class UnloadStatementTests
{
    [Theory]
    [InlineData("'it''s'", "it's")]
    [InlineData("'a\\\\b'", "a\\b")]
    [InlineData("E'a\\\\''b'", "a\\'b")]
    [InlineData("''", "")]
    [InlineData("'a'b'", null)]
    [InlineData("'a\\b'", null)]
    [InlineData("'a''", null)]
    [InlineData("'a\\'", null)]
    [InlineData("a", null)]
    [InlineData("'", null)]
    [InlineData("", null)]
    public void A_literal_is_read_back_and_one_that_ends_elsewhere_is_none(string literal, string? text) => Assert.Equal(text, ServerQuoting.Read(literal));

    [Fact]
    public void The_statement_has_the_documented_form_and_a_limit_is_within_the_query()
    {
        var text = QueryText.Read("SELECT train FROM trains WHERE depot = :depot AND cars > :cars AND :depot IS NOT NULL LIMIT 3 -- :no");
        var query = UnloadStatement.Query(text, new Dictionary<string, (string?, string?)> { ["depot"] = ("'x''y'", null), ["cars"] = ("'4'", "BIGINT") });
        Assert.Equal("SELECT * FROM (\nSELECT train FROM trains WHERE depot = ('x''y') AND cars > (CAST('4' AS BIGINT)) AND ('x''y') IS NOT NULL LIMIT 3 -- :no\n) AS result", query);

        var whole = UnloadStatement.Whole($"'{query.Replace("'", "''", StringComparison.Ordinal)}'", "fleet-files", "unload/a/", new UnloadOptions { Role = "default", Region = "eu-west-1" });

        var (form, wrong) = UnloadForm.Read(whole);
        Assert.Null(wrong);
        Assert.Equal((query, "fleet-files", "unload/a/", "default"), (form!.Query, form.Bucket, form.Prefix, form.Role));
        Assert.Equal(["FORMAT AS PARQUET", "MANIFEST VERBOSE", "MAXFILESIZE 256 MB", "REGION AS 'eu-west-1'"], form.Options);
        Assert.NotNull(UnloadForm.Read("UNLOAD ('SELECT 1 LIMIT 3') TO 's3://fleet-files/a' IAM_ROLE default FORMAT AS PARQUET").Wrong);
        Assert.NotNull(UnloadForm.Read("UNLOAD ('SELECT 1') TO 's3://fleet-files/a' IAM_ROLE default FORMAT AS PARQUET GZIP").Wrong);
    }

    [Theory]
    [Trait("Fault", "SEC-26")]
    [InlineData("SELECT 1) AS a, (SELECT 2")]
    [InlineData("SELECT 1 /* ")]
    [InlineData("SELECT 1; SELECT 2")]
    public void No_query_ends_the_brackets_around_it(string text) => Assert.Throws<QueryRefusedException>(() => QueryText.Read(text));

    [Theory]
    [InlineData("s3://b/unload/p/0000_part_00.parquet", true)]
    [InlineData("s3://b/unload/q/0000_part_00.parquet", false)]
    [InlineData("s3://b/unload/p/../x", false)]
    [InlineData("s3://b/unload/p/", false)]
    public void A_manifest_names_files_of_its_own_folder_only(string url, bool isRead)
    {
        var manifest = Encoding.UTF8.GetBytes($$$"""{"entries":[{"url":"{{{url}}}","meta":{"content_length":9,"record_count":2}}],"meta":{"record_count":2}}""");

        var read = UnloadManifest.Read(manifest, "s3://b/unload/p/", "unload/p/");

        Assert.Equal(isRead ? new UnloadedFile("0000_part_00.parquet", "unload/p/0000_part_00.parquet", 9, 2) : null, read?.Files[0]);
        Assert.Null(UnloadManifest.Read("{\"entries\":"u8.ToArray(), "s3://b/", ""));
        Assert.Null(UnloadManifest.Read("{}"u8.ToArray(), "s3://b/", ""));
    }
}
