using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using OpsPortal.Core.Health;
using OpsPortal.Door;

namespace OpsPortal.Api;

/// <summary>Turns what was thrown into problem details for programs; pages have an error page of their own.</summary>
internal sealed class FailureAnswers : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.Request.IsForPage())
        {
            return false;
        }

        await AnswerTo(exception, httpContext).ExecuteAsync(httpContext);
        return true;
    }

    private static IResult AnswerTo(Exception exception, HttpContext context)
    {
        switch (exception)
        {
            case BadHttpRequestException { InnerException: JsonException json } bad:
                return Problem.Of(bad.StatusCode, $"The body is not the JSON that is asked for{(json.Path is { Length: > 1 } path ? $", at {path}" : "")}.", "body");
            case BadHttpRequestException bad:
                return Problem.Of(bad.StatusCode, WordsFor(bad.StatusCode));
            case StoreUnavailableException unavailable:
                context.Response.Headers.RetryAfter = "5";
                return Problem.Of(StatusCodes.Status503ServiceUnavailable, $"The {unavailable.Store} store cannot be reached now. Try again in a few seconds.");
            default:
                return Problem.Of(StatusCodes.Status500InternalServerError, $"Something failed here. It is in the log under {context.TraceIdentifier}.");
        }
    }

    private static string WordsFor(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => "The body is too large.",
        StatusCodes.Status415UnsupportedMediaType => "Send JSON, with Content-Type: application/json.",
        _ => "The request cannot be read: send JSON as the description at /openapi/v1.json says.",
    };
}
