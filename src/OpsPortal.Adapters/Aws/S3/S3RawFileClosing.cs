using OpsPortal.Adapters.Embedded.Telemetry;
using OpsPortal.Core.Extracts;

namespace OpsPortal.Adapters.Aws.S3;

/// <summary>Closes the data folder's open files and waits until the bucket holds them.</summary>
internal sealed class S3RawFileClosing(RawClosing closing, RawCopies copies, RawFileCopier copier, RawFileCopying copying, TimeProvider time) : IRawFileClosing
{
    private static readonly TimeSpan LookAgain = TimeSpan.FromMilliseconds(100);

    public async Task<bool> CloseAsync(TimeSpan within, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        if (!await closing.CloseAsync(within, cancellationToken))
        {
            return false;
        }

        // Another process may be the one that copies: it looks by itself.
        copying.Wake();
        while (await copies.CountMissingAsync(copier.PlaceName, cancellationToken) > 0)
        {
            if (time.GetElapsedTime(began) >= within)
            {
                return false;
            }

            await Task.Delay(LookAgain, time, cancellationToken);
        }

        return true;
    }
}
