using OpsPortal.Core.Access;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Health;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Contracts;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;
using OpsPortal.Tests.Kit.OpenSearch;

namespace OpsPortal.Tests.Aws.OpenSearch;

/// <summary>Many documents in few requests: every one's own result counts.</summary>
[Trait("Peer", "OpenSearchStub")]
public sealed class BulkTests : IAsyncLifetime
{
    private static readonly AnomalyQuery All = new(null, null, null, null, null, 1_001);

    private OpenSearchRig _rig = null!;

    public async Task InitializeAsync() => _rig = await OpenSearchRig.StartStubAsync();

    public async Task DisposeAsync() => await _rig.DisposeAsync();

    [Fact]
    public async Task One_document_in_fifty_that_is_refused_becomes_a_dead_letter_and_holds_nothing_up()
    {
        var process = _rig.Open();
        _rig.Stub.FailItems((index, id) => index.Contains("-anomalies-", StringComparison.Ordinal) && Number(id) % 50 == 7 ? new StubError(400, "mapper_parsing_exception", $"failed to parse field [score] of {id}") : null);

        await process.Get<IAnomalyStore>().AppendAsync(Anomalies(500), default);

        Assert.Equal(490, (await FindAsync(process)).Count);
        var letters = await process.Get<IDeadLetters>().FindAsync(100, default);
        Assert.Equal(10, letters.Count);
        Assert.All(letters, letter => Assert.Contains("mapper_parsing_exception: failed to parse field [score] of a", letter.Detail, StringComparison.Ordinal));
        Assert.Equal(10, (await process.Get<IDeadLetters>().CountByReasonAsync(default))["refusedByStore"]);
        Assert.Contains("\"measuredTicks\":", System.Text.Encoding.UTF8.GetString(letters[0].Body.Span), StringComparison.Ordinal);

        await process.Get<IAnomalyStore>().AppendAsync(Anomalies(500), default);

        Assert.Equal(10, (await process.Get<IDeadLetters>().FindAsync(100, default)).Count);
    }

    [Theory]
    [InlineData(429)]
    [InlineData(503)]
    public async Task Only_what_the_server_had_no_time_for_is_sent_again(int status)
    {
        var process = _rig.Open();
        var refusals = 0;
        _rig.Stub.FailItems((_, id) => Number(id) % 10 == 3 && Interlocked.Increment(ref refusals) <= 15 ? new StubError(status, "rejected_execution_exception", "queue is full") : null);

        await process.Get<IAnomalyStore>().AppendAsync(Anomalies(100), default);

        Assert.Equal(100, (await FindAsync(process)).Count);
        Assert.Equal([100, 10, 5], Bulks().Select(Documents));
        Assert.Empty(await process.Get<IDeadLetters>().FindAsync(10, default));
    }

    [Fact]
    public async Task What_the_server_never_has_time_for_is_said_and_kept_when_sent_again_later()
    {
        var process = _rig.Open(settings: ("OpenSearch:Retries", "1"));
        _rig.Stub.FailItems((_, id) => id == "a000050" ? new StubError(429, "circuit_breaking_exception", "Data too large") : null);

        var failure = await Assert.ThrowsAsync<StoreUnavailableException>(() => process.Get<IAnomalyStore>().AppendAsync(Anomalies(100), default));

        Assert.Contains("1 of 100 documents in 2 attempts: circuit_breaking_exception: Data too large", failure.Problem, StringComparison.Ordinal);
        Assert.Equal(99, (await FindAsync(process)).Count);
        Assert.Contains("no time", Assert.Single(process.Get<IEnumerable<IServiceHealth>>(), health => health.Get().Service == "OpenSearch").Get().Problem ?? "no time", StringComparison.Ordinal);
        _rig.Stub.Heal();

        await process.Get<IAnomalyStore>().AppendAsync(Anomalies(100), default);

        Assert.Equal(100, (await FindAsync(process)).Count);
    }

    [Fact]
    public async Task A_document_that_is_there_already_counts_as_kept()
    {
        var process = _rig.Open();
        await process.Get<IAnomalyStore>().AppendAsync(Anomalies(10), default);

        await _rig.Open().Get<IAnomalyStore>().AppendAsync(Anomalies(20), default);

        var reader = _rig.Open();
        await Eventually.IsTrueAsync("another process finds all", TimeSpan.FromSeconds(20), async () => (await FindAsync(reader)).Count == 20);
        Assert.Equal([10, 20], Bulks().Select(Documents));
    }

    [Fact]
    public async Task Bulks_are_bounded_by_count()
    {
        await _rig.Open(settings: ("OpenSearch:BulkCount", "30")).Get<IAnomalyStore>().AppendAsync(Anomalies(100), default);

        Assert.Equal([30, 30, 30, 10], Bulks().Select(Documents));
    }

    [Fact]
    public async Task Bulks_are_bounded_by_bytes_and_go_compressed()
    {
        var process = _rig.Open(settings: ("OpenSearch:BulkBytes", "20000"));
        await process.Get<IAnomalyStore>().AppendAsync(Anomalies(100), default);

        var bodies = Bulks().Select(PlainBody).ToList();
        Assert.All(bodies, body => Assert.InRange(System.Text.Encoding.UTF8.GetByteCount(body), 1, 20_000));
        Assert.InRange(bodies.Count, 4, 12);
        Assert.InRange(_rig.Stub.Compressed, bodies.Count - 1, bodies.Count);
        Assert.Equal(100, (await FindAsync(process)).Count);
    }

    [Theory]
    [InlineData(413)]
    [InlineData(400)]
    public async Task A_request_that_is_refused_whole_goes_in_halves_until_the_one_document_is_found(int status)
    {
        var process = _rig.Open();
        _rig.Stub.Fail(request => request.Path == "/_bulk" && PlainBody(request) is var body && body.Contains("\"a000042\"", StringComparison.Ordinal) && !body.Contains("dead-letters", StringComparison.Ordinal)
            ? new PeerAnswer(status, """{"error":{"type":"illegal_argument_exception","reason":"not this one"},"status":400}""") : null);

        await process.Get<IAnomalyStore>().AppendAsync(Anomalies(100), default);

        Assert.Equal(99, (await FindAsync(process)).Count);
        Assert.Contains("not this one", Assert.Single(await process.Get<IDeadLetters>().FindAsync(10, default)).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_storm_of_429_is_waited_out()
    {
        var process = _rig.Open();
        await process.Get<IAnomalyStore>().AppendAsync(Anomalies(1), default);
        _rig.Stub.FailNext(3, request => request.Path == "/_bulk", new PeerAnswer(429, """{"error":{"type":"rejected_execution_exception","reason":"queue is full"},"status":429}"""));

        await process.Get<IAnomalyStore>().AppendAsync(Anomalies(100), default);

        Assert.Equal(100, (await FindAsync(process)).Count);
    }

    [Fact]
    public async Task A_bulk_whose_answer_is_lost_is_kept_once()
    {
        var process = _rig.Open();
        var lost = 1;
        _rig.Stub.Fail(request =>
        {
            if (request.Path != "/_bulk" || Interlocked.Decrement(ref lost) < 0)
            {
                return null;
            }

            _rig.Stub.AnswerWithoutFault(request);
            return new PeerAnswer(200) { Cut = true };
        });

        await process.Get<IAnomalyStore>().AppendAsync(Anomalies(100), default);

        Assert.Equal(100, (await FindAsync(process)).Count);
        Assert.Equal(2, Bulks().Count);
    }

    private static List<Anomaly> Anomalies(int count) => [.. Enumerable.Range(0, count).Select(i => Samples.Anomaly($"a{i:000000}", Samples.Longsight(), Samples.Start.AddSeconds(i)))];

    private static int Number(string id) => id.StartsWith('a') && int.TryParse(id[1..], out var number) ? number : -1;

    private static Task<IReadOnlyList<Anomaly>> FindAsync(AwsRig process) => process.Get<IAnomalyStore>().FindAsync(Scope.WholeFleet, All, default);

    private static string PlainBody(ReceivedRequest request) => OpenSearchStub.Plain(request);

    private static int Documents(ReceivedRequest request) => PlainBody(request).Count(character => character == '\n') / 2;

    private List<ReceivedRequest> Bulks() => [.. _rig.Stub.Received.Where(request => request.Path == "/_bulk" && PlainBody(request).Contains("-anomalies-", StringComparison.Ordinal) && !PlainBody(request).Contains("-dead-letters-", StringComparison.Ordinal))];
}
