using System.Text.Json.Nodes;

namespace OpsPortal.Tests.Kit.OpenSearch;

/// <summary>A failure as OpenSearch tells it.</summary>
internal sealed class StubError(int status, string type, string reason, params (string Name, string Value)[] more) : Exception(reason)
{
    public int Status => status;

    public string Type => type;

    /// <summary>As it stands inside a bulk's item, or inside the answer.</summary>
    public JsonObject Inside()
    {
        var error = new JsonObject { ["type"] = type, ["reason"] = Message };
        foreach (var (name, value) in more)
        {
            error[name] = value;
        }

        return error;
    }

    public JsonObject Answer()
    {
        var error = Inside();
        error.Insert(0, "root_cause", new JsonArray(Inside()));
        return new JsonObject { ["error"] = error, ["status"] = status };
    }

    public static StubError NoIndex(string name, string kind = "index_or_alias") =>
        new(404, "index_not_found_exception", $"no such index [{name}]", ("index", name), ("resource.id", name), ("resource.type", kind), ("index_uuid", "_na_"));

    /// <summary>All shards of a search failed for the same cause.</summary>
    public static StubError AllShards(int status, string type, string reason) => new(status, "search_phase_execution_exception", $"all shards failed: {type}: {reason}");
}
