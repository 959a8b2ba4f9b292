using OpsPortal.Core.Extracts;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Embedded.Telemetry;

/// <summary>
/// Asks whoever writes the raw files, in this process or another, to close them once everything received by now is in. Asked and
/// answered through the catalogue, which both have open.
/// </summary>
internal sealed class RawClosing(EmbeddedFiles files, ITelemetrySource source, TimeProvider time) : IRawFileClosing
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromSeconds(1);

    public async Task<bool> CloseAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        var (catalogue, began) = (files.RawCatalogue, time.GetTimestamp());
        var newest = await source.GetNewestOffsetAsync(cancellationToken);
        var asked = await catalogue.WriteAsync(
            session => session.Number("UPDATE closing SET asked = asked + 1, source_offset = max(source_offset, $newest) RETURNING asked", ("$newest", newest))!.Value, cancellationToken);
        while (true)
        {
            var change = catalogue.Changes.Next;
            if (await catalogue.ReadAsync(static session => session.Number("SELECT answered FROM closing"), cancellationToken) >= asked)
            {
                return true;
            }

            var left = within - time.GetElapsedTime(began);
            if (left <= TimeSpan.Zero)
            {
                return false;
            }

            await change.WaitAsync(left < LookAgain ? left : LookAgain, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
