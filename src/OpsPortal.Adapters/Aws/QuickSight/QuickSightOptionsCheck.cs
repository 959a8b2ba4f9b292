using System.Text.RegularExpressions;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.Signing;
using OpsPortal.Core.Access;

namespace OpsPortal.Adapters.Aws.QuickSight;

/// <summary>Refuses half a dashboard, users that are none, and origins that are more than that: these stand in the page's content security policy.</summary>
internal sealed partial class QuickSightOptionsCheck(AwsPlaces places) : IValidateOptions<QuickSightOptions>
{
    private const int MostDomains = 3;

    public ValidateOptionsResult Validate(string? name, QuickSightOptions options)
    {
        var failures = Dashboard(options).Concat(Users(options)).Concat(Places(options)).ToList();
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    /// <summary>Scheme, host and port, and nothing that would mean something in a header.</summary>
    private static bool IsOrigin(string text) => Origin().IsMatch(text) && Uri.TryCreate(text, UriKind.Absolute, out var uri) && Uri.CheckHostName(uri.IdnHost) != UriHostNameType.Unknown;

    private static IEnumerable<string> Dashboard(QuickSightOptions options)
    {
        if (options.AccountId is null || !Account().IsMatch(options.AccountId))
        {
            yield return Said(nameof(options.AccountId), "must be set: the 12 digits of the AWS account that has the dashboard.");
        }

        if (options.DashboardId is null || !Dashboard().IsMatch(options.DashboardId))
        {
            yield return Said(nameof(options.DashboardId), "must be set: the dashboard's id, letters, digits, - and _ only.");
        }

        if (options.SessionFor.Ticks % TimeSpan.TicksPerMinute != 0)
        {
            yield return Said(nameof(options.SessionFor), "is counted in whole minutes, such as 01:00:00.");
        }
    }

    private static IEnumerable<string> Users(QuickSightOptions options)
    {
        const string Arn = "is not the ARN of a QuickSight user, such as arn:aws:quicksight:eu-west-2:111122223333:user/default/fleet-readers.";
        if (string.IsNullOrEmpty(options.UserArn) && options.UserArnByRole.Count == 0)
        {
            yield return Said(nameof(options.UserArn), "must be set, or UserArnByRole: as whom people open the dashboard is never guessed.");
        }

        if (options.UserArn is { Length: > 0 } everybody && !User().IsMatch(everybody))
        {
            yield return Said(nameof(options.UserArn), Arn);
        }

        foreach (var (role, arn) in options.UserArnByRole)
        {
            if (!Enum.GetNames<Role>().Contains(role, StringComparer.OrdinalIgnoreCase))
            {
                yield return Said($"{nameof(options.UserArnByRole)}:{role}", $"is no role. Roles are {string.Join(", ", Enum.GetNames<Role>())}.");
            }

            if (!User().IsMatch(arn))
            {
                yield return Said($"{nameof(options.UserArnByRole)}:{role}", Arn);
            }
        }
    }

    private IEnumerable<string> Places(QuickSightOptions options)
    {
        if (places.Problem(AwsService.QuickSight, options.Endpoint, options.Region) is { } place)
        {
            yield return Said(options.Endpoint is null ? nameof(options.Region) : nameof(options.Endpoint), place);
        }
        else if (options.FrameOrigin is null && !Region().IsMatch(places.Find(AwsService.QuickSight, options.Endpoint, options.Region).Region))
        {
            yield return Said(nameof(options.Region), "is not a region such as eu-west-2.");
        }

        if (options.FrameOrigin is { } frame && !IsOrigin(frame))
        {
            yield return Said(nameof(options.FrameOrigin), "give scheme, name and port only, such as https://eu-west-2.quicksight.aws.amazon.com.");
        }

        if (options.AllowedDomains.Count > MostDomains)
        {
            yield return Said(nameof(options.AllowedDomains), $"QuickSight takes at most {MostDomains}.");
        }

        foreach (var (domain, i) in options.AllowedDomains.Select((domain, i) => (domain, i)).Where(at => !IsOrigin(at.domain)))
        {
            yield return Said($"{nameof(options.AllowedDomains)}:{i}", "give scheme, name and port only, such as https://ops.example.");
        }
    }

    private static string Said(string key, string problem) => $"{QuickSightOptions.Section}:{key}: {problem}";

    [GeneratedRegex(@"^[0-9]{12}\z")]
    private static partial Regex Account();

    [GeneratedRegex(@"^[A-Za-z0-9_-]{1,512}\z")]
    private static partial Regex Dashboard();

    [GeneratedRegex(@"^arn:aws[a-z-]*:quicksight:[a-z0-9-]+:[0-9]{12}:user/[A-Za-z0-9._-]{1,64}/[^\s:]{1,512}\z")]
    private static partial Regex User();

    [GeneratedRegex(@"^[a-z]{2}(?:-[a-z]+){1,3}-[0-9]{1,2}\z")]
    private static partial Regex Region();

    [GeneratedRegex(@"^(?:https://[a-z0-9.-]+|http://(?:localhost|127\.0\.0\.1))(?::[0-9]{1,5})?\z")]
    private static partial Regex Origin();
}
