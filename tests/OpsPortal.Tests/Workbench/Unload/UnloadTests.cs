using System.Collections.Frozen;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Adapters.Aws.S3;
using OpsPortal.Core.Access;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.S3;
using OpsPortal.Workbench.Unload;

namespace OpsPortal.Tests.Workbench.Unload;

/// <summary>Whole results as files, by a peer that plays Redshift's UNLOAD before a real PostgreSQL, in the buckets of a server that checks signatures.</summary>
[Trait("Peer", "PostgreSQL")]
[Trait("Peer", "S3")]
[Collection(SwiftCollection.Name)]
public sealed class UnloadTests(SwiftPeer s3) : IAsyncLifetime
{
    private const string Endless = "SELECT SUM(n.i) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000000000) SELECT i FROM n) n";

    private UnloadHouse _house = null!;

    public async Task InitializeAsync() => _house = await UnloadHouse.OpenAsync(s3);

    public async Task DisposeAsync() => await _house.DisposeAsync();

    [Fact]
    [Trait("Fault", "SEC-32")]
    public async Task All_rows_come_as_files_whose_links_are_signed_when_they_are_followed()
    {
        using var caller = await _house.AsAsync("Engineer One");
        const string Sql = "SELECT train, depot, 12 AS whole, 0.5::float8 AS number, true AS truth, NULL AS nothing FROM trains ORDER BY train LIMIT 5 -- and no more";
        var (query, rows) = await caller.RunAsync(Sql);
        var id = query.GetProperty("id").GetString()!;

        var files = await caller.UnloadedAsync(id);

        Assert.True(files.State() == "succeeded", files.ToString());
        Assert.Equal(2, files.GetProperty("rows").GetInt64());
        Assert.Equal(rows.Order(StringComparer.Ordinal), await caller.RowsAsync(files));
        Assert.True((await caller.GetQueryAsync(id)).GetProperty("files").GetBoolean());
        var form = Assert.Single(_house.Peer.Asked);
        Assert.Equal((_house.Bucket, UnloadHouse.Role), (form.Bucket, form.Role));
        Assert.Equal(["FORMAT AS PARQUET", "MANIFEST VERBOSE", "MAXFILESIZE 256 MB"], form.Options);

        var address = await caller.FollowAsync(files.GetProperty("files")[0]);
        Assert.Contains("X-Amz-Expires=300", address.Query, StringComparison.Ordinal);
        Assert.Contains("attachment", Uri.UnescapeDataString(address.Query), StringComparison.Ordinal);
        using var browser = new HttpClient();
        using var put = await browser.PutAsync(address, new StringContent("x"));
        Assert.Equal(HttpStatusCode.Forbidden, put.StatusCode);
        using var longer = await browser.GetAsync(address.OriginalString.Replace("X-Amz-Expires=300", "X-Amz-Expires=600", StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.Forbidden, longer.StatusCode);
        using var expired = await browser.GetAsync(Signed(files.GetProperty("files")[0], TimeSpan.FromSeconds(-301)));
        Assert.Equal(HttpStatusCode.Forbidden, expired.StatusCode);
        using var holds = await browser.GetAsync(Signed(files.GetProperty("files")[0], TimeSpan.FromSeconds(-200)));
        Assert.Equal(HttpStatusCode.OK, holds.StatusCode);
        using var other = await caller.GetAsync($"/api/queries/{id}/files/manifest");
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);

        var acts = _house.Host.Audit.Entries.Where(entry => entry.On == id).Select(entry => (entry.Act, entry.Outcome)).Distinct().ToList();
        Assert.Contains(("unloadQuery", "ok"), acts);
        Assert.Contains(("fetchUnloadedFile", "ok"), acts);
        Assert.Contains(_house.Host.Audit.Entries, entry => entry is { Act: "endUnload", Outcome: "ok" } && entry.Detail!.Contains("2 files, 2 rows", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Links_name_the_address_that_browsers_reach()
    {
        await using var house = await UnloadHouse.OpenAsync(s3, ("Redshift:Unload:LinkEndpoint", $"http://localhost:{s3.Address.Port}"));
        using var caller = await house.AsAsync("Engineer One");
        var (query, rows) = await caller.RunAsync("SELECT train FROM trains");

        var files = await caller.UnloadedAsync(query.GetProperty("id").GetString()!);

        Assert.Equal(rows.Order(StringComparer.Ordinal), await caller.RowsAsync(files));
        Assert.Equal("localhost", (await caller.FollowAsync(files.GetProperty("files")[0])).Host);
    }

    [Fact]
    [Trait("Fault", "BAD-23")]
    public async Task Values_stay_values_whatever_is_in_them()
    {
        using var caller = await _house.AsAsync("Engineer One");
        string[] hostile = ["'; DROP TABLE trains; --", "'') TO 's3://other/' --", "a\\'b", "\\", "\\\\'", "$$x$$ $1 :a", "\"q\"", "Zürich 東京 🚆", "line\nend", "/* c", "E'x'", "''"];
        // The column's own quotes and backslashes too.
        var sql = $"SELECT 'it''s \\ :no' AS own, {string.Join(", ", hostile.Select((_, i) => $":v{i} AS v{i}"))}, :n + 1 AS n, :x * 2 AS x, CAST(:b AS boolean) AS b, CAST(:z AS varchar) AS z, '2026-11-28 00:00:00' <= CAST(:t AS timestamp) AS t";
        var values = hostile.Select((value, i) => ($"v{i}", (object?)value)).Append(("n", -12L)).Append(("x", 1e-3)).Append(("b", true)).Append(("z", null))
            .Append(("t", new { type = "time", value = "2026-11-29T20:00:00Z" })).ToDictionary(pair => pair.Item1, pair => pair.Item2);
        var (query, rows) = await caller.RunAsync(sql, values);
        Assert.True(query.State() == "succeeded", query.ToString());

        var files = await caller.UnloadedAsync(query.GetProperty("id").GetString()!);

        Assert.True(files.State() == "succeeded", files.ToString());
        Assert.Equal($"it's \\ :no|{string.Join('|', hostile)}|-11|0.002|True||True", Assert.Single(await caller.RowsAsync(files)));
        Assert.Equal(Assert.Single(rows), Assert.Single(await caller.RowsAsync(files)));
        Assert.Equal(2L, await _house.Rig.Server.AskAsync(_house.Rig.Database, "SELECT COUNT(*) FROM opsportal.trains"));
        Assert.Single(_house.Peer.Asked);
    }

    [Fact]
    [Trait("Fault", "SEC-23")]
    [Trait("Fault", "SEC-27")]
    public async Task Files_hold_the_askers_scope_and_are_there_for_the_asker_alone()
    {
        var longsight = Scope.WholeFleet with { Depots = FrozenSet.Create(Samples.Longsight().Depot) };
        using var caller = await _house.AsAsync("Engineer One", longsight);
        using var colleague = await _house.AsAsync("Engineer Two", longsight);
        using var wider = await _house.AsAsync("Engineer One");
        using var operatorOne = await _house.Host.SignedInAsync();
        var (query, rows) = await caller.RunAsync("SELECT train, current_user AS who, current_setting('transaction_read_only') AS reads FROM trains");
        var id = query.GetProperty("id").GetString()!;

        var files = await caller.UnloadedAsync(id);

        // By the same database user as the query's, in a transaction that only reads.
        var row = Assert.Single(await caller.RowsAsync(files));
        Assert.Equal(Assert.Single(rows), row);
        Assert.Matches($@"^{Samples.Longsight().Id}\|op_workbenchenginee[a-z0-9]*_[0-9a-f]+\|on$", row);
        var link = files.GetProperty("files")[0].GetProperty("link").GetString();
        foreach (var (other, status) in new[] { (colleague, HttpStatusCode.NotFound), (wider, HttpStatusCode.NotFound), (operatorOne, HttpStatusCode.Forbidden) })
        {
            Assert.Equal(status, (await other.GetAsync($"/api/queries/{id}/files")).StatusCode);
            Assert.Equal(status, (await other.GetAsync(link)).StatusCode);
            Assert.Equal(status, (await other.DeleteAsync($"/api/queries/{id}/files")).StatusCode);
            Assert.Equal(status, (await other.UnloadAsync(id)).StatusCode);
        }
    }

    [Fact]
    public async Task What_cannot_be_written_down_is_not_given()
    {
        using var caller = await _house.AsAsync("Engineer One");
        var (query, _) = await caller.RunAsync("SELECT train FROM trains");
        var id = query.GetProperty("id").GetString()!;
        var files = await caller.UnloadedAsync(id);
        _house.Host.Audit.IsBroken = true;

        using var followed = await caller.GetAsync(files.GetProperty("files")[0].GetProperty("link").GetString());
        using var again = await caller.UnloadAsync(id);

        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (followed.StatusCode, again.StatusCode));
        Assert.Null(followed.Headers.Location);
        Assert.Single(_house.Peer.Asked);
    }

    [Fact]
    public async Task Cancelling_ends_it_on_the_server_and_nothing_of_it_stays()
    {
        using var caller = await _house.AsAsync("Engineer One");
        var id = await caller.TakenAsync(Endless);
        await Eventually.IsTrueAsync("the query runs", WorkbenchHouse.Patience, async () => await _house.RunningAsync() == 1);
        await caller.DeleteAsync($"/api/queries/{id}");
        await caller.EndedAsync(id);
        using var begun = await caller.UnloadAsync(id, new { });
        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        await Eventually.IsTrueAsync("the files are being written", WorkbenchHouse.Patience, async () => await _house.RunningAsync() == 1);
        using var second = await caller.UnloadAsync(id);
        Assert.Equal(HttpStatusCode.TooManyRequests, second.StatusCode);

        using var cancelled = await caller.DeleteAsync($"/api/queries/{id}/files");

        Assert.Equal(HttpStatusCode.NoContent, cancelled.StatusCode);
        await Eventually.IsTrueAsync("nothing runs", WorkbenchHouse.Patience, async () => await _house.RunningAsync() == 0);
        JsonElement files = default;
        await Eventually.IsTrueAsync("it is said", WorkbenchHouse.Patience, async () => (files = await caller.GetFromJsonAsync<JsonElement>($"/api/queries/{id}/files")).State() == "cancelled");
        Assert.Empty(await _house.KeysAsync());
        await Eventually.IsTrueAsync("it is written down", WorkbenchHouse.Patience, () => Task.FromResult(_house.Host.Audit.Entries.Any(entry => entry is { Act: "endUnload", Outcome: "cancelled" })));
    }

    [Fact]
    public async Task A_server_that_may_not_write_is_told_in_plain_words()
    {
        using var caller = await _house.AsAsync("Engineer One");
        var id = await caller.TakenAsync("SELECT train FROM trains");
        await caller.EndedAsync(id);
        foreach (var (words, help) in new[]
        {
            ($"User arn:aws:redshift:eu-west-2:123456789012:dbuser:fleet/op_x is not authorized to assume IAM Role {UnloadHouse.Role}", "grant it for UNLOAD"),
            ("S3ServiceException:Access Denied,Status 403,Error AccessDenied", "look after its policy"),
        })
        {
            _house.Peer.Refusal = ("XX000", words);

            var files = await caller.UnloadedAsync(id);

            Assert.Equal("failed", files.State());
            var error = files.GetProperty("error").GetString()!;
            Assert.Contains(help, error, StringComparison.Ordinal);
            Assert.Contains(words, error, StringComparison.Ordinal);
        }

        Assert.Empty(_house.Peer.Asked);
        // It is put right: the same query is unloaded without running it again.
        _house.Peer.Refusal = null;
        Assert.Equal("succeeded", (await caller.UnloadedAsync(id)).State());
    }

    [Fact]
    public async Task Files_go_at_their_time_or_when_told_and_nothing_else_goes()
    {
        const string Over = "unload/20261128T000000Z-0123456789abcdef0123456789abcdef/";
        string[] strange = ["unload/20261128T000000Z-notes/x", "unload/other", "elsewhere/20261128T000000Z-0123456789abcdef0123456789abcdef/x"];
        using var caller = await _house.AsAsync("Engineer One");
        var id = await caller.TakenAsync("SELECT train FROM trains");
        await caller.EndedAsync(id);
        var files = await caller.UnloadedAsync(id);
        foreach (var key in strange.Append($"{Over}0000_part_00.parquet").Append($"{Over}manifest"))
        {
            await _house.PutAsync(key);
        }

        // Those of a process that is no more: all that is known of them is their name.
        await _house.Host.Services.GetRequiredService<UnloadDesk>().TidyAsync(default);

        var left = await _house.KeysAsync();
        Assert.DoesNotContain(left, key => key.StartsWith(Over, StringComparison.Ordinal));
        Assert.Equal(strange.Length + 3, left.Count);
        Assert.InRange(files.GetProperty("removedAt").GetDateTimeOffset() - TimeProvider.System.GetUtcNow(), TimeSpan.FromHours(4), TimeSpan.FromHours(4.2));

        using var removed = await caller.DeleteAsync($"/api/queries/{id}/files");

        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        Assert.Equal(strange.Order(StringComparer.Ordinal), (await _house.KeysAsync()).Order(StringComparer.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, (await caller.GetAsync(files.GetProperty("files")[0].GetProperty("link").GetString())).StatusCode);
        Assert.False((await caller.GetQueryAsync(id)).GetProperty("files").GetBoolean());
    }

    [Fact]
    public async Task What_would_read_very_much_is_written_only_when_it_is_said_once_more_by_who_may()
    {
        await using var house = await UnloadHouse.OpenAsync(s3, ("Workbench:LargestEstimate", "1"));
        using var scientist = await house.AsAsync("Scientist", role: Role.DataScientist);
        using var asked = await scientist.PostAsJsonAsync("/api/queries", new { sql = "SELECT train FROM trains", @override = true });
        var id = (await asked.JsonAsync()).GetProperty("id").GetString()!;

        using var over = await scientist.UnloadAsync(id);
        Assert.Equal(HttpStatusCode.Conflict, over.StatusCode);
        Assert.True((await over.JsonAsync()).GetProperty("present").GetProperty("over").GetBoolean());
        Assert.DoesNotContain(house.Host.Audit.Entries, entry => entry.Act == "unloadQuery");
        using var begun = await scientist.UnloadAsync(id, new { @override = true });

        Assert.Equal(HttpStatusCode.Accepted, begun.StatusCode);
        Assert.Contains(house.Host.Audit.Entries, entry => entry.Act == "unloadQuery" && entry.Detail!.Contains("run although the query", StringComparison.Ordinal));
    }

    // As the portal would have signed it then.
    private Uri Signed(JsonElement file, TimeSpan ago)
    {
        var place = new S3Place(_house.Bucket, "", s3.Address, SwiftPeer.Region, PathStyle: true);
        return Presigner.Get(place, file.GetProperty("key").GetString()!, S3Rig.Keys, TimeProvider.System.GetUtcNow() + ago, TimeSpan.FromMinutes(5), "attachment", "application/octet-stream");
    }
}
