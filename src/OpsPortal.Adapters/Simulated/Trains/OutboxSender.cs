using Microsoft.Extensions.Logging;
using OpsPortal.Core.Telemetry;

namespace OpsPortal.Adapters.Simulated.Trains;

/// <summary>Sends what is in the outbox, in order. A number once sent keeps its record, so that sending again after a lost confirmation doubles nothing.</summary>
internal sealed class OutboxSender(Outbox outbox, ITelemetryIntake intake, ILogger logger)
{
    private const string Sender = "trains";

    private bool _failed;

    /// <summary>The highest number that the source has confirmed.</summary>
    public long Confirmed { get; private set; }

    /// <summary>Asks the source how far it had come.</summary>
    public async Task ConnectAsync(CancellationToken cancellationToken) =>
        Confirmed = await intake.GetLastNumberAsync(Sender, cancellationToken);

    /// <summary>Sends everything unconfirmed; when the source fails, it stays in the outbox for the next turn.</summary>
    /// <param name="fresh">What was just put into the outbox: spares reading it back.</param>
    public async Task SendAsync(NumberedBatch? fresh, CancellationToken cancellationToken)
    {
        try
        {
            while ((fresh?.First == Confirmed + 1 ? fresh : outbox.Oldest(Confirmed)) is { } batch)
            {
                await intake.AppendAsync(Sender, batch.Records(), cancellationToken);
                Confirmed = batch.Last;
            }

            if (_failed)
            {
                _failed = false;
                Log.SourceIsBack(logger, Confirmed);
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            if (!_failed)
            {
                _failed = true;
                Log.SourceFails(logger, Confirmed + 1, e);
            }
        }
    }
}
