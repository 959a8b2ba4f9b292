namespace OpsPortal.Adapters.Aws.S3;

/// <summary>The service's clock minus ours, from the Date of its answers. Addresses are signed by the service's clock, or they would end too soon, or not have begun.</summary>
internal sealed class S3Clock(TimeProvider time)
{
    // Date has whole seconds, and the answer was some time on its way.
    private static readonly TimeSpan Unclear = TimeSpan.FromSeconds(2);

    // A machine that keeps time is never off so far; S3 refuses at 15 minutes.
    private static readonly TimeSpan Reported = TimeSpan.FromMinutes(1);

    private long _offsetTicks;

    public TimeSpan Offset => new(Interlocked.Read(ref _offsetTicks));

    /// <summary>Now, by the service's clock.</summary>
    public DateTimeOffset ServiceNow => time.GetUtcNow() + Offset;

    /// <summary>In words; null while the clocks agree.</summary>
    public string? Problem => Offset.Duration() < Reported
        ? null
        : $"This machine's clock is {Offset.Duration().TotalSeconds:0} s {(Offset > TimeSpan.Zero ? "behind" : "ahead of")} S3's. Links and requests are signed by S3's clock meanwhile; set this machine's.";

    public void Note(HttpResponseMessage response)
    {
        if (response.Headers.Date is { } theirs)
        {
            var offset = theirs - time.GetUtcNow();
            Interlocked.Exchange(ref _offsetTicks, offset.Duration() < Unclear ? 0 : offset.Ticks);
        }
    }
}
