namespace OpsPortal.Api;

/// <summary>Answers that say no, as RFC 9457 problem details with <c>errors</c> by field.</summary>
internal static class Problem
{
    /// <summary>Bad input, by field.</summary>
    public static IResult Of(IDictionary<string, string[]> errors) =>
        Results.ValidationProblem(errors, detail: string.Join(' ', errors.Select(error => $"{error.Key}: {string.Join(' ', error.Value)}")), title: "The request cannot be used as it is.");

    /// <summary>Bad input in one field.</summary>
    public static IResult Of(string field, string error) => Of(new Dictionary<string, string[]> { [field] = [error] });

    /// <summary>Any other no.</summary>
    /// <param name="field">What it is about.</param>
    public static IResult Of(int status, string detail, string field = "request", object? present = null)
    {
        var extensions = new Dictionary<string, object?> { ["errors"] = new Dictionary<string, string[]> { [field] = [detail] } };
        if (present is not null)
        {
            extensions["present"] = present;
        }

        return Results.Problem(detail, statusCode: status, extensions: extensions);
    }
}
