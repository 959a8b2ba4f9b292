using OpsPortal.Core.Fleet;

namespace OpsPortal.Adapters.Simulated.Recordings;

/// <summary>What is known of a recording before it is played: read through once.</summary>
/// <param name="Trains">Every train in it, as it is first named.</param>
/// <param name="Duration">From its first row played to its last, by its own times.</param>
internal sealed record RecordingSurvey(IReadOnlyList<Train> Trains, TimeSpan Duration)
{
    public static RecordingSurvey Of(RecordingFile file, TimeSpan from)
    {
        using var reader = new RecordingReader(file, from);
        if (!reader.Next())
        {
            return new RecordingSurvey([], TimeSpan.Zero);
        }

        var first = reader.MeasuredAt;
        while (reader.Next())
        {
        }

        return new RecordingSurvey([.. reader.Runs.Select(run => run.Train)], reader.MeasuredAt - first);
    }
}
