using System.Diagnostics;

namespace OpsPortal.Core.Audit;

/// <summary>The id that ties an act to what it caused: the trace's, which also stands in problem details, in the log, and in the user agent of requests to AWS.</summary>
public static class Correlations
{
    /// <summary>The id of what is going on here, or null outside of any request.</summary>
    public static string? Present => Activity.Current?.TraceId.ToHexString();

    /// <summary>Makes sure that what follows has an id: a new one where there is none.</summary>
    /// <returns>To be disposed when done; null where there was one.</returns>
    public static Activity? Ensure(string name) => Activity.Current is null ? Continue(name, null) : null;

    /// <summary>Goes on under the id of an act that was done before, so that what is done now is found together with it; without one, under a new id.</summary>
    /// <returns>To be disposed when done.</returns>
    public static Activity Continue(string name, string? correlation)
    {
        var activity = new Activity(name).SetIdFormat(ActivityIdFormat.W3C);
        if (correlation is { Length: 32 } && correlation.All(char.IsAsciiHexDigitLower) && correlation.Any(digit => digit != '0'))
        {
            activity.SetParentId(ActivityTraceId.CreateFromString(correlation), ActivitySpanId.CreateRandom());
        }

        return activity.Start();
    }
}
