using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OpsPortal.Map;
using OpsPortal.Telemetry;
using OpsPortal.Workbench;

namespace OpsPortal.Api;

/// <summary>Completes the description at /openapi/v1.json with what holds for every endpoint, so that a client generated from it compiles and knows every answer.</summary>
internal static class Description
{
    private const string Bearer = "bearer";
    private const string Cookie = "cookie";

    public static void Complete(OpenApiOptions options)
    {
        options.AddDocumentTransformer(NameWaysIn);
        options.AddOperationTransformer(CompleteAsync);
        options.AddSchemaTransformer(CompleteAsync);
    }

    private static Task NameWaysIn(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info.Title = "OpsPortal";
        document.Info.Description = "What the portal shows, for scripts. Sign in at /sign-in/persona; lists are walked with after and say when they are limited.";
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer", Description = "The token of /sign-in/persona, or a personal token of /tokens, which reads only." };
        document.Components.SecuritySchemes[Cookie] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.ApiKey, In = ParameterLocation.Cookie, Name = "__Host-opsportal", Description = "The session cookie. Calls that change something also need the header X-CSRF with the csrf of /api/me.",
        };
        return Task.CompletedTask;
    }

    private static async Task CompleteAsync(OpenApiOperation operation, OpenApiOperationTransformerContext context, CancellationToken cancellationToken)
    {
        var path = context.Description.RelativePath!;
        operation.OperationId ??= Name(context.Description.HttpMethod!, path);
        operation.Responses ??= [];
        var problem = await context.GetOrCreateSchemaAsync(typeof(ProblemDetails), null, cancellationToken);
        context.Document!.AddComponent("ProblemDetails", problem);
        foreach (var (status, words) in Refusals(operation, context))
        {
            operation.Responses.TryAdd(((int)status).ToString(CultureInfo.InvariantCulture), new OpenApiResponse
            {
                Description = words,
                Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = new() { Schema = new OpenApiSchemaReference("ProblemDetails", context.Document) } },
            });
        }

        if (NeedsUser(context))
        {
            operation.Security = [Needs(Bearer, context.Document), Needs(Cookie, context.Document)];
        }
    }

    private static IEnumerable<(HttpStatusCode Status, string Words)> Refusals(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        yield return (HttpStatusCode.BadRequest, "The request cannot be used as it is: an unknown or malformed parameter, or a bad body; errors says which and why.");
        if (NeedsUser(context))
        {
            yield return (HttpStatusCode.Unauthorized, "Not signed in, or the session has ended.");
        }

        if (context.Description.HttpMethod != HttpMethods.Get)
        {
            yield return (HttpStatusCode.Forbidden, "Your role does not allow it, or the call does not prove that you meant it.");
        }

        if (operation.Parameters?.Any(parameter => parameter.In == ParameterLocation.Path) == true)
        {
            yield return (HttpStatusCode.NotFound, "There is no such thing inside your scope.");
        }

        yield return (HttpStatusCode.TooManyRequests, "Too many requests; Retry-After says in how many seconds to go on.");
        yield return (HttpStatusCode.ServiceUnavailable, "A store cannot be reached now; Retry-After says when to try again.");
    }

    // What our own converters write, the framework cannot know.
    private static Task CompleteAsync(OpenApiSchema schema, OpenApiSchemaTransformerContext context, CancellationToken cancellationToken)
    {
        var type = context.JsonTypeInfo.Type;
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        if (plain == typeof(DateTimeOffset))
        {
            schema.Type = JsonSchemaType.String | (plain == type ? default : JsonSchemaType.Null);
        }
        else if (plain.IsEnum)
        {
            // Shared by places where it may be null and places where it may not: the former say so themselves.
            schema.Type = JsonSchemaType.String;
            schema.Enum = [.. Enum.GetNames(plain).Select(name => (JsonNode)JsonNamingPolicy.CamelCase.ConvertName(name))];
        }
        else if (type == typeof(QueryValue))
        {
            schema.Description = "A text, number, truth or null; for a parameter also an object with type (text, number, boolean, time) and value.";
            schema.AnyOf = [Cell, new OpenApiSchema { Type = JsonSchemaType.Object }];
        }
        else if (context.JsonTypeInfo.ElementType == typeof(QueryValue))
        {
            schema.Items = Cell;
        }
        else if (context.JsonTypeInfo.ElementType == typeof(PointJson))
        {
            schema.Items = Point;
        }
        else if (type == typeof(GeometryJson) && schema.Properties is { } geometry)
        {
            geometry["coordinates"] = new OpenApiSchema { Description = "[longitude, latitude], or a list of such.", AnyOf = [Pair, new OpenApiSchema { Type = JsonSchemaType.Array, Items = Pair }] };
        }
        else if (type == typeof(ProblemDetails))
        {
            schema.Properties ??= new Dictionary<string, IOpenApiSchema>();
            schema.Properties["errors"] = new OpenApiSchema
            {
                Type = JsonSchemaType.Object, AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String } }, Description = "What is wrong, by field.",
            };
        }

        return Task.CompletedTask;
    }

    private static OpenApiSchema Point => new()
    {
        Type = JsonSchemaType.Array, MinItems = 4, MaxItems = 4, Description = "[time, min, mean, max]",
        Items = new OpenApiSchema { AnyOf = [new OpenApiSchema { Type = JsonSchemaType.String, Format = "date-time" }, new OpenApiSchema { Type = JsonSchemaType.Number | JsonSchemaType.Null, Format = "double" }] },
    };

    private static OpenApiSchema Cell => new() { Type = JsonSchemaType.String | JsonSchemaType.Number | JsonSchemaType.Boolean | JsonSchemaType.Null };

    private static OpenApiSchema Pair => new() { Type = JsonSchemaType.Array, MinItems = 2, MaxItems = 2, Items = new OpenApiSchema { Type = JsonSchemaType.Number, Format = "double" } };

    // GET /api/trains/{id}/readings → getTrainsByIdReadings.
    internal static string Name(string method, string path)
    {
        var name = new StringBuilder(method.ToLowerInvariant());
        foreach (var segment in path.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(segment => segment != "api"))
        {
            var isParameter = segment.StartsWith('{');
            name.Append(isParameter ? "By" : "");
            foreach (var word in segment.Trim('{', '}').Split('-', StringSplitOptions.RemoveEmptyEntries))
            {
                name.Append(char.ToUpperInvariant(word[0])).Append(word.AsSpan(1));
            }
        }

        return name.ToString();
    }

    private static bool NeedsUser(OpenApiOperationTransformerContext context) =>
        !context.Description.ActionDescriptor.EndpointMetadata.OfType<IAllowAnonymous>().Any();

    private static OpenApiSecurityRequirement Needs(string scheme, OpenApiDocument document) => new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}
