using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Access;
using OpsPortal.Core.Reports;

namespace OpsPortal.Adapters.Aws.QuickSight;

/// <summary>
/// A dashboard of QuickSight, opened for one of its registered users by GenerateEmbedUrlForRegisteredUser. QuickSight shows that user all that
/// it lets them see: the portal's scopes do not reach there.
/// </summary>
internal sealed class QuickSightDashboard(AwsHttp http, AwsPlaces places, IOptions<QuickSightOptions> options, TimeProvider time, ILogger<QuickSightDashboard> logger) : IDashboard, IDisposable
{
    private readonly QuickSightOptions _options = options.Value;
    private readonly Lazy<HttpClient> _client = new(() => http.Create(new AwsPeer(AwsService.QuickSight)
    {
        Endpoint = options.Value.Endpoint, Region = options.Value.Region, Timeout = options.Value.Timeout, Retries = options.Value.Retries,
    }));

    public string Title => _options.Title;

    public string FrameOrigin => _options.FrameOrigin ?? $"https://{places.Find(AwsService.QuickSight, _options.Endpoint, _options.Region).Region}.quicksight.aws.amazon.com";

    public string? Refusal(User user)
    {
        if (_options.WholeFleetOnly && !user.Scope.IsWholeFleet)
        {
            return "You see a part of the fleet, and the dashboard shows all of it: QuickSight does not know which part is yours. The reports here do.";
        }

        return ArnsOf(user) switch
        {
            [_] => null,
            [] => "No QuickSight user is set for your role. If your work needs the dashboard, ask an administrator.",
            _ => "Your roles lead to several QuickSight users, and it is not guessed which you are. Ask an administrator to set one for them.",
        };
    }

    public async Task<OpenedDashboard> OpenAsync(User user, string portal, CancellationToken cancellationToken)
    {
        var arn = Refusal(user) is { } refusal ? throw new InvalidOperationException(refusal) : ArnsOf(user).Single();
        // From before the question: the session begins at the earliest now.
        var endsAt = time.GetUtcNow() + _options.SessionFor;
        return new OpenedDashboard(Read(await AskAsync(arn, portal, cancellationToken)), endsAt, _options.DashboardId!, arn);
    }

    public void Dispose()
    {
        if (_client.IsValueCreated)
        {
            _client.Value.Dispose();
        }
    }

    private List<string> ArnsOf(User user)
    {
        var own = _options.UserArnByRole.Where(pair => Enum.TryParse<Role>(pair.Key, ignoreCase: true, out var role) && user.Roles.Contains(role)).Select(pair => pair.Value).Distinct(StringComparer.Ordinal).ToList();
        return own.Count == 0 && _options.UserArn is { Length: > 0 } everybody ? [everybody] : own;
    }

    // https://docs.aws.amazon.com/quicksight/latest/APIReference/API_GenerateEmbedUrlForRegisteredUser.html
    private async Task<string> AskAsync(string arn, string portal, CancellationToken cancellationToken)
    {
        var body = new JsonObject
        {
            ["AllowedDomains"] = new JsonArray([.. (_options.AllowedDomains.Count > 0 ? _options.AllowedDomains : [portal]).Select(domain => JsonValue.Create(domain))]),
            ["ExperienceConfiguration"] = new JsonObject { ["Dashboard"] = new JsonObject { ["InitialDashboardId"] = _options.DashboardId } },
            ["SessionLifetimeInMinutes"] = (int)_options.SessionFor.TotalMinutes,
            ["UserArn"] = arn,
        };
        using var content = new StringContent(body.ToJsonString(), new System.Net.Http.Headers.MediaTypeHeaderValue("application/json"));
        using var request = new HttpRequestMessage(HttpMethod.Post, $"accounts/{_options.AccountId}/embed-url/registered-user") { Content = content };
        try
        {
            // An address that nobody uses costs nothing and ends by itself: asking twice does no harm.
            using var response = await _client.Value.SendAsync(request.With(AwsRequest.Repeatable, true), cancellationToken);
            if (await ReadRefusalAsync(response, arn, cancellationToken) is { } refused)
            {
                throw refused;
            }

            return await response.Content.ReadAsStringAsync(cancellationToken);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutException || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            logger.NotReached(e.Message);
            throw new DashboardUnavailableException("QuickSight cannot be reached now. Try again in a minute; the reports here go on.", mayPass: true, e);
        }
    }

    private async Task<DashboardUnavailableException?> ReadRefusalAsync(HttpResponseMessage response, string arn, CancellationToken cancellationToken)
    {
        if (await Signing.Refusal.ReadAsync(response, cancellationToken) is not { } refusal)
        {
            return null;
        }

        var status = ((int)refusal.Status).ToString(CultureInfo.InvariantCulture);
        var requestId = response.Headers.TryGetValues("x-amzn-RequestId", out var ids) ? ids.First() : "none";
        logger.Refused(status, refusal.Code, requestId);
        var (words, mayPass) = refusal switch
        {
            { IsThrottling: true } => ("QuickSight is asked too often now. Wait a minute and open the dashboard again.", true),
            { Code: "QuickSightUserNotFoundException" } => ($"QuickSight has no user {Name(arn)}. An administrator has to register it there, or set another in QuickSight:UserArn.", false),
            { Code: "ResourceNotFoundException" } => ($"QuickSight has no dashboard {_options.DashboardId} in this account and region. An administrator has to correct QuickSight:DashboardId.", false),
            { Code: "SessionLifetimeInMinutesInvalidException" } => ($"QuickSight does not take a session of {_options.SessionFor.TotalMinutes:0} minutes. An administrator has to change QuickSight:SessionFor.", false),
            { Code: "UnsupportedPricingPlanException" } => ("The QuickSight account's pricing plan does not include embedded dashboards. An administrator has to change the plan.", false),
            { Code: "UnsupportedUserEditionException" } => ("The QuickSight account's edition does not include embedded dashboards: they need the Enterprise edition.", false),
            { Code: "InvalidParameterValueException" } => ("QuickSight does not take the request: most likely the portal's address is not one that may hold its frame. An administrator finds the request in the log.", false),
            { Status: HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden } => ("AWS does not let the portal open this dashboard. An administrator has to allow it quicksight:GenerateEmbedUrlForRegisteredUser, and the QuickSight user the dashboard.", false),
            { Status: >= HttpStatusCode.InternalServerError } => ($"QuickSight has failed ({status}). Try again in a minute; the reports here go on.", true),
            _ => ($"QuickSight refuses to open the dashboard ({status} {refusal.Code}). An administrator finds the request in the log.", false),
        };
        return new DashboardUnavailableException(words, mayPass);
    }

    private static string Name(string arn) => arn.Split(":user/")[^1];

    // The answer opens the dashboard for whoever has it: nothing of it is repeated, but the host where it is another's.
    private Uri Read(string answer)
    {
        Uri? address;
        try
        {
            address = Uri.TryCreate((string?)JsonNode.Parse(answer)?["EmbedUrl"], UriKind.Absolute, out var given) ? given : null;
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            address = null;
        }

        if (address is null)
        {
            logger.NotRead(answer.Length);
            throw new DashboardUnavailableException("QuickSight's answer cannot be read. Try again; if it stays so, tell an administrator.", mayPass: true);
        }

        if (!address.GetLeftPart(UriPartial.Authority).Equals(FrameOrigin, StringComparison.OrdinalIgnoreCase))
        {
            logger.OtherHost(address.IdnHost, FrameOrigin);
            throw new DashboardUnavailableException($"QuickSight opens the dashboard at {address.IdnHost}, which the portal's pages may not show. An administrator has to set QuickSight:FrameOrigin.", mayPass: false);
        }

        return address;
    }
}
