using System.Text.Json.Nodes;
using OpsPortal.Adapters.Aws.OpenSearch.Client;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;

namespace OpsPortal.Adapters.Aws.OpenSearch.Feed;

/// <summary>Asks for what has not been seen yet: what lies behind the frontier, and what has turned up in the gaps.</summary>
internal static class UnseenQuery
{
    // OpenSearch takes 1,024 clauses in all and 65,536 terms in one. Where there are more gaps, those closest together are asked for as
    // one, and what was seen among them is passed over when it comes again.
    private const int MostRanges = 64;
    private const int MostSpelledOut = 2_000;
    private const int LongestSpelledOut = 16;

    /// <summary>Of one index.</summary>
    public static JsonNode Of(SeenNumbers seen)
    {
        var spans = Merge([.. seen.Gaps.Select(gap => (gap.From, gap.To))]);
        var numbers = spans.Where(IsShort).SelectMany(span => Enumerable.Range(0, (int)(span.To - span.From + 1)).Select(i => (JsonNode)JsonValue.Create(span.From + i))).ToList();
        List<JsonNode> any = [Query.Between(Field.ShardNumber, seen.Frontier + 1, null)];
        any.AddRange(spans.Where(span => !IsShort(span)).Select(span => Query.Between(Field.ShardNumber, span.From, span.To + 1)));
        if (numbers.Count > 0)
        {
            any.Add(Query.OneOf(Field.ShardNumber, numbers));
        }

        return Query.Any(any);
    }

    private static bool IsShort((long From, long To) span) => span.To - span.From < LongestSpelledOut;

    private static List<(long From, long To)> Merge(List<(long From, long To)> spans)
    {
        for (var distance = 1L; spans.Count > MostSpelledOut || spans.Count(span => !IsShort(span)) > MostRanges; distance *= 4)
        {
            var merged = new List<(long From, long To)>();
            foreach (var span in spans)
            {
                if (merged.Count > 0 && span.From - merged[^1].To <= distance)
                {
                    merged[^1] = (merged[^1].From, span.To);
                }
                else
                {
                    merged.Add(span);
                }
            }

            spans = merged;
        }

        return spans;
    }
}
