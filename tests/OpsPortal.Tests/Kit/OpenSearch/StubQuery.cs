using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpsPortal.Tests.Kit.OpenSearch;

/// <summary>The queries that the stub knows; another is refused, as a real server refuses what it does not know.</summary>
internal static class StubQuery
{
    private const int MostClauses = 1_024;
    private const int MostTerms = 65_536;

    public static bool Matches(JsonNode? query, StubDocument document)
    {
        if (query is null)
        {
            return true;
        }

        var (kind, body) = query.AsObject().Single();
        return kind switch
        {
            "match_all" => true,
            "bool" => Bool(body!.AsObject(), document),
            "term" => Field(body, out var field) is var wanted && Any(document, field, value => Same(value, Comparable(document, field, wanted is JsonObject inner ? inner["value"]! : wanted))),
            "terms" => Terms(body, document),
            "range" => Range(body, document),
            "exists" => document.Values((string)body!["field"]!).Any(),
            "nested" => Matches(body!["query"], document),
            _ => throw new StubError(400, "parsing_exception", $"unknown query [{kind}]"),
        };
    }

    public static object Comparable(StubDocument document, string field, JsonNode value) =>
        field is "_seq_no" ? StubMapping.Number(value) : document.Index.Mapping.Comparable(field, value);

    public static int Compare(object left, object right) => (left, right) switch
    {
        (string a, string b) => string.CompareOrdinal(a, b),
        (long a, long b) => a.CompareTo(b),
        (string, _) => 1,
        (_, string) => -1,
        _ => Convert.ToDouble(left, null).CompareTo(Convert.ToDouble(right, null)),
    };

    private static bool Bool(JsonObject body, StubDocument document)
    {
        foreach (var (part, _) in body)
        {
            if (part is not ("filter" or "must" or "must_not" or "should" or "minimum_should_match"))
            {
                throw new StubError(400, "parsing_exception", $"[bool] query does not support [{part}]");
            }
        }

        var should = Clauses(body["should"]);
        return Clauses(body["filter"]).Concat(Clauses(body["must"])).All(clause => Matches(clause, document))
            && !Clauses(body["must_not"]).Any(clause => Matches(clause, document))
            && (should.Count == 0 || body["minimum_should_match"] is null || should.Any(clause => Matches(clause, document)));
    }

    private static List<JsonNode?> Clauses(JsonNode? part)
    {
        List<JsonNode?> clauses = part is JsonArray array ? [.. array] : part is null ? [] : [part];
        return clauses.Count <= MostClauses ? clauses : throw StubError.AllShards(400, "too_many_clauses", $"maxClauseCount is set to {MostClauses}");
    }

    private static bool Terms(JsonNode? body, StubDocument document)
    {
        var wanted = Field(body, out var field).AsArray();
        if (wanted.Count > MostTerms)
        {
            throw StubError.AllShards(400, "illegal_argument_exception", $"The number of terms [{wanted.Count}] used in the Terms Query request has exceeded the allowed maximum of [{MostTerms}].");
        }

        return wanted.Count > 0 && Any(document, field, value => wanted.Any(one => Same(value, Comparable(document, field, one!))));
    }

    private static bool Range(JsonNode? body, StubDocument document)
    {
        var bounds = Field(body, out var field).AsObject();
        if (document.Index.Mapping.TypeOf(field) == "date" && bounds.Select(bound => bound.Value).FirstOrDefault(bound => bound?.GetValueKind() == JsonValueKind.Number && (long)bound < 0) is { } early)
        {
            throw StubError.AllShards(400, "parse_exception", $"failed to parse date field [{early}] with format [strict_date_optional_time||epoch_millis]: [long overflow]");
        }

        return Any(document, field, value => bounds.All(bound => bound.Value is null || (Compare(value, Comparable(document, field, bound.Value)), bound.Key) switch
        {
            (var order, "gte") => order >= 0,
            (var order, "gt") => order > 0,
            (var order, "lte") => order <= 0,
            (var order, "lt") => order < 0,
            _ => throw new StubError(400, "parsing_exception", $"[range] query does not support [{bound.Key}]"),
        }));
    }

    private static JsonNode Field(JsonNode? body, out string field)
    {
        var (name, value) = body!.AsObject().Single();
        field = name;
        return value!;
    }

    private static bool Any(StubDocument document, string field, Func<object, bool> matches)
    {
        document.Index.Mapping.DemandSearchable(field);
        return document.Values(field).Any(matches);
    }

    private static bool Same(object left, object right) => left is string == right is string && Compare(left, right) == 0;
}
