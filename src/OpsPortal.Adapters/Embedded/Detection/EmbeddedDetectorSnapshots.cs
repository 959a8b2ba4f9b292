using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Detection;

namespace OpsPortal.Adapters.Embedded.Detection;

/// <summary>The detector's memory: every train's state and the source offset they stand at, kept in one step.</summary>
internal sealed class EmbeddedDetectorSnapshots(EmbeddedFiles files) : IDetectorSnapshots
{
    private readonly SqliteFile _file = files.Detector;

    public Task<DetectorSnapshot?> GetAsync(CancellationToken cancellationToken) =>
        _file.ReadAsync(
            static session => session.Number("SELECT source_offset FROM detector") is { } offset
                ? new DetectorSnapshot(
                    offset,
                    session.Read("SELECT train, state FROM detector_trains", static row => (Train: row.GetString(0), State: row.GetFieldValue<byte[]>(1)))
                        .ToDictionary(train => train.Train, train => (ReadOnlyMemory<byte>)train.State, StringComparer.Ordinal))
                : null,
            cancellationToken);

    public Task KeepAsync(DetectorSnapshot snapshot, CancellationToken cancellationToken) =>
        _file.WriteAsync(
            session =>
            {
                foreach (var (train, state) in snapshot.Trains)
                {
                    session.Run("INSERT OR REPLACE INTO detector_trains VALUES ($train, $state)", ("$train", train), SqlValue.Bytes("$state", state));
                }

                session.Run("INSERT OR REPLACE INTO detector VALUES (1, $offset)", ("$offset", snapshot.SourceOffset));
            },
            cancellationToken);
}
