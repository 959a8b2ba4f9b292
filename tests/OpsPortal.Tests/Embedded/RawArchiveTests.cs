using System.IO.Compression;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using OpsPortal.Adapters.Embedded;
using OpsPortal.Adapters.Embedded.Fleet;
using OpsPortal.Adapters.Embedded.Telemetry;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Embedded;

public sealed class RawArchiveTests : IAsyncLifetime, IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly DataFolder _folder = new();
    private readonly ManualTime _time = new(Samples.Start.AddMinutes(59));
    private EmbeddedFiles _files;
    private EmbeddedSource _source;

    public RawArchiveTests() => (_files, _source) = Open();

    public async Task InitializeAsync() => await new EmbeddedTrainRegistry(_files).RegisterAsync(
        [Samples.Train(Samples.Longsight()), Samples.Train(Samples.Crofton() with { Depot = "../Crofton/." })], default);

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Everything_received_is_in_a_file_of_its_depot_and_hour()
    {
        await SendAsync("""{"trainId":"390-042","sequence":1}""", """{"trainId":"222-007","sequence":2}""", """{"sequence":3,"trainId":"nobody"}""");
        await SendAsync(SourceRecordKind.Presence, """{"clientId":"390-042","eventType":"connected"}""");
        await ArchiveAsync();

        Assert.Equal(
            [
                "presence/depot=Longsight/date=2026-11-21/hour=20 {\"clientId\":\"390-042\",\"eventType\":\"connected\"}",
                "raw/depot=%2E%2E%2FCrofton%2F%2E/date=2026-11-21/hour=20 {\"trainId\":\"222-007\",\"sequence\":2}",
                "raw/depot=Longsight/date=2026-11-21/hour=20 {\"trainId\":\"390-042\",\"sequence\":1}",
                "raw/depot=unknown/date=2026-11-21/hour=20 {\"sequence\":3,\"trainId\":\"nobody\"}",
            ],
            RawFiles.Keys(_folder.Path).SelectMany(key => RawFiles.Lines(_folder.Path, key).Select(line => $"{key[..key.LastIndexOf('/')]} {line}")));
    }

    [Fact]
    public async Task A_message_over_several_lines_becomes_one_line_that_says_the_same()
    {
        await SendAsync("{\r\n \"trainId\":\"390-042\",\n \"x\":1.10, \"x\":\"a\\nb\"}\n");
        await ArchiveAsync();

        Assert.Equal("""{   "trainId":"390-042",  "x":1.10, "x":"a\nb"} """, Assert.Single(AllLines()));
    }

    [Theory]
    [InlineData("not JSON\nat all")]
    [InlineData("[1,2]")]
    [InlineData("")]
    [InlineData("""{"trainId":"390-042"} trailing""")]
    [InlineData("""{"trainId":"390-042","x":""")]
    [InlineData("""{"trainId":"\ud800"}""")]
    public async Task What_is_no_object_is_wrapped_whole(string body)
    {
        await SendAsync(body);
        await ArchiveAsync();

        var key = Assert.Single(RawFiles.Keys(_folder.Path));
        var aside = JsonDocument.Parse(Assert.Single(RawFiles.Lines(_folder.Path, key))).RootElement.GetProperty("setAside");
        Assert.StartsWith("raw/depot=unknown/", key, StringComparison.Ordinal);
        Assert.Equal(body, aside.GetProperty("body").GetString());
        Assert.Equal(_time.GetUtcNow(), aside.GetProperty("receivedAt").GetDateTimeOffset(), TimeSpan.FromMinutes(1));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_wrapped_whole()
    {
        byte[] body = [.. "{\"trainId\":\"390-042\",\"x\":\""u8, 0xff, 0xfe, .. "\"}"u8];
        await _source.AppendAsync("gateway", [new OutgoingRecord(1, SourceRecordKind.Telemetry, body)], default);
        await ArchiveAsync();

        Assert.Equal(body, JsonDocument.Parse(Assert.Single(AllLines())).RootElement.GetProperty("setAside").GetProperty("bodyBase64").GetBytesFromBase64());
    }

    [Fact]
    public async Task The_catalogue_says_what_is_inside()
    {
        await SendAsync("""{"trainId":"390-042","sequence":1,"measuredAt":"2026-11-21T20:58:01Z"}""", """{"trainId":"390-042","measuredAt":"2026-11-21T20:50:01Z"}""");
        await ArchiveAsync();

        var file = Assert.Single(await _files.RawCatalogue.ReadAsync(
            session => session.Read("SELECT key, depot, bytes, records, set_aside FROM files", row => (row.GetString(0), row.GetString(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4))), default));
        var train = Assert.Single(await _files.RawCatalogue.ReadAsync(
            session => session.Read("SELECT train, records, first_measured_at, last_measured_at FROM file_trains", row => (row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3))), default));
        Assert.Equal((Assert.Single(RawFiles.Keys(_folder.Path)), "Longsight", new FileInfo(Path.Combine(_folder.Path, file.Item1)).Length, 2L, 0L), file);
        Assert.Equal(("390-042", 2L, Samples.Start.AddMinutes(50).AddSeconds(1).UtcTicks, Samples.Start.AddMinutes(58).AddSeconds(1).UtcTicks), train);
    }

    [Fact]
    public async Task At_the_end_of_the_hour_files_are_closed_with_their_checksum()
    {
        await SendAsync("""{"trainId":"390-042","sequence":1}""");
        await ArchiveAsync(until: async () => (await ClosedAsync()).Count == 1);

        var (key, sha256) = Assert.Single(await ClosedAsync());

        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(_folder.Path, key)))), sha256);
        await SendAsync("""{"trainId":"390-042","sequence":2}""");
        await ArchiveAsync();
        Assert.Equal(2, RawFiles.Keys(_folder.Path).Count);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_an_interrupted_append_left_behind_is_cut_off(bool isWholeMember)
    {
        await SendAsync("""{"trainId":"390-042","sequence":1}""");
        await ArchiveAsync();
        var path = Path.Combine(_folder.Path, Assert.Single(RawFiles.Keys(_folder.Path)));
        await AppendToAsync(path, isWholeMember ? Member("""{"trainId":"390-042","sequence":2}""") : [0x1f, 0x8b, 8, 0, 0, 0, 0, 7, 7, 7, 7, 7]);
        await SendAsync("""{"trainId":"390-042","sequence":2}""", """{"trainId":"390-042","sequence":3}""");
        (_files, _source) = Open();
        await ArchiveAsync();

        Assert.Equal([1, 2, 3], RawFiles.Sequences(_folder.Path));
    }

    [Fact]
    public async Task Stopped_at_any_moment_it_goes_on_where_the_catalogue_says()
    {
        const int Messages = 3_000;
        _folder.Options.RawRecords = 50;
        var chance = new Random(7);
        await _source.AppendAsync("gateway", Samples.Records(1, Messages), default);
        while (await _source.GetCommittedAsync("raw", default) < Messages)
        {
            using var archive = NewArchive();
            await archive.StartAsync(default);
            await Task.Delay(chance.Next(1, 40));
            await archive.StopAsync(default);
        }

        Assert.Equal(Enumerable.Range(1, Messages).Select(i => (long)i), RawFiles.Sequences(_folder.Path));
    }

    [Fact]
    public async Task While_files_cannot_be_written_it_says_so_and_loses_nothing()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder.Path, "raw"), "in the way");
        await SendAsync("""{"trainId":"390-042","sequence":1}""");
        using var archive = NewArchive();
        await archive.StartAsync(default);
        await MoveAsync("a problem is shown", () => Task.FromResult(archive.Get().Problem is not null));
        Assert.Contains("Nothing is lost", archive.Get().Problem, StringComparison.Ordinal);
        Assert.Equal(0, await _source.GetCommittedAsync("raw", default));

        File.Delete(Path.Combine(_folder.Path, "raw"));
        await MoveAsync("it goes on", () => Task.FromResult(archive.Get().Problem is null));
        await archive.StopAsync(default);

        Assert.Equal([1], RawFiles.Sequences(_folder.Path));
    }

    [Fact]
    public async Task Of_two_processes_one_archives_and_the_other_stands_by()
    {
        using var one = NewArchive();
        await one.StartAsync(default);
        await MoveAsync("the first works", () => Task.FromResult(one.Get().AsOf is not null));
        var (files, source) = Open();
        using var two = new RawArchive(files, source, new EmbeddedTrainRegistry(files), _folder.AsOptions(), _time, NullLogger<RawArchive>.Instance);
        await two.StartAsync(default);
        await SendAsync("""{"trainId":"390-042","sequence":1}""");
        await MoveAsync("the first writes", async () => await _source.GetCommittedAsync("raw", default) == 1);
        Assert.Null(two.Get().AsOf);

        await one.StopAsync(default);
        await SendAsync("""{"trainId":"390-042","sequence":2}""");
        await MoveAsync("the second takes over", async () => await _source.GetCommittedAsync("raw", default) == 2);
        await two.StopAsync(default);

        Assert.Equal([1, 2], RawFiles.Sequences(_folder.Path));
    }

    private (EmbeddedFiles Files, EmbeddedSource Source) Open()
    {
        var files = _folder.Open(_time);
        return (files, new EmbeddedSource(files, _folder.AsOptions(), _time, NullLogger<EmbeddedSource>.Instance));
    }

    private RawArchive NewArchive() => new(_files, _source, new EmbeddedTrainRegistry(_files), _folder.AsOptions(), _time, NullLogger<RawArchive>.Instance);

    private Task SendAsync(params string[] bodies) => SendAsync(SourceRecordKind.Telemetry, bodies);

    private async Task SendAsync(SourceRecordKind kind, params string[] bodies)
    {
        var number = await _source.GetLastNumberAsync("gateway", default);
        await _source.AppendAsync("gateway", [.. bodies.Select(body => new OutgoingRecord(++number, kind, Encoding.UTF8.GetBytes(body)))], default);
    }

    private async Task ArchiveAsync(Func<Task<bool>>? until = null)
    {
        using var archive = NewArchive();
        await archive.StartAsync(default);
        await MoveAsync("all is archived", until ?? (async () => await _source.GetCommittedAsync("raw", default) == await _source.GetNewestOffsetAsync(default)));
        await archive.StopAsync(default);
    }

    private Task MoveAsync(string what, Func<Task<bool>> until) => Eventually.IsTrueAsync(what, Patience, async () =>
    {
        if (await until())
        {
            return true;
        }

        _time.Advance(TimeSpan.FromSeconds(1));
        return false;
    });

    private Task<List<(string Key, string Sha256)>> ClosedAsync() =>
        _files.RawCatalogue.ReadAsync(session => session.Read("SELECT key, sha256 FROM files WHERE closed_at IS NOT NULL", row => (row.GetString(0), row.GetString(1))), default);

    private List<string> AllLines() => RawFiles.Keys(_folder.Path).SelectMany(key => RawFiles.Lines(_folder.Path, key)).ToList();

    private static async Task AppendToAsync(string path, byte[] bytes)
    {
        await using var stream = new FileStream(path, FileMode.Append);
        await stream.WriteAsync(bytes);
    }

    private static byte[] Member(string line)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Encoding.UTF8.GetBytes(line + "\n"));
        }

        return bytes.ToArray();
    }
}
