using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpsPortal.Tests.Kit.OpenSearch;

/// <summary>Writing documents, one or many, with every condition the product uses.</summary>
internal sealed class StubWrites(StubIndices indices)
{
    private static readonly string[] Acts = ["create", "index", "update", "delete"];

    /// <summary>Gives a failure to single documents of a bulk; null lets the document through.</summary>
    public Func<string, string, StubError?> FailItem { get; set; } = (_, _) => null;

    /// <summary>How long a document stays hidden beyond the refresh.</summary>
    public Func<string, string, TimeSpan> Hold { get; set; } = (_, _) => TimeSpan.Zero;

    public JsonObject Bulk(string body, string? defaultIndex)
    {
        if (!body.EndsWith('\n'))
        {
            throw new StubError(400, "illegal_argument_exception", "The bulk request must be terminated by a newline [\\n]");
        }

        var lines = body[..^1].Split('\n');
        var items = new JsonArray();
        for (var i = 0; i < lines.Length; i++)
        {
            var (act, meta) = JsonNode.Parse(lines[i])!.AsObject().Single();
            if (!Acts.Contains(act))
            {
                throw new StubError(400, "illegal_argument_exception", $"Malformed action/metadata line [{i + 1}], expected one of [create, delete, index, update] but found [{act}]");
            }

            items.Add(new JsonObject { [act] = Item(act, meta!.AsObject(), act == "delete" ? null : lines[++i], defaultIndex) });
        }

        return new JsonObject { ["took"] = 1, ["errors"] = items.Any(item => item!.AsObject().Single().Value!["error"] is not null), ["items"] = items };
    }

    /// <summary>Writes one document.</summary>
    public JsonObject Write(string act, string index, string id, JsonObject source, JsonObject meta)
    {
        var target = indices.ForWriting(index);
        var present = target.Get(id);
        Check(act, id, meta, present, target);
        target.Mapping.Check(id, source);
        var document = target.Put(id, source, meta["version"]?.GetValue<long>() ?? (present?.Version ?? 0) + 1, Hold(index, id));
        return Result(document, present is null ? "created" : "updated", target.ShardCounts());
    }

    private JsonObject Item(string act, JsonObject meta, string? line, string? defaultIndex)
    {
        var index = (string?)meta["_index"] ?? defaultIndex ?? throw new StubError(400, "action_request_validation_exception", "Validation Failed: 1: index is missing;");
        var id = (string?)meta["_id"] ?? Guid.NewGuid().ToString("N");
        if (id.Length == 0 || System.Text.Encoding.UTF8.GetByteCount(id) > 512)
        {
            throw new StubError(400, "action_request_validation_exception", $"Validation Failed: 1: id [{id}] is too long, must be no longer than 512 bytes;");
        }

        try
        {
            if (FailItem(index, id) is { } failure)
            {
                throw failure;
            }

            var result = act == "delete" ? Delete(index, id) : Write(act, index, id, Parse(line!), meta);
            result["status"] = (string?)result["result"] switch { "created" => 201, "not_found" => 404, _ => 200 };
            return result;
        }
        catch (StubError e)
        {
            return new JsonObject { ["_index"] = index, ["_id"] = id, ["status"] = e.Status, ["error"] = e.Inside() };
        }
    }

    private static JsonObject Parse(string line)
    {
        try
        {
            return JsonNode.Parse(line)!.AsObject();
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new StubError(400, "mapper_parsing_exception", "failed to parse");
        }
    }

    private JsonObject Delete(string index, string id)
    {
        var target = indices.ForWriting(index);
        return target.Get(id) is null
            ? new JsonObject { ["_index"] = index, ["_id"] = id, ["_version"] = 1, ["result"] = "not_found", ["_shards"] = target.ShardCounts(), ["_seq_no"] = target.NextNumber(target.ShardOf(id)), ["_primary_term"] = target.Term }
            : Removed(target, target.Get(id)!);
    }

    private static JsonObject Removed(StubIndex target, StubDocument document)
    {
        target.Remove(document.Id);
        return new JsonObject { ["_index"] = target.Name, ["_id"] = document.Id, ["_version"] = document.Version + 1, ["result"] = "deleted", ["_shards"] = target.ShardCounts(), ["_seq_no"] = target.NextNumber(document.Shard), ["_primary_term"] = target.Term };
    }

    private static void Check(string act, string id, JsonObject meta, StubDocument? present, StubIndex index)
    {
        if (act == "create" && present is not null)
        {
            throw Conflict(id, index, $"document already exists (current version [{present.Version}])");
        }

        if (meta["if_seq_no"] is { } number && (present?.Number != number.GetValue<long>() || present.Term != meta["if_primary_term"]!.GetValue<long>()))
        {
            throw Conflict(id, index, $"required seqNo [{number}], primary term [{meta["if_primary_term"]}]. {(present is null ? "but no document was found" : $"current document has seqNo [{present.Number}] and primary term [{present.Term}]")}");
        }

        if (meta["version"]?.GetValue<long>() is { } version && present is not null)
        {
            var same = (string?)meta["version_type"] == "external_gte";
            if (present.Version > version || (present.Version == version && !same))
            {
                throw Conflict(id, index, $"current version [{present.Version}] is {(same ? "higher than" : "higher or equal to")} the one provided [{version}]");
            }
        }
    }

    private static StubError Conflict(string id, StubIndex index, string why) =>
        new(409, "version_conflict_engine_exception", $"[{id}]: version conflict, {why}", ("index", index.Name), ("shard", "0"), ("index_uuid", index.Uuid));

    private static JsonObject Result(StubDocument document, string result, JsonObject shards) => new()
    {
        ["_index"] = document.Index.Name,
        ["_id"] = document.Id,
        ["_version"] = document.Version,
        ["result"] = result,
        ["_shards"] = shards,
        ["_seq_no"] = document.Number,
        ["_primary_term"] = document.Term,
    };
}
