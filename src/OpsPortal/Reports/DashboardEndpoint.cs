using OpsPortal.Api;
using OpsPortal.Core.Reports;
using OpsPortal.Door;
using OpsPortal.SignIn;
using OpsPortal.Tokens;

namespace OpsPortal.Reports;

internal static class DashboardEndpoint
{
    public static void MapDashboard(this IEndpointRouteBuilder api) =>
        api.MapPost("/reports/dashboard", OpenAsync).WithTags("Reports")
            .WithSummary("Opens the QuickSight dashboard for you, where one is configured: an address for a frame of the portal's own page, good once and for some minutes. Each is in the audit.")
            .Produces<OpenedDashboardJson>().ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status502BadGateway);

    private static async Task<IResult> OpenAsync(HttpContext context, DashboardDesk desk, Refusals refusals)
    {
        context.Response.Headers.CacheControl = "no-store";
        var user = context.User.ToUser();
        if (desk.Refusal(user) is { } why)
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, why);
        }

        if (desk.Dashboard is null)
        {
            return Problem.Of(StatusCodes.Status404NotFound, "No dashboard is configured here.");
        }

        try
        {
            // The host is one of the portal's own: the door has seen to that.
            var portal = $"{context.Request.Scheme}://{context.Request.Host.Value}";
            var opened = await desk.OpenAsync(user, portal, CallerTrace.Of(context), context.RequestAborted);
            return Results.Ok(new OpenedDashboardJson(opened.Address, opened.EndsAt, desk.SecondsLeft(opened)));
        }
        catch (DashboardUnavailableException e)
        {
            if (!e.MayPass)
            {
                return Problem.Of(StatusCodes.Status502BadGateway, e.Message);
            }

            context.Response.Headers.RetryAfter = "60";
            return Problem.Of(StatusCodes.Status503ServiceUnavailable, e.Message);
        }
    }
}
