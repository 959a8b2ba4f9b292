using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Core.Mail;
using OpsPortal.Door;
using OpsPortal.SignIn;
using OpsPortal.Tokens;

namespace OpsPortal.Reports.Mail;

internal static class MailEndpoints
{
    private const string Tag = "Reports";

    public static void MapReportMails(this IEndpointRouteBuilder api)
    {
        var mails = api.MapGroup("/report-mails").WithTags(Tag).AddEndpointFilter(RefuseAsync);
        mails.MapGet("", FindAsync).WithSummary("Reports that you are sent by mail; for administrators with all=true everybody's.").Produces<ListAnswer<MailedReportJson>>().ProducesProblem(StatusCodes.Status403Forbidden);
        mails.MapPost("", MakeAsync).WithSummary("Has a report sent every day, week or month, about the last one that is over.").Produces<MailedReportJson>(StatusCodes.Status201Created).ProducesValidationProblem().ProducesProblem(StatusCodes.Status409Conflict);
        mails.MapDelete("/{id}", DeleteAsync).WithSummary("Ends these mails; administrators end anybody's.").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound);
        mails.MapPost("/{id}/prolong", ProlongAsync).WithSummary("These mails go on for as long as new ones would.").Produces<MailedReportJson>().ProducesProblem(StatusCodes.Status404NotFound);
        mails.MapPost("/{id}/send", SendAsync).WithSummary("Sends the newest of these now, besides those that are due.").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status404NotFound).ProducesProblem(StatusCodes.Status502BadGateway);
    }

    private static async ValueTask<object?> RefuseAsync(EndpointFilterInvocationContext call, EndpointFilterDelegate next)
    {
        var context = call.HttpContext;
        if (!context.User.ToUser().May(Verb.MailReports))
        {
            return await context.RequestServices.GetRequiredService<Refusals>().ResultAsync(context, StatusCodes.Status403Forbidden, MailDesk.MayNot);
        }

        return await next(call);
    }

    private static async Task<IResult> FindAsync(HttpContext context, MailDesk desk, TimeProvider time, string? all = null)
    {
        if (all is not (null or "true" or "false"))
        {
            return Problem.Of("all", "Must be true or false.");
        }

        var now = time.GetUtcNow();
        var found = await desk.FindAsync(context.User.ToUser(), all == "true", context.RequestAborted);
        return Results.Ok(new ListAnswer<MailedReportJson>([.. found.Select(report => MailedReportJson.Of(report, now))], null, now, desk.IsSetUp ? null : MailDesk.NotSetUp));
    }

    private static async Task<IResult> MakeAsync(MailRequest? request, HttpContext context, MailDesk desk, TimeProvider time)
    {
        if (!desk.IsSetUp)
        {
            return Problem.Of(StatusCodes.Status409Conflict, MailDesk.NotSetUp);
        }

        var reader = new QueryReader();
        if (MailForm.Read(reader, desk.Options, request ?? new MailRequest(null, null, null, null, null, null, null, null)) is not { } wish)
        {
            return reader.Refusal!;
        }

        return await desk.MakeAsync(context.User.ToUser(), wish, CallerTrace.Of(context), context.RequestAborted) is { } made
            ? Results.Created($"/api/report-mails/{made.Id}", MailedReportJson.Of(made, time.GetUtcNow()))
            : Problem.Of(StatusCodes.Status409Conflict, $"You have {desk.Options.MostPerUser} reports by mail; end one first.");
    }

    private static async Task<IResult> DeleteAsync(string id, HttpContext context, MailDesk desk)
    {
        var user = context.User.ToUser();
        if (await desk.GetAsync(user, id, orOthers: true, context.RequestAborted) is not { } report)
        {
            return NotThere();
        }

        await desk.DeleteAsync(user, report, CallerTrace.Of(context), context.RequestAborted);
        return Results.NoContent();
    }

    private static async Task<IResult> ProlongAsync(string id, HttpContext context, MailDesk desk, TimeProvider time)
    {
        var user = context.User.ToUser();
        return await desk.GetAsync(user, id, orOthers: false, context.RequestAborted) is { } report && await desk.ExtendAsync(user, report, CallerTrace.Of(context), context.RequestAborted) is { } longer
            ? Results.Ok(MailedReportJson.Of(longer, time.GetUtcNow()))
            : NotThere();
    }

    private static async Task<IResult> SendAsync(string id, HttpContext context, MailDesk desk, Mailer mailer)
    {
        if (await desk.GetAsync(context.User.ToUser(), id, orOthers: false, context.RequestAborted) is not { } report)
        {
            return NotThere();
        }

        try
        {
            await mailer.SendNowAsync(report, context.RequestAborted);
            return Results.NoContent();
        }
        catch (MailNotTakenException e)
        {
            return Problem.Of(StatusCodes.Status502BadGateway, e.Message);
        }
    }

    private static IResult NotThere() => Problem.Of(StatusCodes.Status404NotFound, "There are no such mails of yours.", "id");
}
