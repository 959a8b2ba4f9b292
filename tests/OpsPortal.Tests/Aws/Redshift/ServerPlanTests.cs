using OpsPortal.Adapters.Aws.Redshift;

namespace OpsPortal.Tests.Aws.Redshift;

/// <summary>Plans as the servers write them: Redshift's as its documentation prints them, PostgreSQL's as it gave them.</summary>
public sealed class ServerPlanTests
{
    private static readonly Dictionary<string, long> Sizes = new() { ["readings_minute"] = 60_000_000, ["trains"] = 120 };

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

        Assert.Equal(["reads all of readings_minute, about 60 million rows", "reads all of trains, 120 rows"], estimate.Words);
        Assert.Equal((60e6, 60e6, null), (estimate.Rows, estimate.Weight, estimate.Unknown));
        Assert.Equal(5, estimate.Plan.Count);
        Assert.Equal("        XN Seq Scan on trains t (rows=120)".Trim(), estimate.Plan[^1].Trim());
        Assert.DoesNotContain(estimate.Plan, step => step.Contains("min_value", StringComparison.Ordinal));
    }

    [Fact]
    public void To_who_sees_a_part_only_no_number_is_told_and_the_guard_knows_it_all_the_same()
    {
        var estimate = ServerPlan.Read(OnRedshift, Sizes, tellsRows: false, null);

        Assert.Equal(["reads all of readings_minute", "reads all of trains"], estimate.Words);
        Assert.Null(estimate.Rows);
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
        Assert.Equal(["looks up a part of readings_minute, 1,200 rows", "reads all of trains, 120 rows"], estimate.Words);
    }
}
