using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Health;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>An answer, and the replica that gave it; null when the first bucket did.</summary>
internal sealed record S3Answer<T>(T Value, string? Replica);

/// <summary>The first bucket, and the replica in its place while the first cannot be reached.</summary>
internal sealed class S3Buckets : IDisposable
{
    private const string Store = "raw file";

    private readonly S3Options _options;
    private readonly S3Health _health;
    private readonly TimeProvider _time;
    private readonly ILogger<S3Buckets> _logger;
    private readonly List<S3Client> _clients = [];
    private readonly S3Bucket? _replica;
    private long _homeAgainAt;

    public S3Buckets(AwsPlaces places, AwsHttp http, IOptions<S3Options> options, S3Clock clock, S3Health health, TimeProvider time, ILogger<S3Buckets> logger)
    {
        (_options, _health, _time, _logger) = (options.Value, health, time, logger);
        Home = Open(S3Place.Home(_options, places), http, clock);
        _replica = S3Place.Replica(_options) is { } replica ? Open(replica, http, clock) : null;
    }

    /// <summary>The bucket that is written to.</summary>
    public S3Bucket Home { get; }

    /// <summary>Asks the first bucket; the replica when the first cannot be reached, and for a time after that.</summary>
    /// <exception cref="StoreUnavailableException">Neither can be.</exception>
    public async Task<S3Answer<T>> AskAsync<T>(Func<S3Bucket, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        if (_replica is not null && _time.GetUtcNow().UtcTicks < Interlocked.Read(ref _homeAgainAt))
        {
            return await AskReplicaAsync(_replica, ask, null, cancellationToken);
        }

        try
        {
            var answer = await AskHomeAsync(ask, cancellationToken);
            _health.NoteWell();
            return new S3Answer<T>(answer, null);
        }
        catch (S3AwayException e) when (_replica is not null)
        {
            Interlocked.Exchange(ref _homeAgainAt, (_time.GetUtcNow() + _options.ReplicaFor).UtcTicks);
            Log.ReplicaTaken(_logger, _replica.Place.Name, e.Message);
            return await AskReplicaAsync(_replica, ask, e, cancellationToken);
        }
        catch (S3AwayException e)
        {
            _health.NoteProblem(e.Message);
            throw new StoreUnavailableException(Store, e.Message, e);
        }
        catch (StoreUnavailableException e)
        {
            // No credentials: no other bucket would help.
            _health.NoteProblem(e.Problem);
            throw;
        }
    }

    public void Dispose() => _clients.ForEach(client => client.Dispose());

    // With a replica at hand nobody waits for all repetitions.
    private async Task<T> AskHomeAsync<T>(Func<S3Bucket, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        if (_replica is null)
        {
            return await ask(Home, cancellationToken);
        }

        using var limit = new CancellationTokenSource(_options.ReplicaAfter, _time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            return await ask(Home, both.Token);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new S3AwayException($"{Home.Place.Name} did not answer within {_options.ReplicaAfter.TotalSeconds:0.###} s.", e);
        }
    }

    private async Task<S3Answer<T>> AskReplicaAsync<T>(S3Bucket replica, Func<S3Bucket, CancellationToken, Task<T>> ask, S3AwayException? home, CancellationToken cancellationToken)
    {
        try
        {
            var answer = await ask(replica, cancellationToken);
            _health.NoteReplica($"{Home.Place.Name} cannot be reached; the replica {replica.Place.Name} answers in its place and may lack the newest files.");
            return new S3Answer<T>(answer, replica.Place.Name);
        }
        catch (S3AwayException e)
        {
            var problem = home is null ? e.Message : $"{home.Message} {e.Message}";
            _health.NoteProblem(problem);
            // The first may be back by now.
            Interlocked.Exchange(ref _homeAgainAt, 0);
            throw new StoreUnavailableException(Store, problem, e);
        }
    }

    private S3Bucket Open(S3Place place, AwsHttp http, S3Clock clock)
    {
        var client = new S3Client(place, _options, http, clock.Note);
        _clients.Add(client);
        return new S3Bucket(place, client);
    }
}
