using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using OpsPortal.Audit;
using OpsPortal.Core.Health;
using OpsPortal.Door;

namespace OpsPortal.Api;

/// <summary>Turns what was thrown into problem details for programs; pages have an error page of their own.</summary>
internal sealed class FailureAnswers(ILogger<FailureAnswers> logger) : IExceptionHandler
{
    public async ValueTask<bool> TryHandleAsync(HttpContext httpContext, Exception exception, CancellationToken cancellationToken)
    {
        if (httpContext.Request.IsForPage())
        {
            return false;
        }

        await AnswerTo(exception, httpContext, httpContext.Features.Get<IExceptionHandlerPathFeature>()?.Path ?? "").ExecuteAsync(httpContext);
        return true;
    }

    private IResult AnswerTo(Exception exception, HttpContext context, string path)
    {
        switch (exception)
        {
            case BadHttpRequestException { InnerException: JsonException json } bad:
                return Problem.Of(bad.StatusCode, $"The body is not the JSON that is asked for{(json.Path is { Length: > 1 } place ? $", at {place}" : "")}.", "body");
            case BadHttpRequestException bad:
                return Problem.Of(bad.StatusCode, WordsFor(bad.StatusCode));
            case StoreUnavailableException { Store: AuditWriting.Store } unavailable:
                logger.StoreUnavailable(context.Request.Method, path, unavailable.Message);
                context.Response.Headers.RetryAfter = "5";
                return Problem.Of(StatusCodes.Status503ServiceUnavailable, AuditWriting.Refusal);
            case StoreUnavailableException unavailable:
                logger.StoreUnavailable(context.Request.Method, path, unavailable.Message);
                context.Response.Headers.RetryAfter = "5";
                return Problem.Of(StatusCodes.Status503ServiceUnavailable, $"The {unavailable.Store} store cannot be reached now. Try again in a few seconds.");
            default:
                // The framework says nothing of what is answered here: without this line it would be nowhere.
                logger.Failed(context.Request.Method, path, exception);
                return Problem.Of(StatusCodes.Status500InternalServerError, $"Something failed here. It is in the log under {Activity.Current?.TraceId.ToHexString() ?? context.TraceIdentifier}.");
        }
    }

    private static string WordsFor(int status) => status switch
    {
        StatusCodes.Status413PayloadTooLarge => "The body is too large.",
        StatusCodes.Status415UnsupportedMediaType => "Send JSON, with Content-Type: application/json.",
        _ => "The request cannot be read: send JSON as the description at /openapi/v1.json says.",
    };
}
