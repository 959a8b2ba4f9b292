using Microsoft.AspNetCore.Http.Metadata;

namespace OpsPortal.Api;

/// <summary>Refuses query parameters that the endpoint does not know: a misspelt filter must not answer with everything.</summary>
internal static class UnknownParameters
{
    public static ValueTask<object?> RefuseAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var request = context.HttpContext.Request;
        var known = Known(context.HttpContext.GetEndpoint()!);
        var errors = request.Query.Keys.Where(name => !known.Contains(name)).ToDictionary(name => name, _ => new[] { known.Count == 0 ? "Not known here; there are no parameters." : $"Not known here; known are {string.Join(", ", known.Order())}." });
        foreach (var (name, values) in request.Query.Where(parameter => known.Contains(parameter.Key) && (parameter.Value.Count != 1 || parameter.Value[0] is "")))
        {
            errors[name] = values.Count == 1 ? ["Must not be empty."] : ["Must be given once; separate several values by commas where the parameter takes them."];
        }

        return errors.Count == 0 ? next(context) : ValueTask.FromResult<object?>(Problem.Of(errors));
    }

    // The handler's own text parameters, without those in the path.
    private static HashSet<string> Known(Endpoint endpoint)
    {
        var path = ((RouteEndpoint)endpoint).RoutePattern.Parameters.Select(parameter => parameter.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return endpoint.Metadata.GetOrderedMetadata<IParameterBindingMetadata>()
            .Where(parameter => parameter.ParameterInfo.ParameterType == typeof(string) && !path.Contains(parameter.Name))
            .Select(parameter => parameter.Name)
            .ToHashSet(StringComparer.Ordinal);
    }
}
