using System.Globalization;
using System.Text.Json.Nodes;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Kit.OpenSearch;

/// <summary>Which request is what.</summary>
internal sealed class StubRoutes(StubIndices indices, StubWrites writes)
{
    private readonly Dictionary<string, (List<StubIndex> Indices, Dictionary<string, IReadOnlyCollection<StubDocument>> Visible)> _views = new(StringComparer.Ordinal);

    public JsonObject Root { get; set; } = new()
    {
        ["name"] = "stub",
        ["cluster_uuid"] = "the first",
        ["version"] = new JsonObject { ["distribution"] = "opensearch", ["number"] = "3.0.0-SNAPSHOT" },
        ["tagline"] = "The OpenSearch Project: https://opensearch.org/",
    };

    public Func<string, bool> BrokenShards { get; set; } = _ => false;

    public (int Status, JsonNode Answer) Answer(ReceivedRequest request, string body)
    {
        var path = request.Path.Trim('/').Split('/');
        return (request.Method, path) switch
        {
            ("GET", [""]) => (200, Root.DeepClone()),
            ("GET", ["_cluster", "health", .. var index]) => Health(index, request.Parameter("wait_for_status") is not null),
            (_, ["_cluster", "health"]) => (405, new JsonObject { ["error"] = $"Incorrect HTTP method for uri [{request.Path}] and method [{request.Method}], allowed: [GET]", ["status"] = 405 }),
            ("GET", ["_cluster", "state", "metadata", var pattern]) => (200, Terms(indices.Matching(pattern))),
            ("GET", ["_cat", "indices", var pattern]) => (200, indices.Rows(pattern)),
            ("GET", ["_cat", "nodes"]) => (200, new JsonArray(new JsonObject { ["name"] = "peer-1", ["heap.percent"] = "33", ["disk.used_percent"] = "78.88" })),
            ("PUT", ["_index_template", var name]) => PutTemplate(name, body, request),
            ("GET", ["_index_template", var name]) => (200, indices.GetTemplates(name)),
            ("DELETE", ["_index_template", var name]) => Acknowledged(() => indices.DeleteTemplates(name)),
            ("POST", ["_bulk"]) => Bulk(body, null, request),
            ("POST", ["_mget"]) => (200, new JsonObject { ["docs"] = new JsonArray([.. Parse(body)["docs"]!.AsArray().Select(wanted => Present((string)wanted!["_index"]!, (string)wanted["_id"]!))]) }),
            ("POST", ["_search"]) => (200, SearchInView(Parse(body))),
            ("DELETE", ["_search", "point_in_time"]) => (200, CloseViews(Parse(body))),
            ("GET", ["_alias", var alias]) => (200, Aliases(alias)),
            ("POST", ["_aliases"]) => Alias(Parse(body)),
            ("PUT", [var index]) => (200, Created(indices.Create(index, body.Length > 0 ? Parse(body) : null))),
            ("DELETE", [var index]) when !index.StartsWith('_') => Delete(index),
            (_, [var index, .. var rest]) when !index.StartsWith('_') => Answer(request, index, rest, body),
            _ => (400, new JsonObject { ["error"] = $"no handler found for uri [{request.Target}] and method [{request.Method}]" }),
        };
    }

    private (int Status, JsonNode Answer) Answer(ReceivedRequest request, string index, string[] rest, string body) => (request.Method, rest) switch
    {
        ("POST", ["_search"]) => (200, Search(Parse(body.Length > 0 ? body : "{}"), indices.Resolve(index))),
        ("POST", ["_search", "point_in_time"]) => (200, OpenView(index)),
        ("POST", ["_count"]) => (200, Count(Parse(body), indices.Resolve(index))),
        ("POST", ["_refresh"]) => (200, Refresh(index)),
        ("POST", ["_bulk"]) => Bulk(body, index, request),
        ("POST", ["_mget"]) => (200, new JsonObject { ["docs"] = new JsonArray([.. Parse(body)["ids"]!.AsArray().Select(id => Present(index, id!.ToString()))]) }),
        ("PUT", ["_mapping"]) => Acknowledged(() => Existing(index).Mapping.Merge(Parse(body))),
        ("PUT", ["_settings"]) => Acknowledged(() => Put(Existing(index), Parse(body))),
        ("GET", ["_mapping"]) => (200, new JsonObject { [index] = new JsonObject { ["mappings"] = Existing(index).Mapping.ToJson() } }),
        ("PUT", ["_create", var id]) => Single("create", index, id, body, request),
        ("PUT", ["_doc", var id]) => Single("index", index, id, body, request),
        ("POST", ["_update", var id]) => Update(index, id, Parse(body)),
        ("GET", ["_doc", var id]) => One(index, id),
        ("POST", ["_close"]) => Close(index, true),
        ("POST", ["_open"]) => Close(index, false),
        ("POST", ["_rollover", var next]) => Rollover(index, next),
        _ => (400, new JsonObject { ["error"] = $"no handler found for uri [{request.Target}] and method [{request.Method}]" }),
    };

    private static JsonObject Parse(string body) => JsonNode.Parse(body)!.AsObject();

    // A wait that is asked for is the stub's, which asks again until it is over.
    private (int, JsonNode) Health(string[] index, bool waits)
    {
        var isThere = index.Length == 0 || index[0].Contains('*', StringComparison.Ordinal) || indices.IsThere(index[0]);
        var isStarted = isThere && (index.Length == 0 ? indices.All : indices.Resolve(index[0])).All(one => one.IsStarted);
        var timedOut = !isThere || (waits && !isStarted);
        return (timedOut ? 408 : 200, new JsonObject { ["status"] = isStarted ? "green" : "red", ["timed_out"] = timedOut, ["number_of_nodes"] = 1, ["number_of_data_nodes"] = 1 });
    }

    // As far as it is asked for.
    private static JsonObject Terms(IReadOnlyList<StubIndex> found) => found.Count == 0 ? [] : new JsonObject
    {
        ["metadata"] = new JsonObject { ["indices"] = new JsonObject(found.Select(index => KeyValuePair.Create(index.Name, (JsonNode?)new JsonObject { ["primary_terms"] = new JsonObject(Enumerable.Range(0, index.Shards).Select(shard => KeyValuePair.Create($"{shard}", (JsonNode?)index.Term))) }))) },
    };

    private (int, JsonNode) PutTemplate(string name, string body, ReceivedRequest request) =>
        Acknowledged(() => indices.PutTemplate(name, Parse(body), request.Parameter("create") == "true"));

    private (int, JsonNode) Bulk(string body, string? index, ReceivedRequest request)
    {
        var answer = writes.Bulk(body, index);
        if (request.Parameter("refresh") is "true" or "wait_for")
        {
            indices.All.ToList().ForEach(one => one.Refresh());
        }

        return (200, answer);
    }

    private JsonObject Search(JsonObject body, IReadOnlyList<StubIndex> asked)
    {
        if (asked.FirstOrDefault(index => !index.IsStarted) is { } starting)
        {
            throw new StubError(503, "search_phase_execution_exception", $"Search rejected due to missing shards [[{starting.Name}][0]]. Consider using `allow_partial_search_results` setting to bypass this error.");
        }

        var broken = asked.Where(index => BrokenShards(index.Name)).ToList();
        var answer = StubSearch.Answer(body, [.. asked.Except(broken)], index => index.Visible());
        if (broken.Count > 0)
        {
            var failed = broken.Sum(index => index.Shards);
            answer["_shards"] = new JsonObject
            {
                ["total"] = asked.Sum(index => index.Shards),
                ["successful"] = asked.Sum(index => index.Shards) - failed,
                ["skipped"] = 0,
                ["failed"] = failed,
                ["failures"] = new JsonArray([.. broken.Select(index => new JsonObject { ["shard"] = 0, ["index"] = index.Name, ["reason"] = new JsonObject { ["type"] = "no_shard_available_action_exception", ["reason"] = "no copy of the shard is there" } })]),
            };
        }

        return answer;
    }

    private JsonObject OpenView(string pattern)
    {
        var asked = indices.Resolve(pattern).ToList();
        var id = Guid.NewGuid().ToString("N");
        _views[id] = (asked, asked.ToDictionary(index => index.Name, index => (IReadOnlyCollection<StubDocument>)[.. index.Visible()]));
        return new JsonObject { ["pit_id"] = id, ["_shards"] = StubSearch.Shards(asked.Sum(index => index.Shards)), ["creation_time"] = 0 };
    }

    private JsonObject SearchInView(JsonObject body)
    {
        var id = (string)body["pit"]!["id"]!;
        if (!_views.TryGetValue(id, out var view))
        {
            throw new StubError(404, "search_phase_execution_exception", "all shards failed");
        }

        var answer = StubSearch.Answer(body, view.Indices, index => view.Visible[index.Name]);
        answer["pit_id"] = id;
        return answer;
    }

    private JsonObject CloseViews(JsonObject body) => new()
    {
        ["pits"] = new JsonArray([.. body["pit_id"]!.AsArray().Select(id => new JsonObject { ["successful"] = _views.Remove(id!.ToString()), ["pit_id"] = id.ToString() })]),
    };

    private static JsonObject Count(JsonObject body, IReadOnlyList<StubIndex> asked) => new()
    {
        ["count"] = asked.SelectMany(index => index.Visible()).Count(document => StubQuery.Matches(body["query"], document)),
        ["_shards"] = StubSearch.Shards(asked.Sum(index => index.Shards)),
    };

    private JsonObject Refresh(string pattern)
    {
        var asked = indices.Resolve(pattern);
        asked.ToList().ForEach(index => index.Refresh());
        return new JsonObject { ["_shards"] = new JsonObject { ["total"] = asked.Sum(index => index.Shards * index.Copies), ["successful"] = asked.Sum(index => index.Shards), ["failed"] = 0 } };
    }

    private JsonObject Present(string index, string id)
    {
        if ((indices.Find(index) ?? indices.Behind(index)) is not { } found)
        {
            return new JsonObject { ["_index"] = index, ["_id"] = id, ["error"] = StubError.NoIndex(index).Inside() };
        }

        index = found.Name;

        if (!found.IsStarted)
        {
            return new JsonObject { ["_index"] = index, ["_id"] = id, ["error"] = new StubError(503, "no_shard_available_action_exception", $"No shard available for [get [{index}][{id}]: routing [null]]", ("index", index), ("shard", "0")).Inside() };
        }

        return found.Get(id) is { } document
            ? new JsonObject { ["_index"] = index, ["_id"] = id, ["_version"] = document.Version, ["_seq_no"] = document.Number, ["_primary_term"] = document.Term, ["found"] = true, ["_source"] = document.Source.DeepClone() }
            : new JsonObject { ["_index"] = index, ["_id"] = id, ["found"] = false };
    }

    private (int, JsonNode) One(string index, string id)
    {
        _ = indices.Find(index) ?? throw StubError.NoIndex(index, "index_expression");
        var document = Present(index, Uri.UnescapeDataString(id));
        return ((bool)document["found"]! ? 200 : 404, document);
    }

    private (int, JsonNode) Single(string act, string index, string id, string body, ReceivedRequest request)
    {
        var meta = new JsonObject();
        foreach (var name in new[] { "if_seq_no", "if_primary_term" })
        {
            meta[name] = request.Parameter(name) is { } value ? long.Parse(value, CultureInfo.InvariantCulture) : null;
        }

        var result = writes.Write(act, index, Uri.UnescapeDataString(id), Parse(body), meta);
        return ((string?)result["result"] == "created" ? 201 : 200, result);
    }

    private (int, JsonNode) Update(string index, string id, JsonObject body)
    {
        var present = Existing(index).Get(id) ?? throw new StubError(404, "document_missing_exception", $"[{id}]: document missing");
        var merged = (JsonObject)present.Source.DeepClone();
        foreach (var (name, value) in body["doc"]!.AsObject())
        {
            merged[name] = value?.DeepClone();
        }

        return (200, writes.Write("index", index, id, merged, []));
    }

    private JsonObject Aliases(string alias) =>
        new(indices.All.Where(index => index.Aliases.ContainsKey(alias)).Select(index => KeyValuePair.Create(index.Name, (JsonNode?)new JsonObject { ["aliases"] = new JsonObject { [alias] = index.Aliases[alias].DeepClone() } })));

    private (int, JsonNode) Alias(JsonObject body) => Acknowledged(() =>
    {
        foreach (var action in body["actions"]!.AsArray())
        {
            if (action!["remove_index"] is { } removed)
            {
                indices.Delete((string)removed["index"]!);
            }
            else
            {
                Existing((string)action["add"]!["index"]!).Aliases[(string)action["add"]!["alias"]!] = [];
            }
        }
    });

    private (int, JsonNode) Rollover(string alias, string next) => (200, new JsonObject
    {
        ["acknowledged"] = false,
        ["shards_acknowledged"] = false,
        ["old_index"] = indices.All.Last(index => index.Aliases.ContainsKey(alias)).Name,
        ["new_index"] = next,
        ["rolled_over"] = false,
        ["dry_run"] = true,
        ["conditions"] = new JsonObject { ["[max_docs: 1]"] = true },
    });

    private (int, JsonNode) Close(string index, bool close)
    {
        Existing(index).IsClosed = close;
        return (200, close
            ? new JsonObject { ["acknowledged"] = true, ["shards_acknowledged"] = true, ["indices"] = new JsonObject { [index] = new JsonObject { ["closed"] = true } } }
            : new JsonObject { ["acknowledged"] = true, ["shards_acknowledged"] = true });
    }

    private (int, JsonNode) Delete(string index) => Acknowledged(() => indices.Delete(index));

    private StubIndex Existing(string name) => indices.Find(name) ?? throw StubError.NoIndex(name);

    private static void Put(StubIndex index, JsonObject settings)
    {
        foreach (var (key, value) in StubIndex.Flat(settings))
        {
            index.Settings[key] = value;
        }
    }

    private static (int, JsonNode) Acknowledged(Action act)
    {
        act();
        return (200, new JsonObject { ["acknowledged"] = true });
    }

    private static JsonObject Created(StubIndex index) => new() { ["acknowledged"] = true, ["shards_acknowledged"] = true, ["index"] = index.Name };
}
