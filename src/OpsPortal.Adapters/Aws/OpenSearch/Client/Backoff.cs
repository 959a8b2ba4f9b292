using OpsPortal.Adapters.Aws.Signing;

namespace OpsPortal.Adapters.Aws.OpenSearch.Client;

/// <summary>Waits between attempts at what an answer left open: doubling, with chance in them and an end.</summary>
internal static class Backoff
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(5);

    /// <param name="attempt">0 for the first.</param>
    public static TimeSpan After(int attempt, AwsChance chance)
    {
        var doubled = First * Math.Pow(2, attempt);
        return (doubled < Longest ? doubled : Longest) * (0.5 + (chance.Next() / 2));
    }
}
