using System.Collections.Frozen;
using OpsPortal.Core.Access;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Warehouse;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Contracts;

/// <summary>What every warehouse keeps to.</summary>
public abstract partial class WarehouseContract
{
    // Counts to two thousand millions, on any database.
    private const string Endless = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT COUNT(*) FROM n";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    protected abstract IWarehouse Warehouse { get; }

    /// <summary>Brings in a train with one minute of one sensor, one anomaly and one alert.</summary>
    protected abstract Task AddAsync(TrainIdentity train, string id, DateTimeOffset at);

    protected static User Engineer(Scope scope, string id = "contract|engineer") => new(id, "Engineer One", FrozenSet.Create(Role.Engineer), scope);

    private static User Everything { get; } = Engineer(Scope.WholeFleet);

    [Fact]
    public async Task Rows_come_as_texts_with_their_columns_types()
    {
        await AddAsync(Samples.Longsight(), "a1", Samples.Start.AddMilliseconds(250));

        await using var result = await RunAsync(Everything, "SELECT id, measured_at, late, grade, expected, kept_at, 7 AS seven FROM anomalies");

        Assert.Equal(["id", "measured_at", "late", "grade", "expected", "kept_at", "seven"], result.Columns.Select(column => column.Name));
        Assert.Equal(
            [WarehouseType.Text, WarehouseType.Time, WarehouseType.Boolean, WarehouseType.Number, WarehouseType.Number, WarehouseType.Time, WarehouseType.WholeNumber],
            result.Columns.Select(column => column.Type));
        Assert.True(await result.ReadAsync(default));
        Assert.Equal(("a1", "2026-11-21 20:00:00.25", "false", "0.93", null, "7"), (result[0], result[1]?.TrimEnd('0'), result[2], result[3], result[4], result[6]));
        Assert.False(await result.ReadAsync(default));
        Assert.Equal((1L, false), (result.Count, result.IsCut));
        Assert.NotEmpty(result.StatementId);
    }

    [Fact]
    public async Task A_minute_holds_its_readings_and_a_day_counts_its_alerts()
    {
        await AddAsync(Samples.Longsight(), "a1", Samples.Start);

        Assert.Equal(["2026-11-21 20:00:00|390-042|axleBoxTemperature.car3.axle2.right|10|60|61.5|63"], await ReadAsync(Everything, "SELECT minute, train, sensor, readings, min_value, mean_value, max_value FROM readings_minute"));
        Assert.Equal(["2026-11-21|WCML|390|critical|1|1"], await ReadAsync(Everything, "SELECT day, line, class, severity, alerts, anomalies FROM alerts_by_day"));
    }

    [Theory]
    [Trait("Fault", "SEC-23")]
    [Trait("Fault", "SEC-27")]
    [MemberData(nameof(Samples.Dimensions), MemberType = typeof(Samples))]
    public async Task A_user_sees_the_trains_of_the_scope_and_counts_no_others(string dimension)
    {
        await AddAsync(Samples.Longsight(), "a1", Samples.Start);
        await AddAsync(Samples.Wembley(), "a2", Samples.Start);
        await AddAsync(Samples.Crofton(), "a3", Samples.Start);
        var user = Engineer(Samples.OnlyLongsight(dimension), $"contract|{dimension}");

        foreach (var table in new[] { "trains", "readings_minute", "anomalies", "alerts" })
        {
            Assert.Equal(["390-001", "390-042"], await ReadAsync(user, $"SELECT train FROM {table} ORDER BY train"));
            Assert.Equal(["2"], await ReadAsync(user, $"SELECT COUNT(*) FROM {table}"));
            Assert.Equal(["3"], await ReadAsync(Everything, $"SELECT COUNT(*) FROM {table}"));
            Assert.Equal(["0"], await ReadAsync(Engineer(Samples.Nothing, "contract|nothing"), $"SELECT COUNT(*) FROM {table}"));
        }

        Assert.Equal(["2"], await ReadAsync(user, "SELECT SUM(alerts) FROM alerts_by_day"));
        Assert.Equal(["0"], await ReadAsync(user, "SELECT COUNT(*) FROM alerts WHERE train = '222-007' OR depot = 'Crofton'"));
    }

    [Fact]
    public async Task A_scope_that_changes_holds_for_the_next_query()
    {
        await AddAsync(Samples.Longsight(), "a1", Samples.Start);
        await AddAsync(Samples.Crofton(), "a3", Samples.Start);

        Assert.Equal(["2"], await ReadAsync(Engineer(Scope.WholeFleet, "contract|moves"), "SELECT COUNT(*) FROM trains"));
        Assert.Equal(["1"], await ReadAsync(Engineer(Samples.OnlyLongsight("depot"), "contract|moves"), "SELECT COUNT(*) FROM trains"));
        Assert.Equal(["0"], await ReadAsync(Engineer(Samples.Nothing, "contract|moves"), "SELECT COUNT(*) FROM trains"));
        Assert.Equal(["2"], await ReadAsync(Engineer(Scope.WholeFleet, "contract|moves"), "SELECT COUNT(*) FROM trains"));
    }

    [Fact]
    [Trait("Fault", "SEC-27")]
    public async Task A_scope_whose_names_are_hostile_texts_is_a_scope_like_any_other()
    {
        const string Name = "O'Hara' OR '1'='1";
        await AddAsync(Samples.Crofton(), "a3", Samples.Start);

        Assert.Equal(["0"], await ReadAsync(Engineer(new Scope(FrozenSet.Create(Name), null, null), "x' OR 1=1 --"), "SELECT COUNT(*) FROM trains"));
    }

    [Fact]
    [Trait("Fault", "BAD-29")]
    public async Task Parameters_are_values_and_never_text_of_the_query()
    {
        await AddAsync(Samples.Longsight(), "a1", Samples.Start);
        await AddAsync(Samples.Wembley(), "a2", Samples.Start.AddMinutes(5));

        Assert.Equal(["a1"], await ReadAsync(Everything, "SELECT id FROM alerts WHERE train = :train AND train = :train", ("train", "390-042")));
        Assert.Empty(await ReadAsync(Everything, "SELECT id FROM alerts WHERE train = :train", ("train", "x' OR '1'='1")));
        Assert.Equal(["a2"], await ReadAsync(Everything, "SELECT id FROM alerts WHERE raised_at >= :from AND raised_at < :to", ("from", Samples.Start.AddMinutes(1)), ("to", "2026-11-22")));
        Assert.Equal(["a1", "a2"], await ReadAsync(Everything, "SELECT id FROM anomalies WHERE grade > :grade AND late = :late ORDER BY id", ("grade", 0.5), ("late", false)));
    }

    [Fact]
    [Trait("Fault", "BAD-29")]
    public async Task A_missing_value_is_refused_before_anything_runs()
    {
        var refused = await Assert.ThrowsAsync<QueryRefusedException>(() => RunAsync(Everything, "SELECT :train"));

        Assert.Equal(("The parameter :train has no value.", 7), (refused.Message, refused.Position));
    }

    [Fact]
    [Trait("Fault", "BAD-27")]
    [Trait("Fault", "SEC-26")]
    public async Task No_more_rows_come_than_asked_for_and_the_cut_is_said()
    {
        foreach (var i in Enumerable.Range(0, 5))
        {
            await AddAsync(Samples.Longsight(), $"a{i}", Samples.Start.AddMinutes(i));
        }

        await using var cut = await RunAsync(Everything, "SELECT id FROM anomalies ORDER BY id", rows: 3);
        await using var whole = await RunAsync(Everything, "SELECT id FROM anomalies ORDER BY id", rows: 5);

        Assert.Equal(["a0", "a1", "a2"], await RestAsync(cut));
        Assert.True(cut.IsCut);
        Assert.Equal((5, false), ((await RestAsync(whole)).Count, whole.IsCut));
    }

    [Fact]
    [Trait("Fault", "FLT-14")]
    [Trait("Fault", "BAD-27")]
    [Trait("Fault", "SEC-26")]
    public async Task The_time_limit_ends_a_query_and_says_so_and_the_next_one_runs()
    {
        await AddAsync(Samples.Longsight(), "a1", Samples.Start);

        var cut = await Assert.ThrowsAsync<QueryCutException>(() => ReadAsync(Everything, Endless, TimeSpan.FromSeconds(1)).WaitAsync(Patience));

        Assert.Contains("time limit of 1 s", cut.Message);
        Assert.NotEmpty(cut.StatementId);
        await NothingRunsAsync(Everything);
        Assert.Equal(["1"], await ReadAsync(Everything, "SELECT COUNT(*) FROM trains"));
    }

    [Fact]
    public async Task Cancelling_ends_the_statement_on_the_server()
    {
        using var cancel = new CancellationTokenSource();
        var running = RunAsync(Everything, Endless, cancellationToken: cancel.Token);
        RunningStatement? seen = null;
        await Eventually.IsTrueAsync("the server sees it run", Patience, async () => (seen = (await Warehouse.FindRunningAsync(Everything, default)).SingleOrDefault()) is not null);
        Assert.Empty(await Warehouse.FindRunningAsync(Engineer(Scope.WholeFleet, "contract|another"), default));

        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.WaitAsync(Patience));
        Assert.Contains("WITH RECURSIVE", seen!.Text);
        await NothingRunsAsync(Everything);
    }

    [Fact]
    public async Task A_result_put_away_before_its_end_ends_the_statement()
    {
        // More rows than any buffer on the way holds.
        var result = await RunAsync(Everything, "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3000000) SELECT i, 'some text that makes the row longer than it needs to be' AS filler FROM n");
        Assert.True(await result.ReadAsync(default));
        Assert.Equal("1", result[0]);

        await result.DisposeAsync();

        await NothingRunsAsync(Everything);
        Assert.Equal(["1"], await ReadAsync(Everything, "SELECT 1"));
    }

    [Fact]
    public async Task A_mistake_is_told_in_the_servers_words()
    {
        var unknown = await Assert.ThrowsAsync<QueryFailedException>(() => RunAsync(Everything, "SELECT nonsense FROM trains"));
        var broken = await Assert.ThrowsAsync<QueryFailedException>(() => RunAsync(Everything, "SELECT 1 FROM FROM"));

        Assert.Contains("nonsense", unknown.Message);
        Assert.NotEmpty(broken.Message);
        Assert.Equal(["1"], await ReadAsync(Everything, "SELECT 1"));
    }

    [Theory]
    [Trait("Fault", "BAD-22")]
    [Trait("Fault", "BAD-23")]
    [Trait("Fault", "BAD-24")]
    [InlineData("DELETE FROM trains")]
    [InlineData("WITH x AS (DELETE FROM trains RETURNING *) SELECT * FROM x")]
    [InlineData("SELECT 1; DROP TABLE trains")]
    [InlineData("SELECT * INTO t FROM trains")]
    public async Task What_is_no_query_is_refused_and_changes_nothing(string text)
    {
        await AddAsync(Samples.Longsight(), "a1", Samples.Start);

        await Assert.ThrowsAsync<QueryRefusedException>(() => RunAsync(Everything, text));

        Assert.Equal(["1"], await ReadAsync(Everything, "SELECT COUNT(*) FROM trains"));
    }

    [Fact]
    public async Task The_tables_that_can_be_asked_are_described_and_no_others()
    {
        var tables = await Warehouse.DescribeAsync(Everything, default);

        Assert.Equal(["alerts", "alerts_by_day", "anomalies", "readings_minute", "train_minutes", "trains"], tables.Select(table => table.Name));
        var readings = tables.Single(table => table.Name == "readings_minute").Columns;
        Assert.Equal(("minute", WarehouseType.Time), (readings[0].Name, readings[0].Type));
        Assert.Equal((11, WarehouseType.Number), (readings.Count, readings.Single(column => column.Name == "mean_value").Type));
        foreach (var table in tables)
        {
            await using var result = await RunAsync(Everything, $"SELECT {string.Join(", ", table.Columns.Select(column => column.Name))} FROM {table.Name}");
            Assert.Equal(table.Columns.Count, result.Columns.Count);
        }
    }

    [Fact]
    public async Task An_estimate_names_what_is_read_and_runs_nothing()
    {
        await AddAsync(Samples.Longsight(), "a1", Samples.Start);

        var estimate = await EstimateAsync(Everything, "SELECT a.id FROM anomalies a WHERE a.grade > :grade", ("grade", 0.5));
        var endless = await EstimateAsync(Everything, Endless);

        Assert.Contains(estimate.Words, words => words.StartsWith("reads all of anomalies, ", StringComparison.Ordinal));
        Assert.NotNull(estimate.Rows);
        Assert.Contains(estimate.Plan, step => step.Contains("anomalies", StringComparison.Ordinal));
        Assert.NotEmpty(endless.Plan);
        await NothingRunsAsync(Everything);
    }

    [Fact]
    [Trait("Fault", "SEC-23")]
    public async Task An_estimate_tells_nothing_of_what_the_scope_leaves_out()
    {
        var narrow = Engineer(Samples.OnlyLongsight("depot"), "contract|estimates");
        await AddAsync(Samples.Longsight(), "a1", Samples.Start);
        var before = await EstimateAsync(narrow, "SELECT * FROM anomalies, alerts");
        foreach (var i in Enumerable.Range(0, 20))
        {
            await AddAsync(Samples.Crofton(), $"b{i}", Samples.Start.AddMinutes(i));
        }

        var after = await EstimateAsync(narrow, "SELECT * FROM anomalies, alerts");
        var tables = await Warehouse.DescribeAsync(narrow, default);

        Assert.Equal(before.Words, after.Words);
        Assert.Equal(before.Rows, after.Rows);
        Assert.All(tables, table => Assert.True(table.Rows is null or <= 1, $"{table.Name}: {table.Rows}"));
        Assert.DoesNotContain(after.Plan.Concat(after.Words), line => line.Contains("scope", StringComparison.OrdinalIgnoreCase) || line.Contains("operator", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_mistake_is_found_by_the_estimate_at_its_place()
    {
        const string Text = "SELECT train,\n  nonsense FROM trains";

        var mistake = await Assert.ThrowsAsync<QueryFailedException>(() => EstimateAsync(Everything, Text));

        Assert.Equal(Text.IndexOf("nonsense", StringComparison.Ordinal), mistake.Position);
        await Assert.ThrowsAsync<QueryRefusedException>(() => EstimateAsync(Everything, "DELETE FROM trains"));
    }

    [Fact]
    public async Task A_table_whose_layout_is_not_known_says_why()
    {
        Assert.All(await Warehouse.DescribeAsync(Everything, default), table => Assert.NotEmpty(table.Layout.Absent!));
    }

    [Fact]
    public async Task Several_queries_of_one_user_run_at_the_same_time()
    {
        await AddAsync(Samples.Longsight(), "a1", Samples.Start);

        var counts = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => ReadAsync(Everything, "SELECT COUNT(*) FROM trains")));

        Assert.All(counts, count => Assert.Equal(["1"], count));
    }

    protected Task<IWarehouseResult> RunAsync(User user, string text, long? rows = null, TimeSpan? time = null, CancellationToken cancellationToken = default, params (string Name, object? Value)[] values) =>
        Warehouse.RunAsync(user, new WarehouseQuery(text, values.ToDictionary(value => value.Name, value => value.Value), rows, time), cancellationToken);

    protected Task<QueryEstimate> EstimateAsync(User user, string text, params (string Name, object? Value)[] values) =>
        Warehouse.EstimateAsync(user, new WarehouseQuery(text, values.ToDictionary(value => value.Name, value => value.Value)), default);

    protected Task<List<string>> ReadAsync(User user, string text, params (string Name, object? Value)[] values) => ReadAsync(user, text, null, values);

    protected async Task<List<string>> ReadAsync(User user, string text, TimeSpan? time, params (string Name, object? Value)[] values)
    {
        await using var result = await RunAsync(user, text, time: time, values: values);
        return await RestAsync(result);
    }

    protected async Task NothingRunsAsync(User user) =>
        await Eventually.IsTrueAsync("nothing runs any more", Patience, async () => (await Warehouse.FindRunningAsync(user, default)).Count == 0);

    private static async Task<List<string>> RestAsync(IWarehouseResult result)
    {
        var rows = new List<string>();
        while (await result.ReadAsync(default))
        {
            rows.Add(string.Join('|', Enumerable.Range(0, result.Columns.Count).Select(column => Plain(result[column]))));
        }

        return rows;
    }

    // "2026-11-21 20:00:00.000" and "2026-11-21 20:00:00" are one time, 60.0 and 60 one number.
    private static string? Plain(string? text) => text is not null && (text.EndsWith(".000", StringComparison.Ordinal) || text.EndsWith(".0", StringComparison.Ordinal)) ? text[..text.LastIndexOf('.')] : text;
}
