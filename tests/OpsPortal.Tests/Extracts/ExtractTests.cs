using System.Collections.Frozen;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Adapters.Embedded;
using OpsPortal.Core.Access;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Host;
using static OpsPortal.Tests.Extracts.ExtractRig;

namespace OpsPortal.Tests.Extracts;

/// <summary>Extracts through the HTTP API, on the embedded folder.</summary>
public sealed class ExtractTests : IDisposable
{
    private readonly PortalHost _host = new(("Limits:ApiPerMinute", "1000000"));

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task An_extract_says_its_size_before_and_hands_out_files_whose_bytes_and_checksums_are_right()
    {
        await _host.SeedAsync(seed => seed.Add("Longsight", "390-042", Samples.Start, 5).Add("Longsight", "390-042", Samples.Start.AddHours(2)).Add("Longsight", "390-001", Samples.Start.AddHours(1)).Add("Crofton", "222-007", Samples.Start));
        var caller = await _host.SignedInAsync("data-scientist", "Ada");

        var size = await (await caller.GetAsync($"/api/extracts/size?trains=390-042&from={From:yyyy-MM-ddTHH:mm:ssZ}&to=2026-11-23T00:00:00Z")).JsonAsync();
        var made = await MakeAsync(caller, "390-042");
        var items = await ItemsAsync(caller, made.Text("id"));

        Assert.Equal((2, 2, 2), (size.GetProperty("count").GetInt32(), made.GetProperty("count").GetInt32(), items.Count));
        Assert.Equal(size.GetProperty("bytes").GetInt64(), made.GetProperty("bytes").GetInt64());
        foreach (var item in items)
        {
            var link = await caller.GetAsync(item.Text("url"));
            Assert.Equal((307, "no-referrer"), ((int)link.StatusCode, Assert.Single(link.Headers.GetValues("Referrer-Policy"))));
            var file = await _host.Caller().GetAsync(link.Headers.Location);
            var bytes = await file.Content.ReadAsByteArrayAsync();
            Assert.Equal((200, item.GetProperty("bytes").GetInt64()), ((int)file.StatusCode, bytes.LongLength));
            Assert.Equal(("SHA-256", Convert.ToHexStringLower(SHA256.HashData(bytes))), (item.GetProperty("checksum").Text("algorithm"), item.GetProperty("checksum").Text("value")));
            Assert.Equal("attachment", file.Content.Headers.ContentDisposition!.DispositionType);
            Assert.Equal("application/gzip", file.Content.Headers.ContentType!.MediaType);
        }

        Assert.Equal("390-042", Assert.Single(items[0].GetProperty("trains").EnumerateArray()).GetString());
        Assert.Equal((Samples.Start, Samples.Start.AddSeconds(4)), (items[0].GetProperty("from").GetDateTimeOffset(), items[0].GetProperty("to").GetDateTimeOffset()));
    }

    [Theory]
    [Trait("Fault", "BAD-33")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("604801")]
    [InlineData("99999999999")]
    public async Task Nobody_chooses_how_long_a_link_lives(string expires)
    {
        await _host.SeedAsync(seed => seed.Add("Longsight", "390-042", Samples.Start));
        var caller = await _host.SignedInAsync("data-scientist", "Ada");
        var made = await MakeAsync(caller, "390-042");
        var url = (await ItemsAsync(caller, made.Text("id")))[0].Text("url");
        var between = url.Contains('?', StringComparison.Ordinal) ? '&' : '?';

        Assert.Contains("expires", (await (await caller.GetAsync($"{url}{between}expires={expires}")).ProblemAsync(400)).Keys);
        Assert.Contains("expires", (await (await caller.GetAsync($"/api/extracts/{made.Text("id")}/manifest?expires={expires}")).ProblemAsync(400)).Keys);
    }

    [Fact]
    public async Task What_was_received_a_moment_ago_is_in_the_extract_and_what_comes_later_in_the_next()
    {
        var caller = await _host.SignedInAsync("data-scientist", "Ada");
        var now = TimeProvider.System.GetUtcNow();
        var request = new { trains = new[] { "390-042" }, from = now.AddHours(-1).ToString("O"), to = now.AddHours(1).ToString("O") };
        await _host.SendAsync(Samples.Longsight(), 3);

        var made = await (await caller.PostAsJsonAsync("/api/extracts", request)).JsonAsync();
        await _host.SendAsync(Samples.Longsight(), 2);
        var later = await (await caller.PostAsJsonAsync("/api/extracts", request)).JsonAsync();

        Assert.Equal([1, 2, 3], await SequencesAsync(caller, made));
        Assert.Equal([1, 2, 3, 4, 5], await SequencesAsync(caller, later));
    }

    [Fact]
    public async Task Late_data_of_the_time_asked_for_is_handed_out_though_it_was_received_after_it()
    {
        await _host.SeedAsync(seed => seed.Add("Longsight", "390-042", Samples.Start.AddHours(3)).Add("Longsight", "390-001", Samples.Start.AddHours(3)));
        await _host.Services.GetRequiredService<EmbeddedFiles>().RawCatalogue.WriteAsync(
            session => session.Run("UPDATE file_trains SET first_measured_at = $at, last_measured_at = $at WHERE train = '390-042'", ("$at", Samples.Start.AddMinutes(5).UtcTicks)), default);
        var caller = await _host.SignedInAsync("data-scientist", "Ada");

        var made = await (await caller.PostAsJsonAsync("/api/extracts", new { trains = new[] { "390-042" }, from = "2026-11-21T20:00:00Z", to = "2026-11-21T21:00:00Z" })).JsonAsync();
        var other = await (await caller.PostAsJsonAsync("/api/extracts", new { trains = new[] { "390-001" }, from = "2026-11-21T20:00:00Z", to = "2026-11-21T21:00:00Z" })).JsonAsync();

        Assert.Equal((1, 0), (made.GetProperty("count").GetInt32(), other.GetProperty("count").GetInt32()));
    }

    [Fact]
    public async Task The_csv_says_the_same_as_the_json()
    {
        await _host.SeedAsync(seed => seed.Add("Longsight", "390-042", Samples.Start).Add("Longsight", "390-001", Samples.Start));
        var caller = await _host.SignedInAsync("engineer", "Eve");
        var id = (await MakeAsync(caller, "390-042")).Text("id");

        var lines = (await caller.GetStringAsync($"/api/extracts/{id}/manifest?format=csv")).Split("\r\n", StringSplitOptions.RemoveEmptyEntries);
        var item = Assert.Single(await ItemsAsync(caller, id));

        Assert.Equal("key,bytes,algorithm,checksum,storageClass,trains,from,to,url", lines[0]);
        Assert.Equal(
            [item.Text("key"), item.GetProperty("bytes").ToString(), "SHA-256", item.GetProperty("checksum").Text("value"), "FOLDER", "390-001;390-042", "2026-11-21T20:00:00.000Z", "2026-11-21T20:00:00.000Z", item.Text("url")],
            lines[1].Split(','));
    }

    [Fact]
    public async Task The_token_opens_this_extract_and_nothing_else()
    {
        await _host.SeedAsync(seed => seed.Add("Longsight", "390-042", Samples.Start));
        var caller = await _host.SignedInAsync("data-scientist", "Ada");
        var (made, other) = (await MakeAsync(caller, "390-042"), await MakeAsync(caller, "390-042"));
        var (id, script) = (made.Text("id"), _host.Script(made.Text("token")));

        Assert.Single(await ItemsAsync(script, id));
        Assert.Equal(307, (int)(await script.GetAsync($"/api/extracts/{id}/files/1")).StatusCode);
        foreach (var path in new[] { $"/api/extracts/{other.Text("id")}/manifest", $"/api/extracts/{id}", "/api/extracts", "/api/fleet", "/api/me", $"/api/extracts/{id}/manifest/x", $"/api/extracts/{id}/../{other.Text("id")}/manifest" })
        {
            Assert.Equal(401, (int)(await script.GetAsync(path)).StatusCode);
        }

        Assert.Equal(401, (int)(await script.DeleteAsync($"/api/extracts/{id}")).StatusCode);
        Assert.Equal(401, (int)(await script.PostAsync($"/api/extracts/{id}/token", null)).StatusCode);
    }

    [Fact]
    [Trait("Fault", "SEC-33")]
    public async Task After_the_role_the_scope_the_token_or_the_extract_is_taken_away_no_new_address_is_signed()
    {
        await _host.SeedAsync(seed => seed.Add("Longsight", "390-042", Samples.Start).Add("Crofton", "222-007", Samples.Start));
        var longsight = new Scope(FrozenSet.Create("Longsight"), null, null);
        var made = await MakeAsync(await _host.SignedInAsync(Scientist("u")), "390-042", "222-007");
        var (id, script) = (made.Text("id"), _host.Script(made.Text("token")));
        Assert.Equal("307 307", await StatusesAsync(script, id));

        // The same person signs in anew, and sees less.
        Assert.Equal("404 307", await StatusesAsync(await _host.SignedInAsync(Scientist("u", longsight)), id));
        Assert.Equal("404 307", await StatusesAsync(script, id));
        var less = await (await script.GetAsync($"/api/extracts/{id}/manifest")).JsonAsync();
        Assert.Equal((1, 1), (less.GetProperty("items").GetArrayLength(), less.GetProperty("leftOut").GetInt32()));

        Assert.Equal("403 403", await StatusesAsync(await _host.SignedInAsync(Scientist("u", role: Role.Operator)), id));
        Assert.Equal("403 403", await StatusesAsync(script, id));

        var back = await _host.SignedInAsync(Scientist("u"));
        Assert.Equal("307 307", await StatusesAsync(back, id));
        Assert.Equal("307 307", await StatusesAsync(script, id));
        Assert.Equal(204, (int)(await back.DeleteAsync($"/api/extracts/{id}/token")).StatusCode);
        Assert.Equal("401 401", await StatusesAsync(script, id));
        Assert.Equal("307 307", await StatusesAsync(back, id));

        var renewed = _host.Script((await (await back.PostAsync($"/api/extracts/{id}/token", null)).JsonAsync()).Text("token"));
        Assert.Equal("307 307", await StatusesAsync(renewed, id));
        Assert.Equal(204, (int)(await back.DeleteAsync($"/api/extracts/{id}")).StatusCode);
        Assert.Equal("401 401", await StatusesAsync(renewed, id));
        Assert.Equal("410 410", await StatusesAsync(back, id));
        Assert.Equal(410, (int)(await back.GetAsync($"/api/extracts/{id}/manifest")).StatusCode);
    }

    [Fact]
    public async Task Another_users_extract_looks_like_none_and_only_administrators_withdraw_it()
    {
        await _host.SeedAsync(seed => seed.Add("Longsight", "390-042", Samples.Start));
        var id = (await MakeAsync(await _host.SignedInAsync(Scientist("u")), "390-042")).Text("id");
        var (other, administrator) = (await _host.SignedInAsync(Scientist("v")), await _host.SignedInAsync(Scientist("a", role: Role.Administrator)));

        Assert.Equal("404", await StatusesAsync(other, id, 1));
        Assert.Equal(404, (int)(await other.DeleteAsync($"/api/extracts/{id}")).StatusCode);
        Assert.Empty((await (await other.GetAsync("/api/extracts?all=true")).JsonAsync()).GetProperty("items").EnumerateArray());
        Assert.Single((await (await administrator.GetAsync("/api/extracts?all=true")).JsonAsync()).GetProperty("items").EnumerateArray());
        Assert.Equal(204, (int)(await administrator.DeleteAsync($"/api/extracts/{id}")).StatusCode);
    }

    [Fact]
    [Trait("Fault", "SEC-32")]
    public async Task Every_address_is_audited_with_key_and_name_and_never_with_its_signature_and_without_audit_there_is_none()
    {
        await _host.SeedAsync(seed => seed.Add("Longsight", "390-042", Samples.Start));
        var caller = await _host.SignedInAsync("data-scientist", "Ada");
        var made = await MakeAsync(caller, "390-042");
        var (id, item) = (made.Text("id"), Assert.Single(await ItemsAsync(caller, made.Text("id"))));
        var script = _host.Script(made.Text("token"));

        var location = (await script.GetAsync(item.Text("url"))).Headers.Location!.ToString();
        var entry = Assert.Single(_host.Audit.Entries, entry => entry.Act == "fetchRawFile");

        Assert.Equal(("Ada", item.Text("key"), "ok"), (entry.Who, entry.On, entry.Outcome));
        Assert.Contains(id, entry.Detail, StringComparison.Ordinal);
        Assert.All(_host.Audit.Entries, any => Assert.DoesNotContain(location.Split("ticket=")[1], any.ToString(), StringComparison.Ordinal));
        Assert.All(_host.Audit.Entries, any => Assert.DoesNotContain(made.Text("token"), any.ToString(), StringComparison.Ordinal));
        _host.Audit.IsBroken = true;
        var refused = await script.GetAsync(item.Text("url"));
        Assert.Equal((503, null), ((int)refused.StatusCode, refused.Headers.Location));
    }

    [Theory]
    [InlineData("""{}""", "trains,from,to")]
    [InlineData("""{"trains":["390-042"],"from":"2026-11-21T20:00:00Z"}""", "to")]
    [InlineData("""{"trains":["390-042"],"from":"2026-11-21T20:00:00","to":"yesterday"}""", "from,to")]
    [InlineData("""{"trains":["390-042"],"from":"2026-11-21T20:00:00Z","to":"2026-11-21T20:00:00Z"}""", "to")]
    [InlineData("""{"trains":["../../etc/passwd"],"from":"2026-11-21T20:00:00Z","to":"2026-11-22T20:00:00Z"}""", "trains")]
    [InlineData("""{"trains":[null],"from":"2026-11-21T20:00:00Z","to":"2026-11-22T20:00:00Z"}""", "trains")]
    [InlineData("""{"trains":["a"],"from":"2026-11-21T20:00:00Z","to":"2026-11-22T20:00:00Z","sensors":[""]}""", "sensors")]
    [InlineData("""{"trains":"a"}""", "body")]
    public async Task What_cannot_be_used_is_refused_by_field(string body, string fields)
    {
        using var content = new StringContent(body, System.Text.Encoding.UTF8, "application/json");
        var errors = await (await (await _host.SignedInAsync("engineer", "Eve")).PostAsync("/api/extracts", content)).ProblemAsync(400);

        Assert.Equal(fields.Split(',').Order(), errors.Keys.Order());
    }

    private static async Task<string> StatusesAsync(HttpClient caller, string id, int files = 2) =>
        string.Join(' ', await Task.WhenAll(Enumerable.Range(1, files).Select(async number => (int)(await caller.GetAsync($"/api/extracts/{id}/files/{number}")).StatusCode)));

    private async Task<List<long>> SequencesAsync(HttpClient caller, JsonElement made)
    {
        var sequences = new List<long>();
        foreach (var item in await ItemsAsync(caller, made.Text("id")))
        {
            await using var bytes = await _host.Caller().GetStreamAsync((await caller.GetAsync(item.Text("url"))).Headers.Location);
            using var text = new StreamReader(new System.IO.Compression.GZipStream(bytes, System.IO.Compression.CompressionMode.Decompress));
            while (await text.ReadLineAsync() is { } line)
            {
                sequences.Add(JsonDocument.Parse(line).RootElement.GetProperty("sequence").GetInt64());
            }
        }

        return sequences;
    }
}
