using System.Globalization;
using System.Net.Sockets;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace OpsPortal.Adapters.Aws.Signing;

/// <summary>
/// Sends again what failed and may be sent again, later each time, with chance in the waits and an end. One attempt has a time limit, which
/// also covers the reading of the answer.
/// </summary>
internal sealed class RepeatHandler : DelegatingHandler
{
    private readonly string _service;
    private readonly RepeatSetting _setting;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline<HttpResponseMessage> _pipeline;

    public RepeatHandler(string service, RepeatSetting setting, ILogger logger)
    {
        (_service, _setting, _logger) = (service, setting, logger);
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = setting.Time };
        _pipeline = setting.Retries == 0 ? builder.Build() : builder.AddRetry(Strategy()).Build();
    }

    private static readonly ResiliencePropertyKey<HttpRequestMessage> Request = new("request");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        // Buffered before the first attempt: a stream can be read only once.
        await (request.Content?.LoadIntoBufferAsync(cancellationToken) ?? Task.CompletedTask);
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Request, request);
        try
        {
            return await _pipeline.ExecuteAsync(async inner => await AttemptAsync(request, inner.CancellationToken), context);
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<HttpResponseMessage> AttemptAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(_setting.Timeout, _setting.Time);
        using var attempt = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        try
        {
            var response = await base.SendAsync(request, attempt.Token);
            if (!request.Options.TryGetValue(AwsRequest.Streamed, out var streamed) || !streamed)
            {
                await response.Content.LoadIntoBufferAsync(attempt.Token);
            }

            return response;
        }
        catch (SocketException e)
        {
            // Bare only when the connection broke in the moment of standing; later ones come wrapped.
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"No connection to {_service}: {e.Message}", e);
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw limit.IsCancellationRequested
                ? new TimeoutException($"{_service} did not answer within {_setting.Timeout.TotalSeconds:0.###} s.", e)
                : new HttpRequestException(HttpRequestError.ConnectionError, $"No connection to {_service} within the time limit.", e);
        }
    }

    private RetryStrategyOptions<HttpResponseMessage> Strategy() => new()
    {
        MaxRetryAttempts = _setting.Retries,
        BackoffType = DelayBackoffType.Exponential,
        Delay = _setting.Delay,
        MaxDelay = _setting.MaxDelay,
        UseJitter = true,
        Randomizer = _setting.Chance,
        ShouldHandle = async arguments => await RepeatRules.MayRepeatAsync(RequestOf(arguments.Context), arguments.Outcome, arguments.Context.CancellationToken),
        DelayGenerator = arguments => ValueTask.FromResult(RepeatRules.AskedWait(arguments.Outcome.Result, _setting)),
        OnRetry = arguments =>
        {
            var reason = arguments.Outcome.Exception?.Message ?? ((int)arguments.Outcome.Result!.StatusCode).ToString(CultureInfo.InvariantCulture);
            Log.TryingAgain(_logger, _service, arguments.AttemptNumber + 1, reason, arguments.RetryDelay.TotalMilliseconds);
            return ValueTask.CompletedTask;
        },
    };

    private static HttpRequestMessage RequestOf(ResilienceContext context) =>
        context.Properties.GetValue(Request, null!);
}

/// <summary>How often and how long apart a request is sent again.</summary>
/// <param name="Timeout">Of one attempt.</param>
/// <param name="Retries">After the first attempt.</param>
/// <param name="Delay">Before the second attempt; doubles.</param>
/// <param name="MaxDelay">No wait is longer.</param>
/// <param name="Time">The clock by which it waits.</param>
/// <param name="Chance">Gives numbers from 0 to 1.</param>
internal sealed record RepeatSetting(TimeSpan Timeout, int Retries, TimeSpan Delay, TimeSpan MaxDelay, TimeProvider Time, Func<double> Chance);
