using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Core.Audit;
using OpsPortal.Core.Feed;
using OpsPortal.Core.Fleet;
using OpsPortal.Door;
using OpsPortal.SignIn;
using OpsPortal.Tokens;

namespace OpsPortal.Fleet;

/// <summary>Which fault to plant; null = drawn by the seed.</summary>
internal sealed record FaultRequest(string? TrainId, string? Kind, int? Seed);

internal static class FaultEndpoints
{
    public static void MapFaults(this IEndpointRouteBuilder api) =>
        api.MapPost("/demo/faults", PlantAsync).WithTags("Demo").WithSummary("Plants a fault on a simulated train; it starts at once.").Produces<PlantedFault>().ProducesProblem(StatusCodes.Status404NotFound);

    private static async Task<IResult> PlantAsync(
        FaultRequest? request, HttpContext context, [FromServices] IFaultPlanter? planter, [FromServices] IOptions<SignInOptions> signIn, [FromServices] FaultDesk desk)
    {
        if (planter is null || signIn.Value.Mode != SignInOptions.Personas)
        {
            return Problem.Of(StatusCodes.Status404NotFound, "Faults are planted only with the part Trains and SignIn:Mode \"Personas\".");
        }

        return await desk.PlantAsync(planter, request ?? new(null, null, null), context);
    }
}

/// <summary>Plants faults in a user's name, audited.</summary>
internal sealed class FaultDesk(IAuditLog audit, Refusals refusals, LiveFeed feed, TimeProvider time)
{
    public async Task<IResult> PlantAsync(IFaultPlanter planter, FaultRequest request, HttpContext context)
    {
        var user = context.User.ToUser();
        if (!user.May(Verb.PlantFault))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, "Your role may not plant faults.");
        }

        // Somebody who sees a part of the fleet plants there: what is drawn by chance, and the planter's messages, know the whole of it.
        if (!user.Scope.IsWholeFleet && (request.TrainId is null || feed.Find(user.Scope, request.TrainId) is null))
        {
            return Problem.Of("trainId", "Name a train inside your scope.");
        }

        try
        {
            // First the note, then the act: what cannot be audited is not done.
            await AuditAsync(user, context, request.TrainId ?? "a train by chance", "requested", request.Kind);
            var planted = await planter.PlantAsync(request.TrainId, request.Kind, request.Seed, context.RequestAborted);
            await AuditAsync(user, context, planted.TrainId, "ok", planted.Sensor.Length == 0 ? planted.Kind : $"{planted.Kind} on {planted.Sensor}");
            return Results.Ok(planted);
        }
        catch (ArgumentException e)
        {
            return Problem.Of(e.ParamName ?? "request", e.ParamName is { } name ? e.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : e.Message);
        }
    }

    private Task AuditAsync(User user, HttpContext context, string on, string outcome, string? detail)
    {
        var trace = CallerTrace.Of(context);
        return audit.AppendAsync(new AuditEntry(time.GetUtcNow(), user.Name, "plantFault", on, trace.From, outcome, detail, trace.Correlation), context.RequestAborted);
    }
}
