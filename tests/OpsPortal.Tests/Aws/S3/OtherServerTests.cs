using OpsPortal.Adapters.Aws.S3;
using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Health;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.S3;

namespace OpsPortal.Tests.Aws.S3;

/// <summary>Servers that speak S3's protocol and are not Amazon's: what they do not know, or write in their own way.</summary>
[Trait("Peer", "S3")]
public sealed class OtherServerTests : IAsyncLifetime
{
    private LoopbackPeer _peer = null!;
    private S3Rig _rig = null!;
    private AwsRig _process = null!;
    private Func<ReceivedRequest, PeerAnswer> _answer = _ => S3Answers.Head();

    private IRawFiles Files => S3Rig.FilesOf(_process);

    public async Task InitializeAsync()
    {
        _peer = await LoopbackPeer.StartAsync(request => _answer(request));
        _rig = S3Rig.At(_peer);
        // A replica that would be asked at once when the first were taken for away.
        _process = _rig.Open(settings: [("S3:ReplicaBucket", "replica"), ("S3:ReplicaRegion", "eu-west-1"), ("S3:ReplicaEndpoint", "http://127.0.0.1:1")]);
    }

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _peer.DisposeAsync();
    }

    [Theory]
    [InlineData("Garage", 1)]
    [InlineData("405", 1)]
    [InlineData("400", 2)]
    [InlineData("own body", 1)]
    [InlineData("own lines", 1)]
    [InlineData("nothing", 2)]
    public async Task A_server_that_knows_no_attributes_still_gives_the_ETag_and_is_not_taken_for_away(string server, int asked)
    {
        _answer = request => request switch
        {
            { Method: "HEAD" } => S3Answers.Head(),
            _ when request.Query.Contains("attributes", StringComparison.Ordinal) => server switch
            {
                "Garage" => S3Answers.Error(request, 501, "NotImplemented", "Not implemented: GetObjectAttributes"),
                "405" => S3Answers.Error(request, 405, "MethodNotAllowed", "The specified method is not allowed against this resource."),
                "400" => S3Answers.Error(request, 400, "InvalidArgument", "Unknown subresource"),
                "own body" => new PeerAnswer(200) { ContentType = "application/gzip", Bytes = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0] },
                "own lines" => new PeerAnswer(200, "{\"trainId\":\"390-042\"}\n") { ContentType = "application/x-ndjson" },
                _ => new PeerAnswer(200),
            },
            _ => S3Answers.NoSuchKey(request),
        };

        var first = (await Files.GetAsync(Scope.WholeFleet, S3Answers.Key, default))!;
        var second = (await Files.GetAsync(Scope.WholeFleet, S3Answers.Key, default))!;

        Assert.Equal(new RawChecksum("MD5", "fba9dede5f27731c9771645a39863328"), first.Checksum);
        Assert.Equal(first.Checksum, second.Checksum);
        Assert.Equal(asked, _peer.Received.Count(request => request.Query.Contains("attributes", StringComparison.Ordinal)));
        Assert.Null(_process.Get<S3Health>().Get().Problem);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Keys_with_a_percent_sign_are_found_whether_the_server_encodes_what_it_says_it_has_encoded_or_not(bool encodes)
    {
        var key = new RawFileKey(default, RawFileKey.FolderOf("North Pole"), Samples.Start, "f.ndjson.gz").ToString();
        string Said(string name) => encodes ? name.Replace("%", "%25", StringComparison.Ordinal).Replace("=", "%3D", StringComparison.Ordinal) : name;
        _answer = request => (request.Parameter("prefix"), request.Parameter("delimiter")) switch
        {
            ("fleet/raw/", "/") => S3Answers.Xml($"<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated><CommonPrefixes><Prefix>{Said("fleet/raw/depot=North%20Pole/")}</Prefix></CommonPrefixes></ListBucketResult>"),
            ("fleet/raw/depot=North%20Pole/", _) => S3Answers.Xml($"<ListBucketResult><EncodingType>url</EncodingType><IsTruncated>false</IsTruncated><Contents><Key>{Said($"fleet/{key}")}</Key><Size>5</Size></Contents></ListBucketResult>"),
            (null, _) => S3Answers.NoSuchKey(request),
            _ => S3Answers.Listing(),
        };

        foreach (var query in new[] { new RawFileQuery(), new RawFileQuery(Depots: ["North Pole"]) })
        {
            var page = await Files.FindAsync(Scope.WholeFleet, query, default);

            Assert.Equal((key, "North Pole", 0), (Assert.Single(page.Files).Key, page.Files[0].Depot, page.LeftOut));
        }
    }

    [Fact]
    public async Task An_answer_that_is_none_of_S3s_is_said_to_be_one()
    {
        _answer = _ => new PeerAnswer(200, "<!doctype html><p>Sign in to the guest network") { ContentType = "text/html" };

        var down = await Assert.ThrowsAsync<StoreUnavailableException>(() => S3Rig.FilesOf(_rig.Open()).FindAsync(Scope.WholeFleet, new RawFileQuery(), default));

        Assert.Contains("answers what S3 would not", down.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_role_that_may_not_ask_for_attributes_is_said_with_the_right_it_lacks()
    {
        _answer = request => request switch
        {
            { Method: "HEAD" } => S3Answers.Head(),
            _ when request.Query.Contains("attributes", StringComparison.Ordinal) => S3Answers.Error(request, 403, "AccessDenied", "Access Denied"),
            _ => S3Answers.NoSuchKey(request),
        };

        var down = await Assert.ThrowsAsync<StoreUnavailableException>(() => Files.GetAsync(Scope.WholeFleet, S3Answers.Key, default));

        Assert.Contains("s3:GetObjectAttributes", down.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restore_that_the_server_does_not_know_is_said_and_the_file_stays_archived()
    {
        _answer = request => request.Method == "POST" ? S3Answers.Error(request, 501, "NotImplemented") : S3Answers.Head(("x-amz-storage-class", "GLACIER"));

        var state = (await Files.RequestRestoreAsync(Scope.WholeFleet, S3Answers.Key, null, default))!;

        Assert.Equal(RawFileAvailability.Archived, state.Availability);
        Assert.Contains("501 NotImplemented", state.Reason, StringComparison.Ordinal);
    }
}
