using System.Text.Json.Nodes;
using OpsPortal.Tests.Kit.Aws;

namespace OpsPortal.Tests.Kit.OpenSearch;

/// <summary>Holds the stub against what a real server (3.0.0-SNAPSHOT, without plugins) answered to the same requests in the same order.</summary>
[Trait("Peer", "OpenSearchStub")]
public sealed class RecordingTests
{
    // Different on every server and every day, or about how its shards worked.
    private static readonly HashSet<string> Volatile =
    [
        "took", "uuid", "index_uuid", "cluster_uuid", "cluster_name", "name", "pit_id", "creation_time", "skipped", "node", "build_type", "build_hash", "build_date",
        "build_snapshot", "lucene_version", "minimum_wire_compatibility_version", "minimum_index_compatibility_version", "discovered_master", "discovered_cluster_manager",
        "active_primary_shards", "active_shards", "relocating_shards", "initializing_shards", "unassigned_shards", "delayed_unassigned_shards", "number_of_pending_tasks",
        "number_of_in_flight_fetch", "task_max_waiting_in_queue_millis", "active_shards_percent_as_number", "root_cause", "caused_by", "failed_shards", "phase", "grouped", "line", "col",
    ];

    [RecordedDataFact]
    public async Task Every_recorded_request_is_answered_as_the_real_server_did()
    {
        await using var stub = await OpenSearchStub.StartAsync();
        var differences = new List<string>();
        string? view = null;
        var recordings = File.ReadLines(Path.Combine(RecordedData.Folder, "..", "opensearch", "recordings.jsonl")).Where(line => line.Length > 0).Select(line => JsonNode.Parse(line)!).ToList();
        Assert.Equal(48, recordings.Count);
        foreach (var recording in recordings)
        {
            var (request, expected) = (recording["request"]!, recording["response"]!);
            var answer = stub.Answer(Received(request, ref view));
            view = (JsonNode.Parse(answer.Body) as JsonObject)?["pit_id"]?.ToString() ?? view;
            var (wanted, got) = (Comparable(expected["body"]), Comparable(JsonNode.Parse(answer.Body)));
            if (answer.Status != expected["status"]!.GetValue<int>() || wanted != got)
            {
                differences.Add($"{recording["name"]}: {answer.Status}\n  recorded {wanted}\n  stub     {got}");
            }
        }

        Assert.True(differences.Count == 0, string.Join("\n", differences));
    }

    private static ReceivedRequest Received(JsonNode request, ref string? view)
    {
        var body = request["body"];
        if (view is not null && body is JsonObject asked && asked["pit"] is { } pit)
        {
            pit["id"] = view;
        }

        if (view is not null && body is JsonObject closed && closed["pit_id"] is not null)
        {
            closed["pit_id"] = new JsonArray(view);
        }

        var text = body is null ? "" : body is JsonValue lines ? lines.ToString() : body.ToJsonString();
        return new ReceivedRequest((string)request["method"]!, (string)request["path"]!, [], System.Text.Encoding.UTF8.GetBytes(text));
    }

    private static string Comparable(JsonNode? node) => node switch
    {
        JsonObject errors when errors["error"] is JsonObject error && error["type"]?.ToString() == "search_phase_execution_exception" => """{"error":"all shards failed"}""",
        JsonObject members => "{" + string.Join(",", members.Where(member => !Volatile.Contains(member.Key)).OrderBy(member => member.Key, StringComparer.Ordinal).Select(member => $"\"{member.Key}\":{Value(member.Key, member.Value)}")) + "}",
        JsonArray items => "[" + string.Join(",", items.Select(Comparable)) + "]",
        null => "null",
        _ => node.ToJsonString(),
    };

    // Jackson's place in the text, and the mapper's list of formats, are not played.
    private static string Value(string name, JsonNode? value) =>
        name == "reason" && value is JsonValue text ? $"\"{text.ToString().Split('\n')[0]}\"" : Comparable(value);
}
