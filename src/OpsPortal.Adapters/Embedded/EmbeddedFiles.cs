using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Embedded.Sqlite;

namespace OpsPortal.Adapters.Embedded;

/// <summary>The files of the data folder. Several processes may have them open at the same time.</summary>
internal sealed class EmbeddedFiles(IOptions<DataOptions> options, TimeProvider time, ILogger<EmbeddedFiles> logger) : IDisposable
{
    /// <summary>The data folder.</summary>
    public string Folder { get; } = Path.GetFullPath(options.Value.Folder);

    /// <summary>What has arrived and is not yet kept by every consumer.</summary>
    public SqliteFile Source => _source.Value;

    /// <summary>Registry, train states, anomalies, alerts, dead letters, audit.</summary>
    public SqliteFile Operations => _operations.Value;

    /// <summary>The detector's memory. A file of its own: its large snapshots must never hold up an acknowledgement.</summary>
    public SqliteFile Detector => _detector.Value;

    /// <summary>Recent readings.</summary>
    public SqliteFile Readings => _readings.Value;

    /// <summary>Device shadows.</summary>
    public SqliteFile Shadows => _shadows.Value;

    /// <summary>What the raw files hold.</summary>
    public SqliteFile RawCatalogue => _rawCatalogue.Value;

    /// <summary>Processed tables for people's queries: made from the others, so it can be deleted without losing anything that is still in them.</summary>
    public SqliteFile Warehouse => _warehouse.Value;

    /// <summary>All of them.</summary>
    public IEnumerable<SqliteFile> All => [Source, Operations, Detector, Readings, Shadows, RawCatalogue, Warehouse];

    private readonly Lazy<SqliteFile> _source = Make(Schemas.Source, options, time, logger);
    private readonly Lazy<SqliteFile> _operations = Make(Schemas.Operations, options, time, logger);
    private readonly Lazy<SqliteFile> _detector = Make(Schemas.Detector, options, time, logger);
    private readonly Lazy<SqliteFile> _readings = Make(Schemas.Readings, options, time, logger);
    private readonly Lazy<SqliteFile> _shadows = Make(Schemas.Shadows, options, time, logger);
    private readonly Lazy<SqliteFile> _rawCatalogue = Make(Schemas.RawCatalogue, options, time, logger);
    private readonly Lazy<SqliteFile> _warehouse = Make(Schemas.Warehouse, options, time, logger);

    public void Dispose()
    {
        foreach (var file in new[] { _source, _operations, _detector, _readings, _shadows, _rawCatalogue, _warehouse }.Where(file => file.IsValueCreated))
        {
            file.Value.Dispose();
        }
    }

    private static Lazy<SqliteFile> Make(SqliteSchema schema, IOptions<DataOptions> options, TimeProvider time, ILogger logger) =>
        new(() => new SqliteFile(schema, Path.GetFullPath(options.Value.Folder), options.Value, time, logger));
}
