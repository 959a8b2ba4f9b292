using System.Text.Json.Nodes;
using OpsPortal.Adapters.Aws.OpenSearch.Indices;
using OpsPortal.Core.Access;

namespace OpsPortal.Adapters.Aws.OpenSearch.Client;

/// <summary>
/// One search. The scope is asked for where it is made and becomes a filter here, in one place, so that none can be forgotten: what is
/// outside it looks like what is not there.
/// </summary>
internal sealed class Search
{
    /// <summary>OpenSearch gives no larger page (index.max_result_window).</summary>
    public const int LargestPage = 10_000;

    private readonly List<JsonNode> _filters = [];
    private readonly JsonArray _sort = [];
    private JsonArray? _after;
    private JsonNode? _source;
    private JsonObject? _sums;
    private bool _withNumbers;

    public Search(IndexFamily family, Scope scope)
    {
        Family = family;
        Narrow(Field.Depot, scope.Depots);
        Narrow(Field.Line, scope.Lines);
        Narrow(Field.Class, scope.Classes);
    }

    public IndexFamily Family { get; }

    public int Size { get; private set; } = 10;

    public Search Where(JsonNode query)
    {
        _filters.Add(query);
        return this;
    }

    /// <summary>Adds the query that is made of the value, if there is one.</summary>
    public Search WhereIf<T>(T? value, Func<T, JsonNode> query)
        where T : class => value is null ? this : Where(query(value));

    public Search By(string field, bool descending = false)
    {
        // Said for indices that hold no document yet: some versions know no _seq_no there and refuse to sort by it.
        _sort.Add(new JsonObject { [field] = new JsonObject { ["order"] = descending ? "desc" : "asc", ["unmapped_type"] = field is Field.Train or Field.Id ? "keyword" : "long" } });
        return this;
    }

    /// <summary>Goes on behind these values of the fields sorted by.</summary>
    public Search After(JsonArray? values)
    {
        _after = values;
        return this;
    }

    public Search Take(int size)
    {
        Size = Math.Min(size, LargestPage);
        return this;
    }

    /// <summary>Only these parts of the documents; none of them when none are named.</summary>
    public Search Only(params string[] fields)
    {
        _source = fields.Length == 0 ? JsonValue.Create(false) : new JsonArray([.. fields.Select(field => JsonValue.Create(field))]);
        return this;
    }

    /// <summary>With each document's sequence number.</summary>
    public Search WithNumbers()
    {
        _withNumbers = true;
        return this;
    }

    /// <summary>How many documents there are of each value.</summary>
    public Search CountBy(string field, int most)
    {
        _sums = new JsonObject { ["counts"] = new JsonObject { ["terms"] = new JsonObject { ["field"] = field, ["size"] = most } } };
        return Take(0);
    }

    public JsonObject ToJson(string? pointInTime = null)
    {
        var json = new JsonObject
        {
            ["size"] = Size,
            ["query"] = Query.All(_filters.Select(filter => filter.DeepClone())),
        };
        Set(json, "sort", _sort.Count > 0 ? _sort : null);
        Set(json, "search_after", _after);
        // By the first field alone OpenSearch 3.0 and 3.1 choose the first 10,000 unless all are counted: wrong among equals (OpenSearch#18763).
        Set(json, "track_total_hits", _sort.Count > 1 ? JsonValue.Create(true) : null);
        Set(json, "_source", _source);
        Set(json, "aggs", _sums);
        Set(json, "seq_no_primary_term", _withNumbers ? JsonValue.Create(true) : null);
        Set(json, "pit", pointInTime is null ? null : new JsonObject { ["id"] = pointInTime, ["keep_alive"] = "1m" });
        return json;
    }

    private static void Set(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
        {
            json[name] = value.DeepClone();
        }
    }

    private void Narrow(string field, IReadOnlySet<string>? names)
    {
        if (names is not null)
        {
            Where(Query.OneOf(field, names));
        }
    }
}
