using System.Globalization;
using Microsoft.Extensions.Options;
using OpsPortal.Core.Audit;

namespace OpsPortal.Audit;

/// <summary>
/// Writes down that the process starts and stops, signs heads meanwhile and at the end, and, while nothing can be written, tries until it
/// can. Registered before all that acts, so that it stops after them and its last head covers what they did.
/// </summary>
internal sealed class AuditKeeping(IAuditLog audit, HeadsFolder heads, HeadKeyFile keyFile, AuditSetting setting, ILogger<AuditKeeping> logger) : BackgroundService
{
    private const string Who = "portal";

    private static readonly TimeSpan TryAgain = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private DateTimeOffset? _signedAt;
    private bool _started;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                if (IsDue() && await KeepAsync(stoppingToken))
                {
                    _signedAt = setting.Time.GetUtcNow();
                }

                await Task.Delay(setting.Options.HeadEvery < TryAgain ? setting.Options.HeadEvery : TryAgain, setting.Time, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // Stopped; StopAsync does the rest.
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        try
        {
            if (_started)
            {
                await NoteAsync("stop", "ok", null, patience.Token);
                await SignAsync(patience.Token);
            }
        }
        catch (Exception e)
        {
            // What is not covered now is covered by the first head after the next start.
            logger.AuditNotKept(e);
        }
    }

    // At the turn of the day too, and whenever something is wrong.
    private bool IsDue() =>
        setting.Writing.StoppedSince is not null || _signedAt is not { } last || setting.Time.GetUtcNow() - last >= setting.Options.HeadEvery || setting.Time.GetUtcNow().UtcDateTime.Date != last.UtcDateTime.Date;

    private async Task<bool> KeepAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (!_started)
            {
                await NoteAsync("start", "ok", setting.Start, cancellationToken);
                _started = true;
            }
            else if (setting.Writing.StoppedSince is { } since)
            {
                await NoteAsync("resumeAudit", "ok", string.Create(CultureInfo.InvariantCulture, $"nothing could be recorded here since {since.UtcDateTime:yyyy-MM-dd'T'HH:mm:ss'Z'}; acts were refused"), cancellationToken);
            }

            await SignAsync(cancellationToken);
            return setting.Writing.StoppedSince is null;
        }
        catch (Exception e) when (e is not OperationCanceledException || !cancellationToken.IsCancellationRequested)
        {
            logger.AuditNotKept(e);
            return false;
        }
    }

    private async Task SignAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var keys = keyFile.Read(makes: true);
            await new AuditSigning(audit, heads, keys, setting.Time).SignAsync(cancellationToken);
            setting.Writing.NoteSigned(null);
        }
        catch (AuditBrokenException e)
        {
            setting.Writing.NoteSigned(e.Message);
            logger.AuditBroken(e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or FormatException)
        {
            setting.Writing.NoteSigned($"no head can be signed: {e.Message}");
            throw;
        }
    }

    private async Task NoteAsync(string act, string outcome, string? detail, CancellationToken cancellationToken)
    {
        using var id = Correlations.Ensure(act);
        await audit.AppendAsync(new AuditEntry(setting.Time.GetUtcNow(), Who, act, $"{Environment.MachineName}, process {Environment.ProcessId}", null, outcome, detail, Correlations.Present), cancellationToken);
    }
}

/// <summary>What keeping the audit goes by.</summary>
internal sealed class AuditSetting(IOptions<AuditOptions> options, IConfiguration configuration, AuditWriting writing, TimeProvider time, ConfiguredSections sections)
{
    public AuditOptions Options => options.Value;

    public AuditWriting Writing => writing;

    public TimeProvider Time => time;

    /// <summary>The configuration of this start.</summary>
    public string Start => StartRecord.Of(configuration, sections.Names);
}

/// <summary>Sections of the configuration that the product reads.</summary>
internal sealed record ConfiguredSections(IReadOnlyList<string> Names);
