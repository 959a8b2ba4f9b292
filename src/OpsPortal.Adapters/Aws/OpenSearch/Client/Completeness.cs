namespace OpsPortal.Adapters.Aws.OpenSearch.Client;

/// <summary>Whether an answer holds all that was asked for. OpenSearch says success also when shards have failed.</summary>
internal static class Completeness
{
    /// <summary>What is missing, in words; null when nothing is.</summary>
    public static string? ProblemOf<T>(SearchAnswer<T> answer) => answer switch
    {
        { TimedOut: true } => "the search ran out of time",
        { Shards: null } or { Hits: null } => "it says neither shards nor hits",
        // Shards without a copy are missing from both counts of some versions: what counts is how many answered.
        { Shards: var shards } when shards.Failed > 0 || shards.Successful < shards.Total => Missing(shards),
        _ => null,
    };

    private static string Missing(ShardsAnswer shards)
    {
        var said = shards.Failures is { ValueKind: System.Text.Json.JsonValueKind.Array } failures && failures.GetArrayLength() > 0
            ? $" ({Index(failures[0])}{Reason(failures[0])})"
            : "";
        return $"{shards.Total - shards.Successful} of {shards.Total} shards did not answer{said}";
    }

    private static string Index(System.Text.Json.JsonElement failure) =>
        failure.TryGetProperty("index", out var index) ? $"{index}: " : "";

    private static string Reason(System.Text.Json.JsonElement failure) =>
        failure.TryGetProperty("reason", out var reason) ? ErrorReader.Read(reason).ToString() : "no reason given";
}
