using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace OpsPortal.Adapters.Aws.OpenSearch.Indices;

/// <summary>
/// The template of a family. Each version has a name of its own and a higher priority than the one before: nodes of different versions
/// that start together never write over each other's, and an older one never takes a newer one back.
/// </summary>
internal sealed class IndexTemplate(IndexFamily family, IndexNames names, OpenSearchOptions options)
{
    private const int Priority = 200;

    public IndexFamily Family => family;

    public string Name => $"{names.Prefix}{family.Name}-v{Mappings.Version}";

    /// <summary>Settings that also indices already there can take on.</summary>
    public JsonObject LiveSettings()
    {
        var settings = new JsonObject { ["refresh_interval"] = Refresh() };
        if (options.Replicas is { } replicas)
        {
            settings["auto_expand_replicas"] = false;
            settings["number_of_replicas"] = replicas;
        }
        else
        {
            // None on one data node, one as soon as there are more.
            settings["auto_expand_replicas"] = "0-1";
        }

        return new JsonObject { ["index"] = settings };
    }

    public JsonObject Mapping() => new() { ["dynamic"] = "strict", ["properties"] = family.Properties() };

    public JsonObject ToJson()
    {
        var json = new JsonObject
        {
            ["index_patterns"] = new JsonArray(names.PatternOf(family)),
            ["priority"] = Priority + Mappings.Version,
            ["version"] = Mappings.Version,
            ["template"] = Inside(),
        };
        json["_meta"] = new JsonObject { ["fingerprint"] = Fingerprint(json) };
        return json;
    }

    /// <summary>Tells one content from another: also options may change it.</summary>
    public string Fingerprint() => ToJson()["_meta"]!["fingerprint"]!.GetValue<string>();

    private static string Fingerprint(JsonObject json) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json.ToJsonString())).AsSpan(0, 8));

    private JsonObject Inside()
    {
        var settings = LiveSettings();
        settings["index"]!["number_of_shards"] = family == IndexFamily.Readings ? options.Shards : 1;
        var inside = new JsonObject { ["settings"] = settings, ["mappings"] = Mapping() };
        if (family.IsFamily)
        {
            inside["aliases"] = new JsonObject { [names.Prefix + family.Name] = new JsonObject() };
        }

        return inside;
    }

    // Said for every index: one that says nothing stops refreshing when nobody has searched it for a while, and the next search waits for it.
    private string Refresh()
    {
        var interval = family.Name switch
        {
            "anomalies" or "alerts" => options.RefreshLive,
            "trains" or "registry" => options.RefreshTrains,
            _ => options.RefreshReadings,
        };
        return string.Create(CultureInfo.InvariantCulture, $"{(long)interval.TotalMilliseconds}ms");
    }
}
