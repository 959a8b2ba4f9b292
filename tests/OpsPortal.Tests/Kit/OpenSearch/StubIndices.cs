using System.Globalization;
using System.IO.Enumeration;
using System.Text.Json.Nodes;

namespace OpsPortal.Tests.Kit.OpenSearch;

/// <summary>Indices, their templates and aliases.</summary>
internal sealed class StubIndices(TimeProvider time)
{
    private readonly SortedDictionary<string, StubIndex> _all = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, JsonObject> _templates = new(StringComparer.Ordinal);

    public IEnumerable<StubIndex> All => _all.Values;

    public IReadOnlyDictionary<string, JsonObject> Templates => _templates;

    /// <summary>How long the shards of a new index take to start.</summary>
    public TimeSpan StartAfter { get; set; }

    /// <summary>When the last of what was made has started.</summary>
    public DateTimeOffset AllStartedAt => _all.Values.Select(index => index.StartsAt).DefaultIfEmpty().Max();

    public StubIndex? Find(string name) => _all.GetValueOrDefault(name);

    /// <summary>Whether the name is that of an index or an alias.</summary>
    public bool IsThere(string name) => _all.Values.Any(index => IsCalled(index, name));

    /// <summary>Indices that a pattern stands for, open or not.</summary>
    public IReadOnlyList<StubIndex> Matching(string pattern) => [.. _all.Values.Where(index => IsCalled(index, pattern))];

    /// <summary>Open indices that a name, an alias, or a pattern with stars stands for.</summary>
    public IReadOnlyList<StubIndex> Resolve(string target)
    {
        var found = new List<StubIndex>();
        foreach (var name in target.Split(',').Select(Uri.UnescapeDataString))
        {
            var matching = _all.Values.Where(index => IsCalled(index, name)).ToList();
            if (matching.Count == 0 && !name.Contains('*', StringComparison.Ordinal))
            {
                throw StubError.NoIndex(name);
            }

            if (!name.Contains('*', StringComparison.Ordinal) && matching.FirstOrDefault(index => index.IsClosed) is { } closed)
            {
                throw new StubError(400, "index_closed_exception", "closed", ("index", closed.Name), ("index_uuid", closed.Uuid));
            }

            found.AddRange(matching.Where(index => !index.IsClosed));
        }

        return found;
    }

    /// <summary>The index to write to; made by its template when there is none.</summary>
    public StubIndex ForWriting(string name)
    {
        var index = Find(name) ?? Behind(name) ?? Create(name, null);
        return index.Settings.GetValueOrDefault("index.blocks.write") == "true"
            ? throw new StubError(403, "cluster_block_exception", $"index [{name}] blocked by: [FORBIDDEN/8/index write (api)];")
            : index;
    }

    /// <summary>The one index that an alias leads to.</summary>
    public StubIndex? Behind(string alias) => _all.Values.Where(index => index.Aliases.ContainsKey(alias)).ToList() switch
    {
        [] => null,
        [var only] => only,
        _ => throw new StubError(400, "illegal_argument_exception", $"no write index is defined for alias [{alias}]. The write index may be explicitly disabled using is_write_index=false or the alias points to multiple indices without one being designated as a write index"),
    };

    public StubIndex Create(string name, JsonObject? body)
    {
        if (name.Length == 0 || name.Any(char.IsAsciiLetterUpper) || name.StartsWith('_') || name.Any(char.IsWhiteSpace))
        {
            throw new StubError(400, "invalid_index_name_exception", $"Invalid index name [{name}], must be lowercase");
        }

        if (Find(name) is { } present)
        {
            throw new StubError(400, "resource_already_exists_exception", $"index [{name}/{present.Uuid}] already exists", ("index", name), ("index_uuid", present.Uuid));
        }

        if (Behind(name) is not null)
        {
            throw new StubError(400, "invalid_index_name_exception", $"Invalid index name [{name}], already exists as alias", ("index", name), ("index_uuid", "_na_"));
        }

        var template = _templates.Values.Where(template => Patterns(template).Any(pattern => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)))
            .MaxBy(Priority)?["template"];
        var index = new StubIndex(name, (body?["settings"] ?? template?["settings"]) as JsonObject, (body?["mappings"] ?? template?["mappings"]) as JsonObject, time) { StartsAt = time.GetUtcNow() + StartAfter };
        foreach (var (alias, how) in template?["aliases"] as JsonObject ?? [])
        {
            index.Aliases[alias] = (JsonObject)how!.DeepClone();
        }

        return _all[name] = index;
    }

    public void Delete(string name)
    {
        if (!_all.Remove(name))
        {
            throw StubError.NoIndex(name);
        }
    }

    public void PutTemplate(string name, JsonObject body, bool mustBeNew)
    {
        if (mustBeNew && _templates.ContainsKey(name))
        {
            throw new StubError(400, "illegal_argument_exception", $"index template [{name}] already exists");
        }

        foreach (var type in body["template"]?["mappings"]?["properties"]?.AsObject().Select(property => (string?)property.Value!["type"]) ?? [])
        {
            if (type is "nosuchtype")
            {
                throw new StubError(400, "illegal_argument_exception", $"composable template [{name}] template after composition is invalid");
            }
        }

        foreach (var (other, template) in _templates.Where(other => other.Key != name && Priority(other.Value) == Priority(body)))
        {
            if (Patterns(template).Intersect(Patterns(body)).Any())
            {
                throw new StubError(400, "illegal_argument_exception", $"index template [{name}] has index patterns [{string.Join(", ", Patterns(body))}] matching patterns from existing templates [{other}] with patterns ({other} => [{string.Join(", ", Patterns(template))}]) that have the same priority [{Priority(body)}], multiple index templates may not match during index creation, please use a different priority");
            }
        }

        _templates[name] = (JsonObject)body.DeepClone();
    }

    /// <summary>The template of that name, or those that a pattern with stars stands for.</summary>
    public JsonObject GetTemplates(string name)
    {
        var found = _templates.Where(template => FileSystemName.MatchesSimpleExpression(name, template.Key, ignoreCase: false)).ToList();
        return found.Count == 0 && !name.Contains('*', StringComparison.Ordinal)
            ? throw new StubError(404, "resource_not_found_exception", $"index template matching [{name}] not found")
            : new JsonObject { ["index_templates"] = new JsonArray([.. found.Select(template => new JsonObject { ["name"] = template.Key, ["index_template"] = Shown(template.Value) })]) };
    }

    public void Clear()
    {
        _all.Clear();
        _templates.Clear();
    }

    public void DeleteTemplates(string pattern)
    {
        var found = _templates.Keys.Where(name => FileSystemName.MatchesSimpleExpression(pattern, name, ignoreCase: false)).ToList();
        if (found.Count == 0)
        {
            throw new StubError(404, "index_template_missing_exception", $"index_template [{pattern}] missing");
        }

        found.ForEach(name => _templates.Remove(name));
    }

    public JsonArray Rows(string pattern) => new([.. _all.Values.Where(index => IsCalled(index, pattern)).Select(index => new JsonObject
    {
        ["index"] = index.Name,
        ["uuid"] = index.Uuid,
        ["status"] = index.IsClosed ? "close" : "open",
        ["health"] = index.IsStarted ? "green" : "red",
        ["pri"] = index.Shards.ToString(CultureInfo.InvariantCulture),
        ["store.size"] = "1024",
    })]);

    private static JsonObject Shown(JsonObject kept)
    {
        var template = (JsonObject)kept.DeepClone();
        if (template["template"]?["settings"] is JsonObject settings)
        {
            template["template"]!["settings"] = new JsonObject { ["index"] = new JsonObject(StubIndex.Flat(settings).Select(setting => KeyValuePair.Create(setting.Key["index.".Length..], (JsonNode?)setting.Value))) };
        }

        template["composed_of"] = new JsonArray();
        return template;
    }

    private static long Priority(JsonObject template) => long.Parse(template["priority"]?.ToJsonString() ?? "0", CultureInfo.InvariantCulture);

    private static IEnumerable<string> Patterns(JsonObject template) => template["index_patterns"]!.AsArray().Select(pattern => pattern!.ToString());

    private static bool IsCalled(StubIndex index, string name) =>
        FileSystemName.MatchesSimpleExpression(name, index.Name, ignoreCase: false) || index.Aliases.Keys.Any(alias => FileSystemName.MatchesSimpleExpression(name, alias, ignoreCase: false));
}
