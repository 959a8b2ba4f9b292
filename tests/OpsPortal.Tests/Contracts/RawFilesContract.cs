using System.Collections.Frozen;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Contracts;

/// <summary>What holds for every place of raw files.</summary>
public abstract class RawFilesContract
{
    private static readonly DateTimeOffset Start = Samples.Start;

    /// <summary>Names that have tripped filters before: parts of each other, separators, wildcards, escapes, other scripts, too long for a folder.</summary>
    private static readonly string[] EvilDepots =
        ["Longsight", "Longsight ", "longsight", "Long", "Longsight%2F", "../Longsight", "a", "a/b", "a-b", "a%2Fb", "*", "%", ".", "depot=a", "日本", "Zürich", "unknown", new('x', 240), new string('x', 239) + "y"];

    protected abstract IRawFiles Files { get; }

    /// <summary>Writes files as the product does; afterwards they are where this adapter reads.</summary>
    private protected abstract Task WriteAsync(Action<RawSeed> add);

    /// <summary>Takes a file's bytes away behind the product's back.</summary>
    protected abstract Task RemoveBytesAsync(string key);

    [Fact]
    public async Task Every_file_is_listed_with_what_is_inside()
    {
        await WriteAsync(seed => seed.Add("Longsight", "390-042", Start, 3).Add("Longsight", "390-001", Start.AddMinutes(10)).Add("Crofton", "222-007", Start));

        var page = await Files.FindAsync(Scope.WholeFleet, new RawFileQuery(), default);

        Assert.Equal((null, null, 0), (page.Next, page.Replica, page.LeftOut));
        Assert.Equal(["Crofton", "Longsight"], page.Files.Select(file => file.Depot));
        var file = page.Files[1];
        Assert.Equal((SourceRecordKind.Telemetry, Start, false), (file.Kind, file.Hour, file.IsOpen));
        Assert.StartsWith("raw/depot=Longsight/date=2026-11-21/hour=20/", file.Key, StringComparison.Ordinal);
        Assert.Equal((RawChecksum.Sha256, 64), (file.Checksum!.Algorithm, file.Checksum.Value.Length));
        Assert.Equal((4, 0, Start, Start.AddMinutes(10)), ((int)file.Content!.Records, (int)file.Content.SetAside, file.Content.FirstReceivedAt!.Value, file.Content.LastReceivedAt!.Value));
        Assert.Equal(
            [new RawFileTrain("390-001", 1, Start.AddMinutes(10), Start.AddMinutes(10)), new RawFileTrain("390-042", 3, Start, Start.AddSeconds(2))],
            file.Content.Trains);
        Assert.True(file.Bytes > 0);
    }

    [Fact]
    public async Task Pages_go_on_where_the_last_one_ended_until_all_was_given_once()
    {
        await WriteAsync(seed =>
        {
            for (var hour = 0; hour < 6; hour++)
            {
                seed.Add("a", "390-001", Start.AddHours(hour)).Add("a-b", "390-002", Start.AddHours(hour)).Add("a/b", "390-003", Start.AddHours(hour));
            }
        });

        var whole = await Files.FindAsync(Scope.WholeFleet, new RawFileQuery(), default);
        var (paged, pages) = await PagesAsync(Scope.WholeFleet, new RawFileQuery(Limit: 4));

        Assert.Equal(18, whole.Files.Count);
        Assert.Equal(whole.Files.Select(file => file.Key), paged.Select(file => file.Key));
        Assert.Equal(paged.Select(file => file.Key).Order(StringComparer.Ordinal), paged.Select(file => file.Key));
        Assert.Equal(5, pages);
    }

    [Theory]
    [InlineData(null, null, 6)]
    [InlineData(0, 60, 1)]
    [InlineData(59, 61, 2)]
    [InlineData(60, 120, 1)]
    [InlineData(90, null, 5)]
    [InlineData(null, 90, 2)]
    [InlineData(600, null, 0)]
    [InlineData(120, 120, 0)]
    public async Task Hours_are_found_that_a_span_of_time_touches(int? from, int? to, int expected)
    {
        await WriteAsync(seed => Enumerable.Range(0, 6).ToList().ForEach(hour => seed.Add("Longsight", "390-042", Start.AddHours(hour))));

        var query = new RawFileQuery(From: from is { } first ? Start.AddMinutes(first) : null, To: to is { } last ? Start.AddMinutes(last) : null);

        Assert.Equal(expected, (await Files.FindAsync(Scope.WholeFleet, query, default)).Files.Count);
        Assert.Equal(expected, (await PagesAsync(Scope.WholeFleet, query with { Limit = 1 })).Files.Count);
    }

    [Fact]
    public async Task Depots_trains_and_kinds_narrow_what_is_found()
    {
        await WriteAsync(seed => seed.Add("Longsight", "390-042", Start).Add("Crofton", "222-007", Start).Add("Wembley", "390-001", Start).Add("Longsight", "390-042", Start, 1, SourceRecordKind.Presence));

        Assert.Equal(["Crofton", "Wembley"], await DepotsAsync(new RawFileQuery(Depots: ["Wembley", "Crofton", "nowhere"])));
        Assert.Empty(await DepotsAsync(new RawFileQuery(Depots: [])));
        Assert.Equal(["Crofton"], await DepotsAsync(new RawFileQuery(Trains: ["222-007", "nobody"])));
        Assert.Equal(["Longsight"], await DepotsAsync(new RawFileQuery(SourceRecordKind.Presence)));
    }

    [Fact]
    [Trait("Fault", "SEC-23")]
    public async Task Whatever_the_scope_nothing_outside_is_told_and_nothing_inside_is_missing()
    {
        await WriteAsync(seed =>
        {
            foreach (var (depot, i) in EvilDepots.Select((depot, i) => (depot, i)))
            {
                seed.Add(depot, $"t-{i}", Start).Add(depot, $"t-{i}", Start.AddHours(1));
            }
        });
        var all = (await Files.FindAsync(Scope.WholeFleet, new RawFileQuery(), default)).Files;
        Assert.Equal(EvilDepots.Length * 2, all.Count);
        Assert.Equal(EvilDepots.Order(StringComparer.Ordinal), all.Select(file => file.Depot).Distinct().Order(StringComparer.Ordinal));

        var chance = new Random(17);
        for (var round = 0; round < 40; round++)
        {
            var inside = EvilDepots.Where(_ => chance.Next(3) == 0).Append(chance.Next(2) == 0 ? "nowhere" : "Longs").ToFrozenSet(StringComparer.Ordinal);
            await CheckAsync(new Scope(inside, null, null), all, inside, [.. EvilDepots.Where(_ => chance.Next(2) == 0)], all[chance.Next(all.Count)].Key);
        }
    }

    [Theory]
    [InlineData("line")]
    [InlineData("class")]
    public async Task Who_sees_a_part_of_a_depot_sees_none_of_its_files(string dimension)
    {
        await WriteAsync(seed => seed.Add("Longsight", "390-042", Start));
        var key = (await Files.FindAsync(Scope.WholeFleet, new RawFileQuery(), default)).Files.Single().Key;

        Assert.Empty((await Files.FindAsync(Samples.OnlyLongsight(dimension), new RawFileQuery(), default)).Files);
        Assert.Null(await Files.GetAsync(Samples.OnlyLongsight(dimension), key, default));
        Assert.Null(await Files.LinkAsync(Samples.OnlyLongsight(dimension), key, default));
        Assert.NotNull(await Files.GetAsync(Samples.OnlyLongsight("depot"), key, default));
    }

    [Theory]
    [Trait("Fault", "BAD-31")]
    [InlineData("../other-tenant/x")]
    [InlineData("raw/depot=Longsight/../depot=Crofton/date=2026-11-21/hour=20/x.ndjson.gz")]
    [InlineData("raw/depot=Longsight/date=2026-11-21/hour=20/../../../../raw.db")]
    [InlineData("raw/depot=%2e%2e%2f/date=2026-11-21/hour=20/x.ndjson.gz")]
    [InlineData("..%252f")]
    [InlineData("raw\\depot=Longsight")]
    [InlineData("/etc/passwd")]
    [InlineData("raw/depot=Longsight/date=2026-11-21/hour=20/x.ndjson.gz\0")]
    [InlineData("raw/depot=Longsight/date=2026-11-21/hour=20/x.ndjson.gz\n")]
    [InlineData("raw/depot=Longsight/date=2026-11-21/hour=20/x.ndjson.gz?versionId=1")]
    [InlineData("raw/depot=Longsight/date=2026-13-41/hour=99/x.ndjson.gz")]
    [InlineData("catalogue/raw/depot=Longsight/date=2026-11-21/hour=20/x.ndjson.gz.json")]
    [InlineData("")]
    public async Task A_key_that_is_none_leads_nowhere(string key)
    {
        await WriteAsync(seed => seed.Add("Longsight", "390-042", Start));

        foreach (var text in (string[])[key, key + new string('x', 2_000)])
        {
            Assert.Null(await Files.GetAsync(Scope.WholeFleet, text, default));
            Assert.Null(await Files.GetStateAsync(Scope.WholeFleet, text, default));
            Assert.Null(await Files.LinkAsync(Scope.WholeFleet, text, default));
            Assert.Null(await Files.OpenAsync(Scope.WholeFleet, text, default));
            Assert.Null(await Files.RequestRestoreAsync(Scope.WholeFleet, text, null, default));
        }
    }

    [Theory]
    [InlineData(0, null, "Limit")]
    [InlineData(1_001, null, "Limit")]
    [InlineData(10, "raw/../x", "After")]
    [InlineData(10, "", "After")]
    public async Task A_limit_or_place_that_is_none_is_refused_by_its_name(int limit, string? after, string named)
    {
        var refused = await Assert.ThrowsAsync<ArgumentException>(() => Files.FindAsync(Scope.WholeFleet, new RawFileQuery(After: after, Limit: limit), default));

        Assert.StartsWith(named, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_is_found_by_its_key_and_can_be_had()
    {
        await WriteAsync(seed => seed.Add("Zürich", "390-042", Start));
        var listed = (await Files.FindAsync(Scope.WholeFleet, new RawFileQuery(), default)).Files.Single();

        var found = (await Files.GetAsync(Scope.WholeFleet, listed.Key, default))!;
        var state = (await Files.GetStateAsync(Scope.WholeFleet, listed.Key, default))!;
        var link = (await Files.LinkAsync(Scope.WholeFleet, listed.Key, default))!;

        Assert.Equivalent(listed, found, strict: true);
        Assert.Equal((RawFileAvailability.Available, null, null), (state.Availability, state.Until, state.Reason));
        Assert.Equal(("application/gzip", $"raw_Zürich_2026-11-21T20_{listed.Key.Split('/')[^1]}"), (link.ContentType, link.FileName));
        Assert.Equal(state, link.State);
        Assert.NotNull(link.Way);
        Assert.Equal(RawFileAvailability.Available, (await Files.RequestRestoreAsync(Scope.WholeFleet, listed.Key, null, default))!.Availability);
    }

    [Fact]
    [Trait("Fault", "FLT-17")]
    public async Task A_file_that_was_taken_away_is_said_to_be_gone_before_anybody_follows_a_link()
    {
        await WriteAsync(seed => seed.Add("Longsight", "390-042", Start).Add("Longsight", "390-042", Start.AddHours(1)));
        var files = (await Files.FindAsync(Scope.WholeFleet, new RawFileQuery(), default)).Files;
        await RemoveBytesAsync(files[0].Key);

        var (gone, there) = (await Files.LinkAsync(Scope.WholeFleet, files[0].Key, default), await Files.LinkAsync(Scope.WholeFleet, files[1].Key, default));

        Assert.Equal((RawFileAvailability.Gone, null), (gone!.State.Availability, gone.Way));
        Assert.Contains("administrator", gone.State.Reason, StringComparison.Ordinal);
        Assert.NotNull(there!.Way);
        Assert.Null(await Files.LinkAsync(Samples.Nothing, files[0].Key, default));
        var bytes = await Files.OpenAsync(Scope.WholeFleet, files[0].Key, default);
        Assert.Equal((RawFileAvailability.Gone, null), (bytes!.State.Availability, bytes.Bytes));
    }

    [Fact]
    public async Task A_files_bytes_are_read_here_as_they_are_catalogued_however_many_they_are()
    {
        await WriteAsync(seed => seed.AddLarge("Longsight", "390-042", Start, 9 << 20));
        var file = (await Files.FindAsync(Scope.WholeFleet, new RawFileQuery(), default)).Files.Single();

        var opened = (await Files.OpenAsync(Samples.OnlyLongsight("depot"), file.Key, default))!;
        await using var bytes = opened.Bytes!;
        using var whole = new MemoryStream();
        await bytes.CopyToAsync(whole);

        Assert.True(file.Bytes > 8 << 20);
        Assert.Equal((file.Bytes, file.Checksum!.Value), (whole.Length, Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(whole.ToArray()))));
        Assert.Null(await Files.OpenAsync(Samples.OnlyLongsight("line"), file.Key, default));
        Assert.Null(await Files.OpenAsync(Samples.Nothing, file.Key, default));
    }

    private async Task CheckAsync(Scope scope, IReadOnlyList<RawFile> all, FrozenSet<string> inside, IReadOnlyList<string> asked, string anyKey)
    {
        var expected = all.Where(file => inside.Contains(file.Depot)).Select(file => file.Key).ToList();
        var (came, _) = await PagesAsync(scope, new RawFileQuery(Limit: 3));
        Assert.Equal(expected, came.Select(file => file.Key));
        Assert.DoesNotContain(came, file => !inside.Contains(file.Depot));

        var narrowed = await Files.FindAsync(scope, new RawFileQuery(Depots: asked), default);
        Assert.Equal(all.Where(file => inside.Contains(file.Depot) && asked.Contains(file.Depot)).Select(file => file.Key), narrowed.Files.Select(file => file.Key));

        // A place in the list that is outside is as good as any, and tells nothing.
        var after = await Files.FindAsync(scope, new RawFileQuery(After: anyKey), default);
        Assert.Equal(expected.Where(key => string.CompareOrdinal(key, anyKey) > 0), after.Files.Select(file => file.Key));

        var isInside = inside.Contains(all.Single(file => file.Key == anyKey).Depot);
        Assert.Equal(isInside, await Files.GetAsync(scope, anyKey, default) is not null);
        Assert.Equal(isInside, await Files.LinkAsync(scope, anyKey, default) is not null);
        var opened = await Files.OpenAsync(scope, anyKey, default);
        opened?.Bytes?.Dispose();
        Assert.Equal(isInside, opened is not null);
    }

    private async Task<(List<RawFile> Files, int Pages)> PagesAsync(Scope scope, RawFileQuery query)
    {
        var (all, pages, next) = (new List<RawFile>(), 0, (string?)null);
        do
        {
            var page = await Files.FindAsync(scope, query with { After = next }, default);
            Assert.True(page.Files.Count <= query.Limit);
            all.AddRange(page.Files);
            (next, pages) = (page.Next, pages + 1);
        }
        while (next is not null);
        return (all, pages);
    }

    private async Task<IEnumerable<string>> DepotsAsync(RawFileQuery query) =>
        (await Files.FindAsync(Scope.WholeFleet, query, default)).Files.Select(file => file.Depot);
}
