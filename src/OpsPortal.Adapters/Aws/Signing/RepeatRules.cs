using Polly;

namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>What may be sent again: what the service says it has not done, what never reached it, and what does no harm when done twice.</summary>
internal static class RepeatRules
{
    public static async ValueTask<bool> MayRepeatAsync(HttpRequestMessage request, Outcome<HttpResponseMessage> outcome, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested || (request.Options.TryGetValue(AwsRequest.Repeatable, out var said) && !said))
        {
            return false;
        }

        if (outcome.Exception is { } failure)
        {
            return NeverSent(failure) || (IsTransport(failure) && DoesNoHarm(request));
        }

        var response = outcome.Result!;
        return (int)response.StatusCode switch
        {
            < 400 => false,
            429 => true,
            400 or 503 when (await Refusal.ReadAsync(response, cancellationToken))!.IsThrottling => true,
            408 or 500 or 502 or 503 or 504 => DoesNoHarm(request),
            _ => false,
        };
    }

    /// <summary>The wait that the service asks for (Retry-After), within the limit; null when it asks for none.</summary>
    public static TimeSpan? AskedWait(HttpResponseMessage? response, RepeatSetting setting)
    {
        var asked = response?.Headers.RetryAfter is { } after
            ? after.Delta ?? (after.Date - setting.Time.GetUtcNow())
            : null;
        if (asked is not { } wait || wait <= TimeSpan.Zero)
        {
            return null;
        }

        // Spread upwards: earlier than asked would be refused again, and all at once is what the service cannot bear.
        var spread = wait + (setting.Delay * setting.Chance());
        return spread < setting.MaxDelay ? spread : setting.MaxDelay;
    }

    private static bool NeverSent(Exception failure) =>
        failure is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError };

    // A certificate that is refused stays refused.
    private static bool IsTransport(Exception failure) =>
        failure is TimeoutException or IOException or HttpRequestException { HttpRequestError: not HttpRequestError.SecureConnectionError };

    private static bool DoesNoHarm(HttpRequestMessage request) =>
        request.Options.TryGetValue(AwsRequest.Repeatable, out var said) ? said : request.Method.Method is "GET" or "HEAD" or "PUT" or "DELETE" or "OPTIONS";
}
