using System.Net;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Tests.Kit;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Aws.Signing;

/// <summary>What is sent again and what is not, counted at the peer.</summary>
public sealed class RepeatTests : IAsyncLifetime
{
    private static readonly PeerAnswer Fine = new(200, "{}");

    private readonly Queue<PeerAnswer> _script = new();
    private readonly AwsRig _rig = new(new ScriptedKeys(ScriptedKeys.Lasting));
    private LoopbackPeer _peer = null!;

    public async Task InitializeAsync() => _peer = await LoopbackPeer.StartAsync(_ => _script.TryDequeue(out var answer) ? answer : Fine);

    public async Task DisposeAsync()
    {
        _rig.Dispose();
        await _peer.DisposeAsync();
    }

    [Theory]
    [InlineData("GET", 500)]
    [InlineData("HEAD", 503)]
    [InlineData("PUT", 502)]
    [InlineData("DELETE", 504)]
    [InlineData("POST", 429)]
    public async Task A_failure_is_overcome_when_sending_again_does_no_harm(string method, int status)
    {
        Script(new PeerAnswer(status), 3);

        Assert.Equal(HttpStatusCode.OK, (await SendAsync(method)).StatusCode);
        Assert.Equal(4, _peer.Received.Count);
    }

    [Fact]
    public async Task A_POST_that_failed_in_an_unknown_way_is_not_sent_again()
    {
        Script(new PeerAnswer(500), 1);
        Assert.Equal(HttpStatusCode.InternalServerError, (await SendAsync("POST")).StatusCode);

        Script(new PeerAnswer(503), 1);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await SendAsync("POST")).StatusCode);

        Script(Fine with { Cut = true }, 1);
        await Assert.ThrowsAsync<HttpRequestException>(() => SendAsync("POST"));
        Assert.Equal(3, _peer.Received.Count);
    }

    [Fact]
    public async Task A_POST_that_the_service_says_it_has_not_done_is_sent_again()
    {
        Script(PeerAnswer.Error(503, "SlowDown"), 1);
        Script(PeerAnswer.Error(400, "ProvisionedThroughputExceededException"), 1);
        Script(new PeerAnswer(400, """{"__type":"com.amazonaws.kinesis#LimitExceededException"}"""), 1);
        Script(new PeerAnswer(503, "<Error><Code>SlowDown</Code></Error>"), 1);

        Assert.Equal(HttpStatusCode.OK, (await SendAsync("POST")).StatusCode);
        Assert.Equal(5, _peer.Received.Count);
    }

    [Fact]
    public async Task The_caller_may_say_that_a_POST_does_no_harm_and_that_a_GET_is_not_to_be_repeated()
    {
        Script(new PeerAnswer(500), 1);
        Script(Fine with { Cut = true }, 1);
        Assert.Equal(HttpStatusCode.OK, (await SendAsync("POST", repeatable: true)).StatusCode);
        Assert.Equal(3, _peer.Received.Count);

        Script(new PeerAnswer(429), 1);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await SendAsync("GET", repeatable: false)).StatusCode);
        Assert.Equal(4, _peer.Received.Count);
    }

    [Fact]
    public async Task A_refusal_is_not_sent_again()
    {
        foreach (var status in new[] { 400, 401, 403, 404, 409, 413 })
        {
            Script(new PeerAnswer(status), 1);
            Assert.Equal(status, (int)(await SendAsync("GET")).StatusCode);
        }

        Assert.Equal(6, _peer.Received.Count);
    }

    [Fact]
    public async Task Attempts_have_an_end_and_the_last_answer_is_given_with_its_body()
    {
        Script(new PeerAnswer(503, "too much"), 50);

        var answer = await SendAsync("GET");

        Assert.Equal("too much", await answer.Content.ReadAsStringAsync());
        Assert.Equal(5, _peer.Received.Count);
    }

    [Fact]
    public async Task A_storm_of_refusals_passes_and_every_request_is_done_exactly_once()
    {
        var done = new System.Collections.Concurrent.ConcurrentBag<string>();
        var (refused, chance) = (0, new Random(1));
        await using var stormy = await LoopbackPeer.StartAsync(request =>
        {
            lock (chance)
            {
                if (chance.NextDouble() < 0.4)
                {
                    refused++;
                    return new PeerAnswer(429);
                }
            }

            done.Add(request.Text);
            return Fine;
        });
        using var client = _rig.Client(AwsService.OpenSearch, stormy.Address, retries: 10);

        await Parallel.ForEachAsync(Enumerable.Range(0, 200), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, cancellationToken) =>
        {
            using var content = new StringContent($"{i}");
            Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("_bulk", content, cancellationToken)).StatusCode);
        });

        Assert.True(refused > 50);
        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{i}").Order(), done.Order());
    }

    [Fact]
    public async Task A_wait_that_the_service_asks_for_is_kept()
    {
        var time = new ManualTime();
        using var rig = new AwsRig(new ScriptedKeys(ScriptedKeys.Lasting), [("Aws:Timeout", "00:10:00")], time);
        using var client = rig.Client(AwsService.OpenSearch, _peer.Address);
        Script(new PeerAnswer(429) { Headers = [("Retry-After", "7")] }, 1);

        var sending = client.GetAsync("x");
        var waited = TimeSpan.Zero;
        await Eventually.IsTrueAsync("the second attempt", TimeSpan.FromSeconds(20), () =>
        {
            if (_peer.Received.Count == 1 && !sending.IsCompleted)
            {
                time.Advance(TimeSpan.FromSeconds(1));
                waited += TimeSpan.FromSeconds(1);
            }

            return Task.FromResult(sending.IsCompleted);
        });

        Assert.Equal(HttpStatusCode.OK, (await sending).StatusCode);
        Assert.True(waited >= TimeSpan.FromSeconds(7), $"waited {waited}");
    }

    [Fact]
    public async Task An_answer_that_does_not_come_ends_the_attempt_and_the_next_one_may_succeed()
    {
        var first = true;
        await using var slow = await LoopbackPeer.StartAsync(async (_, cancellationToken) =>
        {
            if (first)
            {
                first = false;
                await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }

            return Fine;
        });
        using var client = _rig.Client(AwsService.OpenSearch, slow.Address, timeout: TimeSpan.FromMilliseconds(300));

        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("x")).StatusCode);
        first = true;
        var late = await Assert.ThrowsAsync<TimeoutException>(() => client.PostAsync("x", new StringContent("{}")));
        Assert.Contains("did not answer within 0.3 s", late.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_caller_who_stops_waiting_is_not_kept()
    {
        await using var silent = await LoopbackPeer.StartAsync(async (_, cancellationToken) =>
        {
            await Task.Delay(Timeout.Infinite, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return Fine;
        });
        using var client = _rig.Client(AwsService.OpenSearch, silent.Address);
        using var stop = new CancellationTokenSource();

        var sending = client.GetAsync("x", stop.Token);
        await Eventually.IsTrueAsync("the request is there", TimeSpan.FromSeconds(20), () => Task.FromResult(silent.Received.Count == 1));
        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => sending);
        Assert.Single(silent.Received);
    }

    [Fact]
    public async Task A_POST_that_found_nobody_was_never_sent_and_is_tried_again()
    {
        var port = 0;
        await using (var gone = await LoopbackPeer.StartAsync(_ => Fine))
        {
            port = gone.Address.Port;
        }

        using var rig = new AwsRig(new ScriptedKeys(ScriptedKeys.Lasting), [("Aws:RetryDelay", "00:00:00.200"), ("Aws:Retries", "10")]);
        using var client = rig.Client(AwsService.OpenSearch, new Uri($"http://127.0.0.1:{port}"));
        var sending = client.PostAsync("x", new StringContent("{}"));
        await using var back = await LoopbackPeer.StartAsync((_, _) => Task.FromResult(Fine), port);

        Assert.Equal(HttpStatusCode.OK, (await sending).StatusCode);
        Assert.Single(back.Received);
    }

    private void Script(PeerAnswer answer, int times)
    {
        for (var i = 0; i < times; i++)
        {
            _script.Enqueue(answer);
        }
    }

    private async Task<HttpResponseMessage> SendAsync(string method, bool? repeatable = null)
    {
        using var client = _rig.Client(AwsService.OpenSearch, _peer.Address);
        using var request = new HttpRequestMessage(new HttpMethod(method), "x");
        if (method is "POST" or "PUT")
        {
            request.Content = new StringContent("{}");
        }

        if (repeatable is { } said)
        {
            request.With(AwsRequest.Repeatable, said);
        }

        return await client.SendAsync(request);
    }
}
