using System.Collections.Concurrent;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;

namespace OpsPortal.Adapters.Aws.OpenSearch;

/// <summary>
/// Knows whether this process has kept something that a search may not see yet. Then one refresh goes before the search: cheaper than
/// waiting for the refresh at every write, which would hold the pipeline up, and searches are few.
/// </summary>
internal sealed class OwnWrites : IDisposable
{
    private readonly ConcurrentDictionary<IndexFamily, Marks> _marks = new();

    public void Note(IndexFamily family) => Interlocked.Increment(ref Of(family).Written);

    /// <summary>Refreshes if something was kept since the last time; searches that come together wait for one refresh.</summary>
    public async Task ShowAsync(IndexFamily family, Func<IndexFamily, CancellationToken, Task> refresh, CancellationToken cancellationToken)
    {
        var marks = Of(family);
        if (marks.IsShown)
        {
            return;
        }

        await marks.One.WaitAsync(cancellationToken);
        try
        {
            if (!marks.IsShown)
            {
                var upTo = Interlocked.Read(ref marks.Written);
                await refresh(family, cancellationToken);
                Interlocked.Exchange(ref marks.Shown, upTo);
            }
        }
        finally
        {
            marks.One.Release();
        }
    }

    public void Dispose()
    {
        foreach (var marks in _marks.Values)
        {
            marks.Dispose();
        }
    }

    private Marks Of(IndexFamily family) => _marks.GetOrAdd(family, static _ => new Marks());

    private sealed class Marks : IDisposable
    {
        public readonly SemaphoreSlim One = new(1, 1);
        public long Written;
        public long Shown;

        public bool IsShown => Interlocked.Read(ref Shown) >= Interlocked.Read(ref Written);

        public void Dispose() => One.Dispose();
    }
}
