using OpsPortal.Adapters.Aws.Redshift;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Tests.Aws.Redshift;

/// <summary>Plans as the servers write them: Redshift's as its documentation prints them, PostgreSQL's as it gave them.</summary>
public sealed class ServerPlanTests
{
    private static readonly TableSizes Sizes = new(new Dictionary<string, long> { ["readings_minute"] = 60_000_000, ["trains"] = 120 }, TableSizes.Unknown);

    private static readonly string[] OnRedshift =
    [
        "XN HashAggregate  (cost=14471.10..14471.11 rows=2 width=23)",
        "  ->  XN Hash Join DS_DIST_NONE  (cost=87.98..14470.20 rows=172456 width=23)",
        "        Hash Cond: (\"outer\".train = \"inner\".train)",
        "        ->  XN Seq Scan on readings_minute r  (cost=0.00..1724.56 rows=172456 width=14)",
        "              Filter: (min_value > 7)",
        "        ->  XN Hash  (cost=70.39..87.98 rows=120 width=17)",
        "              ->  XN Seq Scan on trains t  (cost=0.00..87.98 rows=120 width=17)",
    ];

    [Fact]
    public void Steps_are_kept_conditions_are_not_and_a_table_gone_through_weighs_all_its_rows()
    {
        var estimate = ServerPlan.Read(OnRedshift, Sizes, tellsRows: true, null);

        Assert.Equal(["reads all of readings_minute, about 60 million rows, about 840 MB", "reads all of trains, 120 rows, about 2 kB", "gives 2 rows, 46 bytes"], estimate.Words);
        Assert.Equal((60e6, 60e6, null), (estimate.Rows, estimate.Weight, estimate.Unknown));
        Assert.Equal((60e6 * 14) + (120 * 17), estimate.Bytes);
        Assert.Equal(5, estimate.Plan.Count);
        Assert.Equal("        XN Seq Scan on trains t (rows=120)".Trim(), estimate.Plan[^1].Trim());
        Assert.DoesNotContain(estimate.Plan, step => step.Contains("min_value", StringComparison.Ordinal));
    }

    [Fact]
    public void To_who_sees_a_part_only_no_number_is_told_and_the_guard_knows_it_all_the_same()
    {
        var estimate = ServerPlan.Read(OnRedshift, Sizes, tellsRows: false, null);

        Assert.Equal(["reads all of readings_minute", "reads all of trains"], estimate.Words);
        Assert.Equal((null, null), (estimate.Rows, estimate.Bytes));
        Assert.NotNull(estimate.Unknown);
        Assert.Equal(60e6, estimate.Weight);
        Assert.DoesNotContain(estimate.Plan, step => step.Contains("rows=", StringComparison.Ordinal));
    }

    [Fact]
    public void Joins_without_a_condition_weigh_what_they_give_and_an_index_only_what_it_finds()
    {
        string[] lines =
        [
            "Nested Loop  (cost=0.29..18000.00 rows=1440000000 width=8)",
            "  ->  Index Scan using readings_minute_pkey on readings_minute r  (cost=0.29..8.31 rows=1200 width=8)",
            "        Index Cond: (minute > '2026-11-21'::timestamp)",
            "  ->  Materialize  (cost=0.00..4.00 rows=120 width=0)",
            "        ->  Seq Scan on trains t  (cost=0.00..3.20 rows=120 width=0)",
        ];

        var estimate = ServerPlan.Read(lines, Sizes, tellsRows: true, null);

        Assert.Equal(1.44e9, estimate.Weight);
        Assert.Equal(["looks up a part of readings_minute, 1,200 rows, about 9.6 kB", "reads all of trains, 120 rows", "gives about 1.4 thousand million rows, about 11.5 GB"], estimate.Words);
        Assert.Null(estimate.Bytes);
    }

    [Fact]
    public void Bytes_go_by_what_a_row_takes_on_disk_where_the_server_says_so_and_by_the_plans_width_where_not()
    {
        var sizes = Sizes with { RowBytes = new Dictionary<string, double> { ["readings_minute"] = 20.5 } };

        var estimate = ServerPlan.Read(OnRedshift, sizes, tellsRows: true, null);

        Assert.Equal(["reads all of readings_minute, about 60 million rows, about 1.2 GB", "reads all of trains, 120 rows, about 2 kB", "gives 2 rows, 46 bytes"], estimate.Words);
        Assert.Equal((60e6 * 20.5) + (120 * 17), estimate.Bytes);
    }

    [Fact]
    public void A_tables_first_rows_are_few_bytes_whatever_the_table_holds()
    {
        string[] lines = ["XN Limit  (cost=0.00..0.10 rows=10 width=120)", "  ->  XN Seq Scan on readings_minute  (cost=0.00..600000.00 rows=60000000 width=120)"];

        var estimate = ServerPlan.Read(lines, Sizes, tellsRows: true, 10);

        Assert.Equal(["reads the first 10 rows, about 1.2 kB", "gives 10 rows, about 1.2 kB"], estimate.Words);
        Assert.Equal((10, 1_200), (estimate.Rows, estimate.Bytes));
        Assert.Null(ServerPlan.Read(lines, Sizes, tellsRows: false, 10).Bytes);
    }

    [Fact]
    public void A_sum_with_a_part_missing_is_not_told()
    {
        string[] lines = ["XN Aggregate  (cost=1.50..1.50 rows=1 width=0)", "  ->  XN Seq Scan on trains  (cost=0.00..1.20 rows=120 width=0)"];

        var counted = ServerPlan.Read(lines, Sizes, tellsRows: true, null);
        var nothing = ServerPlan.Read(["XN Result  (cost=0.00..0.01 rows=1 width=0)"], Sizes, tellsRows: true, null);

        Assert.Equal(["reads all of trains, 120 rows"], counted.Words);
        Assert.Equal((null, null), (counted.Bytes, nothing.Bytes));
        Assert.Empty(nothing.Words);
    }

    [Theory]
    [InlineData(1, "1 byte")]
    [InlineData(999, "999 bytes")]
    [InlineData(999.7, "about 1 kB")]
    [InlineData(1_234, "about 1.2 kB")]
    [InlineData(999_700, "about 1 MB")]
    [InlineData(1.23e9, "about 1.2 GB")]
    [InlineData(1.5e15, "about 1,500 TB")]
    [InlineData(double.PositiveInfinity, "more bytes than any machine reads")]
    public void Bytes_are_said_as_people_say_them(double bytes, string words) => Assert.Equal(words, QueryEstimate.BytesInWords(bytes));
}
