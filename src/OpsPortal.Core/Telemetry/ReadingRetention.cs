namespace OpsPortal.Core.Telemetry;

/// <summary>How long readings are kept: shown wherever they are, so that nothing is silently cut.</summary>
public interface IReadingRetention
{
    /// <summary>The retention in force.</summary>
    Task<ReadingRetention> GetAsync(CancellationToken cancellationToken);
}

/// <summary>Retention in force.</summary>
/// <param name="KeptFor">Readings measured longer ago than this go.</param>
/// <param name="MaxBytes">Above this the oldest go sooner.</param>
/// <param name="UsedBytes">Bytes in use now.</param>
/// <param name="Oldest">Start of the oldest window there is, or null when there is none.</param>
public sealed record ReadingRetention(TimeSpan KeptFor, long MaxBytes, long UsedBytes, DateTimeOffset? Oldest);
