using System.Collections.Concurrent;
using System.IO.Compression;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Kit.OpenSearch;

/// <summary>
/// Plays OpenSearch on the loopback: keeps documents, shows them after a refresh, checks every request, and fails as a test asks. What it
/// does not know it refuses. Checked against a real server's answers (<see cref="RecordingTests"/>).
/// </summary>
internal sealed class OpenSearchStub : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly StubIndices _indices;
    private readonly StubWrites _writes;
    private readonly StubRoutes _routes;
    private readonly ConcurrentQueue<Func<ReceivedRequest, PeerAnswer?>> _faults = new();
    private LoopbackPeer _peer = null!;
    private int _compressed;

    private OpenSearchStub(TimeProvider time)
    {
        _time = time;
        _indices = new StubIndices(time);
        _writes = new StubWrites(_indices);
        _routes = new StubRoutes(_indices, _writes);
    }

    public Uri Address => _peer.Address;

    /// <summary>Answer to the question who it is; a test may let it be somebody else.</summary>
    public JsonObject Root
    {
        get => _routes.Root;
        set => _routes.Root = value;
    }

    /// <summary>Requests that came compressed.</summary>
    public int Compressed => Volatile.Read(ref _compressed);

    public IReadOnlyList<ReceivedRequest> Received => _peer.Received;

    /// <param name="port">0 for a free one.</param>
    /// <param name="keep">Whether requests are kept to be looked at: not by a server that runs for long.</param>
    /// <param name="certificate">For https.</param>
    public static async Task<OpenSearchStub> StartAsync(TimeProvider? time = null, int port = 0, bool keep = true, X509Certificate2? certificate = null)
    {
        var stub = new OpenSearchStub(time ?? TimeProvider.System);
        stub._peer = await LoopbackPeer.StartAsync(stub.AnswerInTimeAsync, port, certificate, keep);
        return stub;
    }

    /// <summary>From now on, answers as given where that is not null.</summary>
    public void Fail(Func<ReceivedRequest, PeerAnswer?> fault) => _faults.Enqueue(fault);

    /// <summary>The next so many requests that fit are answered like this.</summary>
    public void FailNext(int count, Func<ReceivedRequest, bool> which, PeerAnswer answer)
    {
        var left = count;
        Fail(request => which(request) && Interlocked.Decrement(ref left) >= 0 ? answer : null);
    }

    /// <summary>Ends all failures.</summary>
    public void Heal()
    {
        _faults.Clear();
        Change(() => (_writes.FailItem, _writes.Hold, _routes.BrokenShards) = ((_, _) => null, (_, _) => TimeSpan.Zero, _ => false));
    }

    /// <summary>Lets single documents of bulks fail.</summary>
    public void FailItems(Func<string, string, StubError?> fail) => Change(() => _writes.FailItem = fail);

    /// <summary>Lets documents become visible later than the refresh would.</summary>
    public void Hold(Func<string, string, TimeSpan> hold) => Change(() => _writes.Hold = hold);

    /// <summary>Lets the shards of indices not answer to searches.</summary>
    public void BreakShards(Func<string, bool> index) => Change(() => _routes.BrokenShards = index);

    /// <summary>Comes back with nothing of what was kept, as a server does whose disk was taken away.</summary>
    public void LoseEverything() => Change(() =>
    {
        _indices.Clear();
        Root["cluster_uuid"] = Guid.NewGuid().ToString("N");
    });

    /// <summary>Is killed and comes back without the last so many things that happened to each shard.</summary>
    public void TakeUp(int lost) => Change(() => _indices.All.ToList().ForEach(index => index.TakeUp(lost)));

    /// <summary>Lets the shards of indices that are made from now on take so long to start.</summary>
    public void StartShardsAfter(TimeSpan time) => Change(() => _indices.StartAfter = time);

    /// <summary>Looks at or changes what is kept, behind everybody's back.</summary>
    public T Look<T>(Func<StubIndices, T> look)
    {
        lock (_lock)
        {
            return look(_indices);
        }
    }

    public PeerAnswer Answer(ReceivedRequest request)
    {
        foreach (var fault in _faults)
        {
            if (fault(request) is { } answer)
            {
                return answer;
            }
        }

        return AnswerWithoutFault(request);
    }

    /// <summary>What it would answer: for a fault that does what was asked and loses the answer.</summary>
    public PeerAnswer AnswerWithoutFault(ReceivedRequest request)
    {
        lock (_lock)
        {
            return AnswerNeedsLock(request);
        }
    }

    /// <summary>A request's body, whether or not it came compressed.</summary>
    public static string Plain(ReceivedRequest request)
    {
        if (request.Header("Content-Encoding") != "gzip")
        {
            return request.Text;
        }

        using var text = new StreamReader(new GZipStream(new MemoryStream(request.Body), CompressionMode.Decompress), Encoding.UTF8);
        return text.ReadToEnd();
    }

    public ValueTask DisposeAsync() => _peer.DisposeAsync();

    private void Change(Action change)
    {
        lock (_lock)
        {
            change();
        }
    }

    // Who writes, or makes an index, is answered when the shards have started; who waits for them, then or when its time is over.
    private async Task<PeerAnswer> AnswerInTimeAsync(ReceivedRequest request, CancellationToken cancellationToken)
    {
        var asked = _time.GetTimestamp();
        var answer = Answer(request);
        while (answer.Status == 408 && request.Parameter("timeout") is "1s" && _time.GetElapsedTime(asked) < TimeSpan.FromSeconds(1))
        {
            await Task.Delay(20, cancellationToken);
            answer = Answer(request);
        }

        if (answer.Status == 200 && (request.Path == "/_bulk" || (request.Method == "PUT" && !request.Path.Contains("/_", StringComparison.Ordinal))))
        {
            var wait = Look(indices => indices.AllStartedAt) - _time.GetUtcNow();
            await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, cancellationToken);
        }

        return answer;
    }

    private PeerAnswer AnswerNeedsLock(ReceivedRequest request)
    {
        try
        {
            var (status, answer) = _routes.Answer(request, Body(request));
            return new PeerAnswer(status, answer.ToJsonString()) { ContentType = "application/json; charset=UTF-8" };
        }
        catch (StubError e)
        {
            return new PeerAnswer(e.Status, e.Answer().ToJsonString());
        }
        catch (JsonException)
        {
            return new PeerAnswer(400, new StubError(400, "json_e_o_f_exception", "Unexpected end-of-input within/between Object entries").Answer().ToJsonString());
        }
    }

    private string Body(ReceivedRequest request)
    {
        if (request.Header("Content-Encoding") == "gzip")
        {
            Interlocked.Increment(ref _compressed);
        }

        return Plain(request);
    }
}
