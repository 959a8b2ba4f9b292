using System.Text.Json;
using System.Text.RegularExpressions;

namespace OpsPortal.Tests.Host;

/// <summary>The description must be good enough that a client generated from it compiles and knows every answer.</summary>
public sealed partial class DescriptionTests(DescriptionTests.Portal portal) : IClassFixture<DescriptionTests.Portal>
{
    private static readonly string[] Methods = ["get", "put", "post", "delete", "patch"];

    public sealed class Portal : IAsyncLifetime
    {
        private PortalHost? _host;

        public JsonElement Document { get; private set; }

        public async Task InitializeAsync()
        {
            _host = new PortalHost();
            Document = await (await (await _host.SignedInAsync()).GetAsync("/openapi/v1.json")).JsonAsync();
        }

        public Task DisposeAsync()
        {
            _host?.Dispose();
            return Task.CompletedTask;
        }
    }

    [Fact]
    public void Every_operation_has_a_name_of_its_own_that_a_language_can_take()
    {
        var names = Operations().Select(operation => operation.Body.GetProperty("operationId").GetString()!).ToList();

        Assert.NotEmpty(names);
        Assert.All(names, name => Assert.Matches(Identifier(), name));
        Assert.Equal(names.Count, names.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.Contains("getTrainsByIdReadings", names);
    }

    [Fact]
    public void Every_operation_says_what_it_answers()
    {
        foreach (var (where, body) in Operations())
        {
            var good = body.GetProperty("responses").EnumerateObject().Where(answer => answer.Name[0] == '2' || answer.Name == "307").ToList();
            Assert.True(good.Count > 0, where);
            Assert.All(good, answer => Assert.True(answer.Name is "204" or "307" || HasSchema(answer.Value, "application/json") || (where.EndsWith("/download", StringComparison.Ordinal) && answer.Value.GetProperty("content").TryGetProperty("text/csv", out _))
                || (where.EndsWith("/file", StringComparison.Ordinal) && answer.Value.GetProperty("content").TryGetProperty("application/gzip", out _)), $"{where} {answer.Name}"));
        }
    }

    [Fact]
    public void Every_operation_says_how_it_refuses()
    {
        foreach (var (where, body) in Operations())
        {
            var answers = body.GetProperty("responses");
            var needed = new List<string> { "400", "503" };
            needed.AddRange(where.Contains("/sign-in", StringComparison.Ordinal) ? [] : ["401"]);
            needed.AddRange(where.StartsWith("get ", StringComparison.Ordinal) ? [] : ["403"]);
            needed.AddRange(where.Contains('{', StringComparison.Ordinal) ? ["404"] : []);
            Assert.All(needed, status => Assert.True(answers.TryGetProperty(status, out var answer) && HasSchema(answer, "application/problem+json"), $"{where} {status}"));
        }
    }

    [Fact]
    public void Every_operation_but_signing_in_names_the_ways_to_prove_who_asks()
    {
        var schemes = portal.Document.GetProperty("components").GetProperty("securitySchemes").EnumerateObject().Select(scheme => scheme.Name).ToHashSet();

        foreach (var (where, body) in Operations().Where(operation => !operation.Where.Contains("/sign-in", StringComparison.Ordinal)))
        {
            var named = body.GetProperty("security").EnumerateArray().SelectMany(needed => needed.EnumerateObject().Select(scheme => scheme.Name)).ToHashSet();
            Assert.True(named.SetEquals(schemes), where);
        }
    }

    [Fact]
    public void Every_reference_leads_somewhere()
    {
        var references = new List<string>();
        Walk(portal.Document, "", (_, name, value) =>
        {
            if (name == "$ref")
            {
                references.Add(value.GetString()!);
            }
        });

        Assert.NotEmpty(references);
        Assert.All(references, reference => Assert.True(Leads(reference), reference));
    }

    [Fact]
    public void Every_schema_has_a_name_that_a_language_can_take_and_says_what_it_is()
    {
        foreach (var schema in portal.Document.GetProperty("components").GetProperty("schemas").EnumerateObject())
        {
            Assert.Matches(Identifier(), schema.Name);
            Assert.True(Says(schema.Value), schema.Name);
            Walk(schema.Value, schema.Name, (place, name, value) =>
            {
                // A property may itself be called properties, as in GeoJSON.
                if (name == "properties" && !place.EndsWith("/properties", StringComparison.Ordinal))
                {
                    Assert.All(value.EnumerateObject(), property => Assert.True(Says(property.Value), $"{place} {property.Name}: {property.Value}"));
                    Assert.All(value.EnumerateObject(), property => Assert.Matches(Identifier(), property.Name.TrimStart('$')));
                }

                Assert.False(name == "type" && value.ValueKind == JsonValueKind.String && value.GetString() == "array" && !place.EndsWith("?items", StringComparison.Ordinal), $"{place} is an array of nothing");
            });
        }
    }

    [Fact]
    public void Parameters_are_named_placed_and_typed()
    {
        foreach (var (where, body) in Operations())
        {
            var parameters = body.TryGetProperty("parameters", out var some) ? some.EnumerateArray().ToList() : [];
            Assert.Equal(parameters.Count, parameters.Select(parameter => (parameter.GetProperty("name").GetString(), parameter.GetProperty("in").GetString())).Distinct().Count());
            Assert.All(parameters, parameter => Assert.True(Says(parameter.GetProperty("schema")), where));
            var inPath = PathParameter().Matches(where).Select(match => match.Groups[1].Value).ToHashSet();
            Assert.True(inPath.SetEquals(parameters.Where(parameter => parameter.GetProperty("in").GetString() == "path").Select(parameter => parameter.GetProperty("name").GetString()!)), where);
        }
    }

    private IEnumerable<(string Where, JsonElement Body)> Operations() =>
        portal.Document.GetProperty("paths").EnumerateObject().SelectMany(path => path.Value.EnumerateObject().Where(operation => Methods.Contains(operation.Name)).Select(operation => ($"{operation.Name} {path.Name}", operation.Value)));

    private static bool HasSchema(JsonElement answer, string type) =>
        answer.TryGetProperty("content", out var content) && content.TryGetProperty(type, out var body) && body.TryGetProperty("schema", out var schema) && Says(schema);

    private static bool Says(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object && new[] { "type", "$ref", "oneOf", "anyOf", "allOf" }.Any(key => schema.TryGetProperty(key, out _));

    private bool Leads(string reference)
    {
        var place = portal.Document;
        return reference.StartsWith("#/", StringComparison.Ordinal) && reference[2..].Split('/').All(step => place.ValueKind == JsonValueKind.Object && place.TryGetProperty(step, out place));
    }

    // An array's place ends in "?items" when it says what it holds.
    private static void Walk(JsonElement element, string place, Action<string, string, JsonElement> visit)
    {
        if (element.ValueKind == JsonValueKind.Object)
        {
            var here = element.TryGetProperty("items", out _) ? place + "?items" : place;
            foreach (var property in element.EnumerateObject())
            {
                visit(here, property.Name, property.Value);
                Walk(property.Value, $"{place}/{property.Name}", visit);
            }
        }
        else if (element.ValueKind == JsonValueKind.Array)
        {
            foreach (var item in element.EnumerateArray())
            {
                Walk(item, place, visit);
            }
        }
    }

    [GeneratedRegex("^[A-Za-z][A-Za-z0-9_]*$")]
    private static partial Regex Identifier();

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex PathParameter();
}
