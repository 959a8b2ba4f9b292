using System.Globalization;
using System.Text.Json.Nodes;

namespace OpsPortal.Tests.Kit.OpenSearch;

/// <summary>Searching what is visible: order, pages, parts of documents, sums.</summary>
internal static class StubSearch
{
    private const int LargestWindow = 10_000;
    private const int CountedUpTo = 10_000;

    private static readonly HashSet<string> Known = ["size", "from", "query", "sort", "search_after", "_source", "aggs", "seq_no_primary_term", "pit", "track_total_hits"];

    /// <param name="indices">Those that are asked.</param>
    /// <param name="visible">What each of them shows.</param>
    public static JsonObject Answer(JsonObject body, IReadOnlyList<StubIndex> indices, Func<StubIndex, IReadOnlyCollection<StubDocument>> visible)
    {
        Demand(body, indices);
        var sort = Sort(body["sort"], indices);
        var found = indices.SelectMany(visible).Where(document => StubQuery.Matches(body["query"], document)).ToList();
        var countsAll = body["track_total_hits"] is JsonValue all && all.ToString() == "true";
        var hits = Order(countsAll ? found : FirstByOne(found, sort, body["search_after"]), sort, body["search_after"]?.AsArray()).Skip((int?)body["from"] ?? 0).Take((int?)body["size"] ?? 10).Select(hit => Hit(hit, sort, body)).ToArray();
        var total = countsAll ? found.Count : Math.Min(found.Count, CountedUpTo);
        var answer = new JsonObject
        {
            ["took"] = 1,
            ["timed_out"] = false,
            ["_shards"] = Shards(indices.Sum(index => index.Shards)),
            ["hits"] = new JsonObject
            {
                ["total"] = new JsonObject { ["value"] = total, ["relation"] = total == found.Count ? "eq" : "gte" },
                ["max_score"] = indices.Count == 0 ? JsonNode.Parse("0.0") : null,
                ["hits"] = new JsonArray([.. hits]),
            },
        };
        if (body["aggs"] is JsonObject sums)
        {
            answer["aggregations"] = new JsonObject(sums.OrderBy(sum => sum.Key, StringComparer.Ordinal).Select(sum => KeyValuePair.Create(sum.Key, (JsonNode?)Sum(sum.Value!.AsObject(), found))));
        }

        return answer;
    }

    public static JsonObject Shards(int total) => new() { ["total"] = total, ["successful"] = total, ["skipped"] = 0, ["failed"] = 0 };

    private static void Demand(JsonObject body, IReadOnlyList<StubIndex> indices)
    {
        foreach (var (name, _) in body.Where(part => !Known.Contains(part.Key)))
        {
            throw new StubError(400, "parsing_exception", $"Unknown key for a VALUE in [{name}].");
        }

        if (((int?)body["from"] ?? 0) + ((int?)body["size"] ?? 10) is var window and > LargestWindow)
        {
            throw StubError.AllShards(400, "illegal_argument_exception", $"Result window is too large, from + size must be less than or equal to: [{LargestWindow}] but was [{window}].");
        }

        foreach (var index in indices)
        {
            // What is wrong with a query is said also where there is nothing to find.
            StubQuery.Matches(body["query"], new StubDocument(index, "", 1, 0, 1, 0, [], default, default));
        }
    }

    private static List<(string Field, bool Descending)> Sort(JsonNode? sort, IReadOnlyList<StubIndex> indices)
    {
        var fields = new List<(string, bool)>();
        foreach (var part in StubMapping.Each(sort))
        {
            var (field, how) = part!.AsObject().Single();
            var isKnown = indices.All(index => field switch
            {
                "_seq_no" => index.WasWritten,
                "_id" or "_index" => true,
                _ => index.Mapping.Knows(field),
            });
            if (!isKnown && (how as JsonObject)?["unmapped_type"] is null)
            {
                throw StubError.AllShards(400, "query_shard_exception", $"No mapping found for [{field}] in order to sort on");
            }

            foreach (var index in indices)
            {
                index.Mapping.DemandSearchable(field);
            }

            fields.Add((field, (how is JsonObject inner ? (string?)inner["order"] : (string?)how) == "desc"));
        }

        return fields;
    }

    // As 3.0 and 3.1 do: of more than are counted, the first by the first field alone, in the order of their arrival among equals.
    private static List<StubDocument> FirstByOne(List<StubDocument> found, List<(string Field, bool Descending)> sort, JsonNode? after)
    {
        if (sort.Count < 2 || after is not null || found.Count <= CountedUpTo)
        {
            return found;
        }

        var (field, descending) = sort[0];
        return [.. found.OrderBy(document => Key(document, field), Comparer<object?>.Create((left, right) => Compare(left, right, descending))).ThenBy(document => document.Number).Take(CountedUpTo)];
    }

    private static IEnumerable<StubDocument> Order(List<StubDocument> found, List<(string Field, bool Descending)> sort, JsonArray? after)
    {
        if (after is not null && after.Count != sort.Count)
        {
            throw new StubError(400, "illegal_argument_exception", $"search_after has {after.Count} value(s) but sort has {sort.Count}.");
        }

        found.Sort((left, right) => sort.Select(by => Compare(Key(left, by.Field), Key(right, by.Field), by.Descending)).FirstOrDefault(order => order != 0));
        return after is null ? found : found.Where(document => sort.Select((by, i) => Compare(Key(document, by.Field), after[i] is { } value ? StubQuery.Comparable(document, by.Field, value) : null, by.Descending)).FirstOrDefault(order => order != 0) > 0);
    }

    private static object? Key(StubDocument document, string field) => document.Values(field).FirstOrDefault();

    // What has no value comes last, whichever way.
    private static int Compare(object? left, object? right, bool descending) => (left, right) switch
    {
        (null, null) => 0,
        (null, _) => 1,
        (_, null) => -1,
        _ => descending ? -StubQuery.Compare(left, right) : StubQuery.Compare(left, right),
    };

    private static JsonObject Hit(StubDocument document, List<(string Field, bool Descending)> sort, JsonObject body)
    {
        var hit = new JsonObject { ["_index"] = document.Index.Name, ["_id"] = document.Id };
        if (body["seq_no_primary_term"] is not null)
        {
            (hit["_seq_no"], hit["_primary_term"]) = (document.Number, document.Term);
        }

        hit["_score"] = sort.Count > 0 ? null : 1.0;
        if (Part(document.Source, body["_source"]) is { } source)
        {
            hit["_source"] = source;
        }

        if (sort.Count > 0)
        {
            hit["sort"] = new JsonArray([.. sort.Select(by => Key(document, by.Field) switch { string text => JsonValue.Create(text), long whole => JsonValue.Create(whole), double part => JsonValue.Create(part), _ => (JsonNode?)null })]);
        }

        return hit;
    }

    private static JsonObject? Part(JsonObject source, JsonNode? wanted)
    {
        if (wanted is null)
        {
            return (JsonObject)source.DeepClone();
        }

        if (wanted is not JsonArray paths)
        {
            return null;
        }

        var part = new JsonObject();
        foreach (var path in paths.Select(path => path!.ToString().Split('.')))
        {
            if (source[path[0]] is { } value)
            {
                part[path[0]] = path.Length == 1 ? value.DeepClone() : new JsonObject(value.AsObject().Where(inner => inner.Key == path[1]).Select(inner => KeyValuePair.Create(inner.Key, inner.Value?.DeepClone())));
            }
        }

        return part;
    }

    private static JsonObject Sum(JsonObject sum, List<StubDocument> found)
    {
        var (kind, body) = sum.Single();
        var field = (string)body!["field"]!;
        return kind switch
        {
            "terms" => new JsonObject
            {
                ["doc_count_error_upper_bound"] = 0,
                ["sum_other_doc_count"] = 0,
                ["buckets"] = new JsonArray([.. found.SelectMany(document => document.Values(field)).CountBy(value => value).OrderByDescending(count => count.Value).Take((int?)body["size"] ?? 10)
                    .Select(count => new JsonObject { ["key"] = count.Key.ToString(), ["doc_count"] = count.Value })]),
            },
            "date_histogram" => new JsonObject
            {
                ["buckets"] = new JsonArray([.. found.SelectMany(document => document.Values(field)).CountBy(value => (long)value / 60_000 * 60_000).OrderBy(count => count.Key)
                    .Select(count => new JsonObject { ["key_as_string"] = DateTimeOffset.FromUnixTimeMilliseconds(count.Key).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture), ["key"] = count.Key, ["doc_count"] = count.Value })]),
            },
            _ => throw new StubError(400, "parsing_exception", $"Unknown aggregation type [{kind}]"),
        };
    }
}
