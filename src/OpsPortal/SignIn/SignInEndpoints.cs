using Microsoft.AspNetCore.Antiforgery;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using OpsPortal.Api;
using OpsPortal.Audit;
using OpsPortal.Core.Access;
using OpsPortal.Core.Health;
using OpsPortal.Door;
using OpsPortal.SignIn.Alb;
using OpsPortal.SignIn.OpenId;

namespace OpsPortal.SignIn;

/// <summary>What a script sends to sign in.</summary>
internal sealed record PersonaSignIn(string? Persona, string? Name);

/// <summary>The answer: who it is now.</summary>
/// <param name="Token">For <c>Authorization: Bearer</c>.</param>
internal sealed record SignedIn(string Token, string Name, IReadOnlyList<string> Roles);

internal static class SignInEndpoints
{
    private const string NoPersonas = "Nobody signs in as a persona here: SignIn:Mode is another one.";
    private const string TooMany = "You, or your address, have too many sessions at the same time; end some at /sessions, or ask an administrator.";

    public static void MapSignIn(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/sign-in/persona", SignInPersonaAsync).AllowAnonymous().AddEndpointFilter(UnknownParameters.RefuseAsync).WithTags("Sign-in").WithSummary("Signs in as a persona; sets the session cookie and gives the same session as a token.").Produces<SignedIn>();

        // Before the pages of the same address, which answer GET.
        routes.MapPost("/sign-in", SignInFormAsync).AllowAnonymous().WithOrder(-1).ExcludeFromDescription();
        routes.MapPost("/sign-out", SignOutAsync).WithOrder(-1).WithTags("Sign-in").WithSummary("Ends the session: cookie, token and open feeds.").Produces(StatusCodes.Status204NoContent).ProducesProblem(StatusCodes.Status403Forbidden);
        routes.MapGet("/sign-in/start", StartAsync).AllowAnonymous().ExcludeFromDescription();
        routes.MapGet("/sign-out/provider", FarewellAsync).AllowAnonymous().ExcludeFromDescription();

        // Asked by pages when somebody touches them: that is what keeps a session from being idle, not what pages do by themselves.
        routes.MapPost("/sign-in/here", () => Results.NoContent()).ExcludeFromDescription();
        routes.MapBackChannel();
    }

    private static async Task<IResult> SignInPersonaAsync(PersonaSignIn? request, HttpContext context, SignInDesk desk, Refusals refusals, IOptions<SignInOptions> options)
    {
        if (options.Value.Mode != SignInOptions.Personas)
        {
            return await refusals.ResultAsync(context, StatusCodes.Status404NotFound, NoPersonas);
        }

        var (user, errors) = Personas.Read(request?.Persona, request?.Name);
        if (user is null)
        {
            await refusals.NoteAsync(context, string.Join(' ', errors.Values.SelectMany(words => words)));
            return Problem.Of(errors);
        }

        return await desk.SignInAsync(context, user) is { } token
            ? Results.Ok(new SignedIn(token, user.Name, RoleNames(user)))
            : Problem.Of(StatusCodes.Status429TooManyRequests, TooMany);
    }

    private static async Task<IResult> SignInFormAsync([FromForm] string? persona, [FromForm] string? name, [FromForm] string? returnUrl, HttpContext context, SignInDesk desk, Refusals refusals, IOptions<SignInOptions> options)
    {
        if (options.Value.Mode != SignInOptions.Personas)
        {
            return await refusals.ResultAsync(context, StatusCodes.Status404NotFound, NoPersonas);
        }

        var target = LocalUrl.OrRoot(returnUrl);
        var (user, errors) = Personas.Read(persona, name);
        if (user is null)
        {
            await refusals.NoteAsync(context, string.Join(' ', errors.Values.SelectMany(words => words)));
            return Results.Redirect($"/sign-in?error={string.Join(',', errors.Keys)}&returnUrl={Uri.EscapeDataString(target)}");
        }

        try
        {
            return Results.Redirect(await desk.SignInAsync(context, user) is null ? SignInRefusedException.PageOf(SignInTrouble.TooMany, target) : target);
        }
        catch (StoreUnavailableException e) when (e.Store == AuditWriting.Store)
        {
            return Results.Redirect(SignInRefusedException.PageOf(SignInTrouble.NotRecorded, target));
        }
    }

    // A link and not a form: browsers hold a form's whole way, also through the provider, against form-action.
    private static async Task<IResult> StartAsync(HttpContext context, IOptions<SignInOptions> options, string? returnUrl = null, string? again = null)
    {
        var target = LocalUrl.OrRoot(returnUrl);
        if (context.RequestServices.GetService<AlbVoucher>() is { } voucher)
        {
            return await StartVouchedAsync(context, voucher, target);
        }

        if (options.Value.Mode != SignInOptions.OpenIdConnect)
        {
            return Results.Redirect("/sign-in");
        }

        var properties = new AuthenticationProperties { RedirectUri = target };
        if (again == "true")
        {
            properties.Items[ProviderHandler.Afresh] = "";
        }

        return Results.Challenge(properties, [ProviderHandler.Name]);
    }

    private static async Task<IResult> StartVouchedAsync(HttpContext context, AlbVoucher voucher, string target)
    {
        try
        {
            var user = await voucher.ReadAsync(context.Request, context.RequestAborted);
            var id = await context.RequestServices.GetRequiredService<SignInDesk>().SignInAsync(context, user);
            return Results.Redirect(id is null ? SignInRefusedException.PageOf(SignInTrouble.TooMany, target) : target);
        }
        catch (SignInRefusedException e)
        {
            await context.RequestServices.GetRequiredService<Refusals>().NoteAsync(context, e.Message);
            return Results.Redirect(SignInRefusedException.PageOf(e.Trouble, target));
        }
        catch (StoreUnavailableException e) when (e.Store == AuditWriting.Store)
        {
            return Results.Redirect(SignInRefusedException.PageOf(SignInTrouble.NotRecorded, target));
        }
    }

    // By form (with its antiforgery field) or by script (header X-CSRF, or a Bearer token).
    private static async Task<IResult> SignOutAsync(HttpContext context, SignInDesk desk, IAntiforgery antiforgery, Refusals refusals)
    {
        if (!CrossSiteCheck.Proves(context.Request) && !await antiforgery.IsRequestValidAsync(context))
        {
            return await refusals.ResultAsync(context, StatusCodes.Status403Forbidden, CrossSiteCheck.HowToProve);
        }

        var session = await desk.SignOutAsync(context);
        if (!context.Request.HasFormContentType)
        {
            return Results.NoContent();
        }

        if (context.RequestServices.GetService<AlbVoucher>() is not null)
        {
            foreach (var cookie in AlbVoucher.Cookies)
            {
                context.Response.Cookies.Delete(cookie, new CookieOptions { Path = "/", Secure = true });
            }

            return Results.Redirect("/signed-out");
        }

        return context.RequestServices.GetService<ProviderFarewell>() is { } farewell && session is not null && await farewell.PrepareAsync(session, context.RequestAborted) is { } ticket
            ? Results.Redirect($"/signed-out?ticket={ticket}")
            : Results.Redirect("/sign-in");
    }

    private static async Task<IResult> FarewellAsync(HttpContext context, string? ticket = null) =>
        ticket is not null && context.RequestServices.GetService<ProviderFarewell>() is { } farewell
            && await farewell.TakeAsync(ticket, $"{context.Request.Scheme}://{context.Request.Host}/signed-out", context.RequestAborted) is { } address
            ? Results.Redirect(address)
            : Results.Redirect("/signed-out");

    internal static IReadOnlyList<string> RoleNames(User user) => [.. user.Roles.Select(role => role.ToString()).Order(StringComparer.Ordinal)];
}
