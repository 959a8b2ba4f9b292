using OpsPortal.Core.Access;
using OpsPortal.Core.Extracts;
using OpsPortal.Core.Health;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.S3;

namespace OpsPortal.Tests.Aws.S3;

/// <summary>FLT-17, on the answers that Amazon S3 documents: what would fail is said in the portal before an address is signed.</summary>
[Trait("Peer", "S3")]
[Trait("Fault", "FLT-17")]
public sealed class ArchiveTests : IAsyncLifetime
{
    private const string KmsDenied = "User: arn:aws:sts::111122223333:assumed-role/portal/i-1 is not authorized to perform: kms:Decrypt on resource: arn:aws:kms:eu-west-2:111122223333:key/1234";

    private LoopbackPeer _peer = null!;
    private S3Rig _rig = null!;
    private Func<ReceivedRequest, PeerAnswer> _answer = _ => S3Answers.Head();

    private IRawFiles Files { get; set; } = null!;

    public async Task InitializeAsync()
    {
        _peer = await LoopbackPeer.StartAsync(request => _answer(request));
        _rig = S3Rig.At(_peer);
        Files = S3Rig.FilesOf(_rig.Open());
    }

    public async Task DisposeAsync()
    {
        await _rig.DisposeAsync();
        await _peer.DisposeAsync();
    }

    [Theory]
    [InlineData("STANDARD", null, RawFileAvailability.Available)]
    [InlineData("GLACIER_IR", null, RawFileAvailability.Available)]
    [InlineData("STANDARD_IA", null, RawFileAvailability.Available)]
    [InlineData("GLACIER", null, RawFileAvailability.Archived)]
    [InlineData("DEEP_ARCHIVE", null, RawFileAvailability.Archived)]
    [InlineData("GLACIER", "ongoing-request=\"true\"", RawFileAvailability.Restoring)]
    [InlineData("DEEP_ARCHIVE", "ongoing-request=\"true\"", RawFileAvailability.Restoring)]
    [InlineData("GLACIER", "ongoing-request=\"false\", expiry-date=\"Fri, 21 Dec 2035 00:00:00 GMT\"", RawFileAvailability.Available)]
    public async Task What_a_HEAD_says_of_the_storage_class_is_what_the_user_is_told(string storageClass, string? restore, RawFileAvailability expected)
    {
        _answer = _ => S3Answers.Head([("x-amz-storage-class", storageClass), .. restore is null ? ((string, string)[])[] : [("x-amz-restore", restore)]]);

        var link = (await Files.LinkAsync(Scope.WholeFleet, S3Answers.Key, default))!;

        Assert.Equal((expected, storageClass), (link.State.Availability, link.State.StorageClass));
        Assert.Equal(expected == RawFileAvailability.Available, link.Way is not null);
        Assert.Equal(expected == RawFileAvailability.Available, link.State.Reason is null);
        Assert.Equal(restore?.Contains("2035", StringComparison.Ordinal) == true ? new DateTimeOffset(2035, 12, 21, 0, 0, 0, TimeSpan.Zero) : null, link.State.Until);
    }

    [Theory]
    [InlineData("ARCHIVE_ACCESS")]
    [InlineData("DEEP_ARCHIVE_ACCESS")]
    public async Task Archives_of_intelligent_tiering_are_archives_and_come_back_for_good(string status)
    {
        _answer = request => request.Method == "HEAD" ? S3Answers.Head(("x-amz-storage-class", "INTELLIGENT_TIERING"), ("x-amz-archive-status", status)) : S3Answers.Xml("", 202);

        var before = await Files.GetStateAsync(Scope.WholeFleet, S3Answers.Key, default);
        await Files.RequestRestoreAsync(Scope.WholeFleet, S3Answers.Key, null, default);

        Assert.Equal(RawFileAvailability.Archived, before!.Availability);
        Assert.DoesNotContain("<Days>", _peer.Received.Single(request => request.Method == "POST").Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restored_copy_ends_and_no_link_outlives_it()
    {
        var end = TimeProvider.System.GetUtcNow().AddSeconds(90);
        _answer = _ => S3Answers.Head(("x-amz-storage-class", "GLACIER"), ("x-amz-restore", $"ongoing-request=\"false\", expiry-date=\"{end:R}\""));

        var way = Assert.IsType<RawFileWay.Presigned>((await Files.LinkAsync(Scope.WholeFleet, S3Answers.Key, default))!.Way);

        Assert.InRange(way.ExpiresAt, end.AddSeconds(-10), end);
    }

    [Theory]
    [InlineData("AccessDenied", KmsDenied, "kms:Decrypt")]
    [InlineData("KMS.DisabledException", "arn:aws:kms:eu-west-2:111122223333:key/1234 is disabled.", "KMS.DisabledException")]
    [InlineData("AccessDenied", "Access Denied", "s3:GetObject")]
    public async Task A_denial_is_told_beforehand_with_what_helps_and_never_a_signature(string code, string message, string helps)
    {
        // A HEAD does not show whether the key may be used.
        _answer = request => request.Method == "HEAD" ? S3Answers.Head(("x-amz-server-side-encryption", "aws:kms")) : S3Answers.Error(request, 403, code, message);

        var told = 0;
        for (var i = 0; i < 20; i++)
        {
            var link = (await Files.LinkAsync(Scope.WholeFleet, S3Answers.Key, default))!;
            Assert.Equal((RawFileAvailability.Denied, null), (link.State.Availability, link.Way));
            Assert.Contains(helps, link.State.Reason, StringComparison.Ordinal);
            Assert.DoesNotContain("arn:aws", link.State.Reason, StringComparison.Ordinal);
            told++;
        }

        Assert.Equal((20, 20, 20), (told, Count("HEAD"), Count("GET")));
        Assert.All(_peer.Received.Where(request => request.Method == "GET"), request => Assert.Equal("bytes=0-0", request.Header("Range")));
    }

    [Fact]
    public async Task A_HEAD_that_is_refused_without_words_is_explained_by_a_read()
    {
        _answer = request => S3Answers.Error(request, 403, "AccessDenied", "Access Denied");

        var state = (await Files.GetStateAsync(Scope.WholeFleet, S3Answers.Key, default))!;

        Assert.Equal(RawFileAvailability.Denied, state.Availability);
        Assert.Contains("403 AccessDenied", state.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_key_that_may_be_used_costs_one_byte_and_leads_to_a_link()
    {
        _answer = request => request.Method == "HEAD" ? S3Answers.Head(("x-amz-server-side-encryption", "aws:kms")) : S3Answers.Byte;

        var link = await Files.LinkAsync(Scope.WholeFleet, S3Answers.Key, default);

        Assert.NotNull(link!.Way);
        Assert.Equal((1, 1), (Count("HEAD"), Count("GET")));
    }

    [Fact]
    public async Task A_restore_is_asked_for_once_with_days_and_speed()
    {
        string? restore = null;
        _answer = request =>
        {
            if (request.Method == "POST")
            {
                restore = "ongoing-request=\"true\"";
                return S3Answers.Xml("", 202);
            }

            return S3Answers.Head([("x-amz-storage-class", "GLACIER"), .. restore is null ? ((string, string)[])[] : [("x-amz-restore", restore)]]);
        };

        var first = await Files.RequestRestoreAsync(Scope.WholeFleet, S3Answers.Key, null, default);
        var second = await Files.RequestRestoreAsync(Scope.WholeFleet, S3Answers.Key, null, default);

        Assert.Equal((RawFileAvailability.Restoring, RawFileAvailability.Restoring), (first!.Availability, second!.Availability));
        var asked = Assert.Single(_peer.Received, request => request.Method == "POST");
        Assert.EndsWith(".ndjson.gz?restore", asked.Target.TrimEnd('='), StringComparison.Ordinal);
        Assert.Contains("<Days>7</Days>", asked.Text, StringComparison.Ordinal);
        Assert.Contains("<Tier>Standard</Tier>", asked.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_restore_that_somebody_else_has_asked_for_is_as_good()
    {
        _answer = request => request.Method == "POST"
            ? S3Answers.Error(request, 409, "RestoreAlreadyInProgress", "Object restore is already in progress")
            : S3Answers.Head(("x-amz-storage-class", "DEEP_ARCHIVE"));

        Assert.Equal(RawFileAvailability.Restoring, (await Files.RequestRestoreAsync(Scope.WholeFleet, S3Answers.Key, null, default))!.Availability);
    }

    [Fact]
    public async Task A_restore_that_is_refused_is_told_with_what_helps()
    {
        _answer = request => request.Method == "POST" ? S3Answers.Error(request, 403, "AccessDenied", "Access Denied") : S3Answers.Head(("x-amz-storage-class", "GLACIER"));

        var state = (await Files.RequestRestoreAsync(Scope.WholeFleet, S3Answers.Key, null, default))!;

        Assert.Equal(RawFileAvailability.Archived, state.Availability);
        Assert.Contains("s3:RestoreObject", state.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("<ChecksumSHA256>LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=</ChecksumSHA256><ChecksumType>FULL_OBJECT</ChecksumType>", "SHA-256", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", false)]
    [InlineData("<ChecksumCRC64NVME>M3eFcAZSQlc=</ChecksumCRC64NVME><ChecksumType>FULL_OBJECT</ChecksumType>", "CRC64NVME", "3377857006524257", false)]
    [InlineData("<ChecksumSHA256>LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=-2</ChecksumSHA256><ChecksumType>COMPOSITE</ChecksumType>", "SHA-256", "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824", true)]
    [InlineData("", "MD5", "fba9dede5f27731c9771645a39863328", false)]
    public async Task A_file_of_another_program_has_the_checksum_that_S3_keeps(string checksum, string algorithm, string value, bool ofParts)
    {
        _answer = request => request switch
        {
            { Method: "HEAD" } => S3Answers.Head(),
            _ when request.Query.Contains("attributes", StringComparison.Ordinal) =>
                S3Answers.Xml($"<GetObjectAttributesResponse>{(checksum.Length > 0 ? $"<Checksum>{checksum}</Checksum>" : "")}<StorageClass>STANDARD</StorageClass></GetObjectAttributesResponse>"),
            _ => S3Answers.NoSuchKey(request),
        };

        var file = (await Files.GetAsync(Scope.WholeFleet, S3Answers.Key, default))!;

        Assert.Equal(new RawChecksum(algorithm, value, ofParts), file.Checksum);
        Assert.Null(file.Content);
    }

    [Fact]
    public async Task What_is_no_raw_file_is_left_out_of_the_list_and_counted()
    {
        _answer = request => request.Parameter("prefix") == "fleet/raw/depot=Longsight/" ? S3Answers.Listing("fleet/raw/depot=Longsight/note.txt", $"fleet/{S3Answers.Key}") : S3Answers.NoSuchKey(request);

        var page = await Files.FindAsync(Scope.WholeFleet, new RawFileQuery(Depots: ["Longsight"]), default);

        Assert.Equal((S3Answers.Key, 1), (Assert.Single(page.Files).Key, page.LeftOut));
        Assert.Equal((434234, null, null), (page.Files[0].Bytes, page.Files[0].Content, page.Files[0].Checksum));
    }

    [Theory]
    [InlineData(403, "AccessDenied", "s3:ListBucket")]
    [InlineData(404, "NoSuchBucket", "NoSuchBucket")]
    public async Task A_bucket_that_may_not_be_listed_is_said_with_what_helps(int status, string code, string helps)
    {
        _answer = request => S3Answers.Error(request, status, code);

        var down = await Assert.ThrowsAsync<StoreUnavailableException>(() => Files.FindAsync(Scope.WholeFleet, new RawFileQuery(), default));

        Assert.Contains(helps, down.Message, StringComparison.Ordinal);
    }

    private int Count(string method) => _peer.Received.Count(request => request.Method == method);
}
