using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Access;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Host;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.S3;
using static OpsPortal.Tests.Extracts.ExtractRig;

namespace OpsPortal.Tests.Extracts;

/// <summary>Extracts of files in Glacier's classes, from the page to S3, on the answers that Amazon S3 documents: no server of the tests has an archive.</summary>
[Trait("Peer", "S3")]
[Trait("Fault", "FLT-17")]
public sealed class ArchivedFilesTests : IAsyncLifetime
{
    private const int Files = 5;

    private readonly Dictionary<string, string> _restores = [];
    private LoopbackPeer _peer = null!;
    private PortalHost _host = null!;
    private HttpClient _caller = null!;
    private string _extract = "";

    public async Task InitializeAsync()
    {
        _peer = await LoopbackPeer.StartAsync(Answer);
        _host = new PortalHost(
            services => services.AddSingleton<ICredentialSource>(new ScriptedKeys(ScriptedKeys.Lasting)),
            ("Adapters:RawFiles", "S3"), ("S3:Bucket", "fleet"), ("S3:Endpoint", _peer.Address.AbsoluteUri), ("S3:Region", "eu-west-2"), ("S3:Copy", "false"), ("MergedDownloads:LeaveFree", "0"));
        _caller = await _host.SignedInAsync(Scientist("u"));
        var made = await MakeAsync(_caller, "390-042");
        Assert.Equal(Files, made.GetProperty("count").GetInt32());
        _extract = $"/api/extracts/{made.Text("id")}";
    }

    public async Task DisposeAsync()
    {
        _host.Dispose();
        await _peer.DisposeAsync();
    }

    [Fact]
    public async Task Archived_files_are_listed_asked_for_at_a_chosen_speed_and_said_to_be_ready_until_when()
    {
        Assert.Equal("2 archived, 3 archived, 4 archived", await StatesAsync());

        var asked = await _caller.PostAsJsonAsync($"{_extract}/restore", new { speed = "bulk" });
        var after = await asked.JsonAsync();

        Assert.Equal((202, 3), ((int)asked.StatusCode, after.GetProperty("items").GetArrayLength()));
        Assert.Equal("2 restoring, 3 restoring, 4 archived", Words(after));
        Assert.Contains("400 InvalidArgument", after.GetProperty("items")[2].Text("reason"), StringComparison.Ordinal);
        Assert.Equal("2 restoring, 3 restoring, 4 archived", await StatesAsync());
        var posts = _peer.Received.Where(request => request.Method == "POST").ToList();
        Assert.All(posts, post => Assert.Contains("<Tier>Bulk</Tier>", post.Text, StringComparison.Ordinal));
        Assert.Equal(3, posts.Count);
        var entry = Assert.Single(_host.Audit.Entries, entry => entry.Act == "askRestore");
        Assert.Equal(("name of u", _extract.Split('/')[^1], "3 files, 2 to 4, bulk"), (entry.Who, entry.On, entry.Detail));

        foreach (var key in _restores.Keys.ToList())
        {
            _restores[key] = "ongoing-request=\"false\", expiry-date=\"Fri, 21 Dec 2035 00:00:00 GMT\"";
        }

        var ready = await (await _caller.GetAsync($"{_extract}/archived")).JsonAsync();
        Assert.Equal("2 available, 3 available, 4 archived", Words(ready));
        Assert.Equal("2035-12-21T00:00:00Z", ready.GetProperty("items")[0].Text("until"));
    }

    [Fact]
    public async Task The_page_shows_the_archive_only_where_there_is_one_and_a_merged_download_names_what_lies_in_it()
    {
        var page = await _caller.GetStringAsync("/extracts");
        var job = await MergedRig.InAsync(_caller, await MergedRig.AskAsync(_caller, _extract.Split('/')[^1], "ndjson"), "succeeded");

        Assert.Contains("data-archive", page, StringComparison.Ordinal);
        Assert.Contains("Ask for restore", page, StringComparison.Ordinal);
        var leftOut = job.GetProperty("leftOut").EnumerateArray().ToList();
        Assert.Equal(3, leftOut.Count(file => file.Text("reason").Contains("It lies in the archive", StringComparison.Ordinal)));
        Assert.EndsWith("_without-3-of-5-files.ndjson.gz", job.Text("fileName"), StringComparison.Ordinal);
        Assert.Equal([1, 5], MergedRig.Sequences(await MergedRig.TextAsync(_caller, job)));
    }

    [Fact]
    public async Task Pages_places_and_speeds_that_are_none_are_refused_and_pages_go_on()
    {
        var first = await (await _caller.GetAsync($"{_extract}/archived?limit=2")).JsonAsync();
        var rest = await (await _caller.GetAsync($"{_extract}/archived?after={first.Text("next")}")).JsonAsync();

        Assert.Equal("2 archived, 3 archived; 4 archived", $"{Words(first)}; {Words(rest)}");
        Assert.NotNull(first.GetProperty("limited").GetString());
        Assert.Equal(["after", "limit"], (await (await _caller.GetAsync($"{_extract}/archived?after=x&limit=0")).ProblemAsync(400)).Keys.Order());
        Assert.Equal(["after", "speed"], (await (await _caller.PostAsJsonAsync($"{_extract}/restore", new { speed = "warp", after = "-1" })).ProblemAsync(400)).Keys.Order());
        Assert.Equal(["speed"], (await (await _caller.PostAsJsonAsync($"{_extract}/restore", new { speed = "bulk,standard" })).ProblemAsync(400)).Keys);
        Assert.Equal(404, (int)(await (await _host.SignedInAsync(Scientist("v"))).GetAsync($"{_extract}/archived")).StatusCode);
        Assert.Equal(403, (int)(await (await _host.SignedInAsync(Scientist("w", role: Role.Operator))).PostAsJsonAsync($"{_extract}/restore", new { })).StatusCode);
        Assert.DoesNotContain(_peer.Received, request => request.Method == "POST");
    }

    [Fact]
    public async Task A_restore_that_cannot_be_audited_is_not_asked_for()
    {
        _host.Audit.IsBroken = true;

        Assert.Equal(503, (int)(await _caller.PostAsJsonAsync($"{_extract}/restore", new { speed = "standard" })).StatusCode);
        Assert.DoesNotContain(_peer.Received, request => request.Method == "POST");
    }

    // Five hours: the first and the last can be had, the others lie in Glacier, and one in Deep Archive, which refuses to hurry here.
    private PeerAnswer Answer(ReceivedRequest request)
    {
        if (request.Query.Contains("list-type", StringComparison.Ordinal))
        {
            return request.Parameter("delimiter") == "/" ? Folders : Listing;
        }

        var target = Uri.UnescapeDataString(request.Target);
        if (Enumerable.Range(1, Files).FirstOrDefault(number => target.Contains($"hour={15 + number}/", StringComparison.Ordinal)) is not (> 0 and var file) || target.Contains("catalogue", StringComparison.Ordinal))
        {
            return S3Answers.NoSuchKey(request);
        }

        return request.Method switch
        {
            "HEAD" => Head(file),
            "POST" when Class(file) == "DEEP_ARCHIVE" => S3Answers.Error(request, 400, "InvalidArgument", "Retrieval option is not supported by this storage class"),
            "POST" => Restore(file),
            _ when request.Header("Range") is "bytes=0-4194303" => new PeerAnswer(206) { Bytes = Bytes(file), ContentType = "application/gzip" },
            _ => S3Answers.NoSuchKey(request),
        };
    }

    private PeerAnswer Restore(int file)
    {
        _restores[Name(file)] = "ongoing-request=\"true\"";
        return S3Answers.Xml("", 202);
    }

    private PeerAnswer Head(int file) => S3Answers.Head(
        [("Content-Length", $"{Bytes(file).Length}"), ("x-amz-storage-class", Class(file)), .. _restores.TryGetValue(Name(file), out var restore) ? ((string, string)[])[("x-amz-restore", restore)] : []]);

    private static PeerAnswer Folders { get; } = S3Answers.Xml("<ListBucketResult><Name>fleet</Name><IsTruncated>false</IsTruncated><CommonPrefixes><Prefix>raw/depot=Longsight/</Prefix></CommonPrefixes></ListBucketResult>");

    private static PeerAnswer Listing { get; } = S3Answers.Xml($"<ListBucketResult><Name>fleet</Name><IsTruncated>false</IsTruncated>{string.Concat(Enumerable.Range(1, Files).Select(Contents))}</ListBucketResult>");

    private static string Contents(int file) => $"<Contents><Key>{Name(file)}</Key><LastModified>2026-11-21T21:00:00.000Z</LastModified><Size>{Bytes(file).Length}</Size><StorageClass>{Class(file)}</StorageClass></Contents>";

    private static string Class(int file) => file switch { 2 or 3 => "GLACIER", 4 => "DEEP_ARCHIVE", _ => "STANDARD" };

    private static string Name(int file) => $"raw/depot=Longsight/date=2026-11-21/hour={15 + file}/x.ndjson.gz";

    private static byte[] Bytes(int file)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(bytes, System.IO.Compression.CompressionLevel.Optimal))
        {
            gzip.Write(JsonSerializer.SerializeToUtf8Bytes(new { trainId = "390-042", sequence = file, measuredAt = Samples.Start.AddHours(file - Files) }));
        }

        return bytes.ToArray();
    }

    private async Task<string> StatesAsync() => Words(await (await _caller.GetAsync($"{_extract}/archived")).JsonAsync());

    private static string Words(JsonElement list) => string.Join(", ", list.GetProperty("items").EnumerateArray().Select(item => $"{item.GetProperty("number")} {item.Text("availability")}"));
}
