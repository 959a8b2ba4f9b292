namespace OpsPortal.Core.Detection;

/// <summary>What the pipeline has done since the process started: for health, never for decisions.</summary>
public sealed class PipelineFigures
{
    private readonly Lock _lock = new();
    private PipelineSnapshot _now = new(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, null, 0, 0, 0, null);

    /// <summary>The figures at this moment.</summary>
    public PipelineSnapshot Now
    {
        get
        {
            lock (_lock)
            {
                return _now;
            }
        }
    }

    /// <summary>Changes the figures; <paramref name="change"/> runs under the lock and must be quick.</summary>
    public void Change(Func<PipelineSnapshot, PipelineSnapshot> change)
    {
        lock (_lock)
        {
            _now = change(_now);
        }
    }
}

/// <summary>Counts since the process started; a message is counted again when it is read again after a kill.</summary>
/// <param name="Received">Records read from the source. Received = Kept + SetAside + Presence.</param>
/// <param name="Kept">Messages whose readings were kept.</param>
/// <param name="SetAside">Messages set aside with a reason (duplicates among them).</param>
/// <param name="Presence">Presence records taken.</param>
/// <param name="Late">Kept, but arrived later than the late limit.</param>
/// <param name="OutOfOrder">Kept, but measured before a message that was already there.</param>
/// <param name="Duplicates">Set aside because the same message had been there.</param>
/// <param name="BadPositions">Positions left out; the message's readings were kept.</param>
/// <param name="Jumps">Positions kept that no train can have come to in the time since its last one; maps draw it there at once.</param>
/// <param name="BadReadings">Single readings, speeds and headings left out because they are no numbers, or none that a train can have.</param>
/// <param name="UnknownFields">Fields ignored (they are in raw).</param>
/// <param name="Ahead">Kept, but measured ahead of our clock by more than a few seconds: the train's clock is fast.</param>
/// <param name="OutOfRange">Readings kept that the sensor's instrument cannot give: a changed unit, a broken sensor.</param>
/// <param name="Unregistered">Kept messages of trains that nobody registered.</param>
/// <param name="Anomalies">Anomalies found.</param>
/// <param name="LastBatchAt">When the last batch was kept, UTC.</param>
/// <param name="SourceOffset">Offset of the last record kept.</param>
/// <param name="NewestOffset">Newest offset in the source when last looked: the difference is the lag in records.</param>
/// <param name="CommittedOffset">Committed to the source (with the detector's snapshot).</param>
/// <param name="Problem">What keeps the pipeline from going on, in words; null while it runs.</param>
public sealed record PipelineSnapshot(
    long Received,
    long Kept,
    long SetAside,
    long Presence,
    long Late,
    long OutOfOrder,
    long Duplicates,
    long BadPositions,
    long Jumps,
    long BadReadings,
    long UnknownFields,
    long Ahead,
    long OutOfRange,
    long Unregistered,
    long Anomalies,
    DateTimeOffset? LastBatchAt,
    long SourceOffset,
    long NewestOffset,
    long CommittedOffset,
    string? Problem);
