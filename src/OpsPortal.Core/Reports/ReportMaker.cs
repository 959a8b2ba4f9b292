using Microsoft.Extensions.Options;
using OpsPortal.Core.Access;

namespace OpsPortal.Core.Reports;

/// <summary>Makes reports; only so many at the same time, so that a warehouse is not asked to death.</summary>
public sealed class ReportMaker(ReportReading reading, IOptions<ReportOptions> options, TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _places = new(options.Value.AtOnce, options.Value.AtOnce);

    /// <summary>Makes one, and says what it was made from. Throws as <see cref="Warehouse.IWarehouse.RunAsync"/> does.</summary>
    public async Task<(Report Report, ReportFacts Facts)> MakeAsync(User user, ReportKind kind, ReportQuestion question, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            var facts = await reading.ReadAsync(user, question, kind == ReportKind.Data, cancellationToken);
            return (Of(kind, question, facts), facts);
        }
        finally
        {
            _places.Release();
        }
    }

    /// <summary>A question as of now.</summary>
    public ReportQuestion Ask(DateTimeOffset from, DateTimeOffset to, TimeZoneInfo zone, string? line, string? trainClass, string? trainId)
    {
        var now = time.GetUtcNow();
        return new ReportQuestion(from, to, zone, line, trainClass, trainId, now, now - options.Value.ExpectedAfter);
    }

    /// <summary>Why a report may be out of date; null when it is not.</summary>
    public string? Stale(ReportQuestion question, ReportFacts facts)
    {
        // A train's clock that runs ahead must not make old data look new.
        var newest = facts.Trains.Select(train => train.MeasuredAt).Where(at => at <= question.AsOf).Max();
        return newest is null || question.AsOf - newest <= options.Value.StaleAfter
            ? null
            : $"The newest reading in the warehouse was measured at {ReportWords.At(newest.Value, question.Zone)}: since then no train was heard, or the warehouse is behind.";
    }

    /// <summary>A report from facts.</summary>
    public static Report Of(ReportKind kind, ReportQuestion question, ReportFacts facts) => kind.Name switch
    {
        "data" => DataReport.Of(question, facts),
        "alerts" => AlertsReport.Of(question, facts),
        "response" => ResponseReport.Of(question, facts),
        _ => WorstReport.Of(question, facts),
    };

    public void Dispose() => _places.Dispose();
}
