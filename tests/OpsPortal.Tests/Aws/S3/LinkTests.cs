using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using Amazon.S3;
using Amazon.S3.Model;
using OpsPortal.Adapters.Aws.S3;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Health;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.S3;

namespace OpsPortal.Tests.Aws.S3;

/// <summary>Presigned addresses, judged by a server that checks signatures itself.</summary>
[Trait("Peer", "S3")]
[Trait("Fault", "SEC-32")]
[Collection(SwiftCollection.Name)]
public sealed class LinkTests(SwiftPeer swift) : IAsyncLifetime
{
    private readonly HttpClient _browser = new();
    private S3Rig _rig = null!;
    private AwsRig _process = null!;
    private string _key = null!;

    public async Task InitializeAsync()
    {
        _rig = await S3Rig.StartAsync(swift);
        _process = _rig.Open();
        using var seed = new RawSeed(_rig.Files, TimeProvider.System);
        await seed.Add("Zürich/1", "390-042", Samples.Start, 500).WriteAsync();
        await S3Rig.CopyAllAsync(_process);
        _key = (await S3Rig.FilesOf(_process).FindAsync(Scope.WholeFleet, new RawFileQuery(), default)).Files.Single().Key;
    }

    public async Task DisposeAsync()
    {
        _browser.Dispose();
        await _rig.DisposeAsync();
    }

    [Fact]
    public async Task A_link_gives_the_files_bytes_as_an_attachment_whose_checksum_is_the_catalogues()
    {
        var file = (await S3Rig.FilesOf(_process).GetAsync(Scope.WholeFleet, _key, default))!;
        var way = await WayAsync();

        using var answer = await _browser.GetAsync(way.Address);

        Assert.Equal((HttpStatusCode.OK, "application/gzip"), (answer.StatusCode, answer.Content.Headers.ContentType!.MediaType));
        Assert.Equal(("attachment", $"raw_Zürich/1_2026-11-21T20_{_key.Split('/')[^1]}"), (answer.Content.Headers.ContentDisposition!.DispositionType, answer.Content.Headers.ContentDisposition.FileNameStar));
        Assert.Equal(file.Checksum!.Value, Convert.ToHexStringLower(SHA256.HashData(await answer.Content.ReadAsByteArrayAsync())));
        Assert.InRange(way.ExpiresAt - TimeProvider.System.GetUtcNow(), TimeSpan.FromSeconds(280), TimeSpan.FromSeconds(300));
        Assert.DoesNotContain("Signature", way.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_cut_download_goes_on_where_it_ended()
    {
        var way = await WayAsync();
        var whole = await _browser.GetByteArrayAsync(way.Address);

        using var request = new HttpRequestMessage(HttpMethod.Get, way.Address) { Headers = { Range = new RangeHeaderValue(100, null) } };
        using var answer = await _browser.SendAsync(request);

        Assert.Equal(HttpStatusCode.PartialContent, answer.StatusCode);
        Assert.Equal(whole[100..], await answer.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task A_link_names_the_address_that_browsers_reach_and_holds_there()
    {
        // The portal's own way is the proxy; a browser has none to it.
        var process = _rig.Open(settings: [("S3:LinkEndpoint", $"http://localhost:{swift.Address.Port}")]);
        var files = S3Rig.FilesOf(process);

        var way = (RawFileWay.Presigned)(await files.LinkAsync(Scope.WholeFleet, _key, default))!.Way!;

        Assert.StartsWith($"http://localhost:{swift.Address.Port}/{_rig.Bucket}/fleet/raw/", way.Address.OriginalString, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, way.Address.OriginalString));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(HttpMethod.Get, way.Address.OriginalString.Replace("//localhost:", "//127.0.0.1:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("X-Amz-Expires=300", "X-Amz-Expires=3000")]
    [InlineData("X-Amz-Signature=", "X-Amz-Signature=0")]
    [InlineData("response-content-type=application%2Fgzip", "response-content-type=text%2Fhtml")]
    [InlineData("attachment", "inline")]
    [InlineData("/hour%3D20/", "/hour%3D21/")]
    [InlineData("/fleet/raw/", "/fleet/catalogue/raw/")]
    public async Task A_link_that_was_tampered_with_is_refused_by_the_server(string part, string changed)
    {
        var address = (await WayAsync()).Address.OriginalString;
        Assert.Contains(part, address, StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(HttpMethod.Get, address.Replace(part, changed, StringComparison.Ordinal)));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, address));
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task A_link_is_good_for_reading_and_nothing_else(string method)
    {
        var address = (await WayAsync()).Address.OriginalString;

        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(new HttpMethod(method), address));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, address));
    }

    [Fact]
    public async Task A_link_after_its_end_is_refused_by_the_server()
    {
        var place = _process.Get<S3Buckets>().Home.Place;
        Uri At(TimeSpan ago, int lasts) => Presigner.Get(place, "fleet/" + _key, S3Rig.Keys, TimeProvider.System.GetUtcNow() - ago, TimeSpan.FromSeconds(lasts), "attachment", "application/gzip");

        Assert.Equal(HttpStatusCode.OK, await StatusAsync(HttpMethod.Get, At(TimeSpan.FromSeconds(20), 300).OriginalString));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(HttpMethod.Get, At(TimeSpan.FromSeconds(20), 10).OriginalString));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(HttpMethod.Get, At(TimeSpan.FromSeconds(301), 300).OriginalString));
    }

    [Fact]
    [Trait("Fault", "BAD-33")]
    public async Task No_link_is_longer_than_the_credentials_it_is_signed_with()
    {
        var time = TimeProvider.System;
        var files = S3Rig.FilesOf(_rig.Open(new ScriptedKeys(S3Rig.Keys with { ExpiresAt = time.GetUtcNow().AddSeconds(60) })));

        var way = Assert.IsType<RawFileWay.Presigned>((await files.LinkAsync(Scope.WholeFleet, _key, default))!.Way);

        Assert.InRange(way.ExpiresAt - time.GetUtcNow(), TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(60));
        Assert.Contains("X-Amz-Expires=5", way.Address.Query, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_credentials_at_their_end_no_link_is_made_and_it_is_said_why()
    {
        var time = new ManualTime(TimeProvider.System.GetUtcNow());
        var keys = new ScriptedKeys(S3Rig.Keys with { ExpiresAt = time.GetUtcNow().AddMilliseconds(900) });
        var files = S3Rig.FilesOf(_rig.Open(keys, time));

        var down = await Assert.ThrowsAsync<StoreUnavailableException>(() => files.LinkAsync(Scope.WholeFleet, _key, default));

        Assert.Contains("credentials", down.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void The_signature_is_the_one_that_the_AWS_SDK_makes()
    {
        var place = _process.Get<S3Buckets>().Home.Place with { Endpoint = swift.Address };
        var theirs = swift.Client.GetPreSignedURL(new GetPreSignedUrlRequest
        {
            BucketName = place.Bucket,
            Key = "fleet/" + _key,
            Verb = HttpVerb.GET,
            Protocol = Protocol.HTTP,
            Expires = TimeProvider.System.GetUtcNow().AddMinutes(5).UtcDateTime,
            ResponseHeaderOverrides = new ResponseHeaderOverrides { ContentDisposition = Attachment.Of("a \"b\" Zürich.gz"), ContentType = "application/gzip" },
        });
        var said = Parameters(theirs);
        var at = DateTimeOffset.ParseExact(said["X-Amz-Date"], "yyyyMMdd'T'HHmmss'Z'", System.Globalization.CultureInfo.InvariantCulture, System.Globalization.DateTimeStyles.AssumeUniversal);

        var ours = Presigner.Get(place, "fleet/" + _key, S3Rig.Keys, at, TimeSpan.FromSeconds(int.Parse(said["X-Amz-Expires"], System.Globalization.CultureInfo.InvariantCulture)), Attachment.Of("a \"b\" Zürich.gz"), "application/gzip");

        Assert.Equal(said.OrderBy(pair => pair.Key), Parameters(ours.OriginalString).OrderBy(pair => pair.Key));
    }

    private static Dictionary<string, string> Parameters(string address) =>
        address.Split('?', 2)[1].Split('&').Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));

    private async Task<RawFileWay.Presigned> WayAsync() => (RawFileWay.Presigned)(await S3Rig.FilesOf(_process).LinkAsync(Scope.WholeFleet, _key, default))!.Way!;

    // Addresses are signed for the way to the server that the product was given, which passes them on as they are.
    private async Task<HttpStatusCode> StatusAsync(HttpMethod method, string address)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        using var answer = await _browser.SendAsync(request);
        return answer.StatusCode;
    }
}
