using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Mvc;
using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Door;

namespace OpsPortal.SignIn;

/// <summary>What a script sends to sign in.</summary>
internal sealed record PersonaSignIn(string? Persona, string? Name);

/// <summary>The answer: who it is now.</summary>
/// <param name="Token">For <c>Authorization: Bearer</c>.</param>
internal sealed record SignedIn(string Token, string Name, IReadOnlyList<string> Roles);

internal static class SignInEndpoints
{
    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-in/persona", SignInPersonaAsync).AllowAnonymous().WithTags("Sign-in").WithSummary("Signs in as a persona; sets the session cookie and gives the same session as a token.").Produces<SignedIn>();

        // Before the pages of the same address, which answer GET.
        routes.MapPost("/sign-in", SignInFormAsync).AllowAnonymous().WithOrder(-1).ExcludeFromDescription();
        routes.MapPost("/sign-out", SignOutAsync).WithOrder(-1).WithTags("Sign-in").WithSummary("Ends the session: cookie, token and open feeds.").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status403Forbidden);
    }

    private static async Task<IResult> SignInPersonaAsync(PersonaSignIn? request, HttpContext context, SignInDesk desk, Refusals refusals)
    {
        var (user, errors) = Personas.Read(request?.Persona, request?.Name);
        if (user is null)
        {
            await refusals.NoteAsync(context, string.Join(' ', errors.Values.SelectMany(words => words)));
            return Problem.Of(errors);
        }

        var token = await desk.SignInAsync(context, user);
        return Results.Ok(new SignedIn(token, user.Name, RoleNames(user)));
    }

    private static async Task<IResult> SignInFormAsync([FromForm] string? persona, [FromForm] string? name, [FromForm] string? returnUrl, HttpContext context, SignInDesk desk, Refusals refusals)
    {
        var target = LocalUrl.OrRoot(returnUrl);
        var (user, errors) = Personas.Read(persona, name);
        if (user is null)
        {
            await refusals.NoteAsync(context, string.Join(' ', errors.Values.SelectMany(words => words)));
            return Results.Redirect($"/sign-in?error={string.Join(',', errors.Keys)}&returnUrl={Uri.EscapeDataString(target)}");
        }

        await desk.SignInAsync(context, user);
        return Results.Redirect(target);
    }

    // By form (with its antiforgery field) or by script (header X-CSRF, or a Bearer token).
    private static async Task<IResult> SignOutAsync(HttpContext context, SignInDesk desk, IAntiforgery antiforgery, Refusals refusals)
    {
        if (!CrossSiteCheck.Proves(context.Request) && !await antiforgery.IsRequestValidAsync(context))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, CrossSiteCheck.HowToProve);
        }

        await desk.SignOutAsync(context);
        return context.Request.HasFormContentType ? Results.Redirect("/sign-in") : Results.NoContent();
    }

    internal static IReadOnlyList<string> RoleNames(User user) => [.. user.Roles.Select(role => role.ToString()).Order(StringComparer.Ordinal)];
}
