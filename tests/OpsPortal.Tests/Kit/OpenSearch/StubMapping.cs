using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpsPortal.Tests.Kit.OpenSearch;

/// <summary>The fields of an index: what may be written, and what is found.</summary>
internal sealed class StubMapping(JsonObject? given)
{
    private const int LongestTerm = 32_766;

    private readonly JsonObject _properties = (JsonObject)(given?["properties"]?.DeepClone() ?? new JsonObject());

    public bool IsStrict { get; private set; } = (string?)given?["dynamic"] == "strict";

    public bool Knows(string field) => Find(field) is not null;

    public string? TypeOf(string field) => (string?)Find(field)?["type"];

    public JsonObject ToJson() => new() { ["dynamic"] = IsStrict ? "strict" : "true", ["properties"] = _properties.DeepClone() };

    /// <summary>Adds fields; a field that would change its type is refused.</summary>
    public void Merge(JsonObject more)
    {
        IsStrict = more["dynamic"] is { } dynamic ? (string?)dynamic == "strict" : IsStrict;
        foreach (var (name, property) in more["properties"]?.AsObject() ?? [])
        {
            if (_properties[name] is { } present && (string?)present["type"] != (string?)property!["type"])
            {
                throw new StubError(400, "illegal_argument_exception", $"mapper [{name}] cannot be changed from type [{present["type"]}] to [{property!["type"]}]");
            }

            _properties[name] = property!.DeepClone();
        }
    }

    /// <summary>Refuses a document that does not fit.</summary>
    public void Check(string id, JsonObject source)
    {
        foreach (var (name, value) in source)
        {
            if (_properties[name] is not JsonObject property)
            {
                if (IsStrict)
                {
                    throw new StubError(400, "strict_dynamic_mapping_exception", $"mapping set to strict, dynamic introduction of [{name}] within [_doc] is not allowed");
                }

                _properties[name] = new JsonObject { ["type"] = value is JsonValue number && number.GetValueKind() == JsonValueKind.Number ? "long" : "keyword" };
            }
            else if (value is not null)
            {
                Check(id, name, property, value);
            }
        }
    }

    public IEnumerable<object> Values(JsonObject source, string field)
    {
        if (Find(field) is not { } property)
        {
            return [];
        }

        IEnumerable<JsonNode?> nodes = [source];
        foreach (var part in field.Split('.'))
        {
            nodes = nodes.SelectMany(Each).OfType<JsonObject>().Select(node => node[part]);
        }

        return nodes.SelectMany(Each).Where(node => node is not null).Select(node => Value(property, node!)).OfType<object>();
    }

    /// <summary>A value of a query, as the field compares it.</summary>
    public object Comparable(string field, JsonNode value) =>
        TypeOf(field) is "date" or "date_nanos" ? Milliseconds(value)!
        : value.GetValueKind() == JsonValueKind.Number ? Number(value)
        : value.GetValueKind() is JsonValueKind.True or JsonValueKind.False ? value.ToString().ToLowerInvariant()
        : value.ToString();

    public static object Number(JsonNode node) =>
        long.TryParse(node.ToJsonString(), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var whole) ? whole : (object)double.Parse(node.ToJsonString(), CultureInfo.InvariantCulture);

    /// <summary>Refuses searching or sorting by what is not indexed.</summary>
    public void DemandSearchable(string field)
    {
        if (Find(field) is { } property && ((property["index"] is { } indexed && !indexed.GetValue<bool>()) || (string?)property["type"] == "binary"))
        {
            throw StubError.AllShards(400, "query_shard_exception", $"Cannot search on field [{field}] since it is not indexed.");
        }
    }

    /// <summary>The items of an array; of anything else itself.</summary>
    public static IEnumerable<JsonNode?> Each(JsonNode? node)
    {
        if (node is not JsonArray array)
        {
            return node is null ? [] : (JsonNode?[])[node];
        }

        return array;
    }

    private JsonObject? Find(string field)
    {
        var properties = _properties;
        JsonObject? found = null;
        foreach (var part in field.Split('.'))
        {
            found = properties?[part] as JsonObject;
            properties = found?["properties"] as JsonObject;
        }

        return found;
    }

    private static object? Value(JsonObject property, JsonNode node) => (string?)property["type"] switch
    {
        "keyword" or "text" => property["ignore_above"] is { } longest && node.ToString().Length > longest.GetValue<int>() ? null : node.ToString(),
        "date" or "date_nanos" => Milliseconds(node),
        "long" or "integer" or "float" or "double" when node.GetValueKind() == JsonValueKind.Number => Number(node),
        "boolean" => node.ToString().ToLowerInvariant(),
        _ => null,
    };

    private static void Check(string id, string name, JsonObject property, JsonNode value)
    {
        var type = (string?)property["type"] ?? "object";
        var fits = type switch
        {
            "long" => value.GetValueKind() == JsonValueKind.Number && Number(value) is long,
            "integer" => value.GetValueKind() == JsonValueKind.Number && Number(value) is long and >= int.MinValue and <= int.MaxValue,
            "float" => value.GetValueKind() == JsonValueKind.Number && float.IsFinite((float)Convert.ToDouble(Number(value), CultureInfo.InvariantCulture)),
            "boolean" => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
            "date" or "date_nanos" => Milliseconds(value) is not null,
            "binary" => value.GetValueKind() == JsonValueKind.String && Convert.TryFromBase64String(value.ToString(), new byte[value.ToString().Length], out _),
            "object" => value is JsonObject,
            "keyword" => value is JsonValue && (property["ignore_above"] is not null || property["index"] is not null || Encoding.UTF8.GetByteCount(value.ToString()) <= LongestTerm),
            _ => true,
        };
        if (!fits)
        {
            throw new StubError(400, "mapper_parsing_exception", $"failed to parse field [{name}] of type [{type}] in document with id '{id}'. Preview of field's value: '{value}'");
        }
    }

    private static long? Milliseconds(JsonNode node) =>
        node.GetValueKind() == JsonValueKind.Number ? node.GetValue<long>()
        : DateTimeOffset.TryParse(node.ToString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time) && node.ToString().Length >= 4 && char.IsAsciiDigit(node.ToString()[0]) ? time.ToUnixTimeMilliseconds()
        : null;
}
