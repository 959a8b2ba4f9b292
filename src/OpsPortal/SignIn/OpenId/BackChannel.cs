using OpsPortal.Api;
using OpsPortal.Core.Access;
using OpsPortal.Door;
using OpsPortal.Sessions;

namespace OpsPortal.SignIn.OpenId;

/// <summary>Where the provider says that somebody has signed out there: OpenID Connect Back-Channel Logout.</summary>
internal static class BackChannel
{
    public const string Path = "/sign-in/back-channel";

    private const int Largest = 256 * 1024;

    // Longer than a logout token is taken.
    private static readonly TimeSpan Remembered = TimeSpan.FromMinutes(30);

    public static void MapBackChannel(this IEndpointRouteBuilder routes) =>
        routes.MapPost(Path, TakeAsync).AllowAnonymous().DisableAntiforgery().ExcludeFromDescription().WithMetadata(new Microsoft.AspNetCore.Mvc.RequestSizeLimitAttribute(Largest));

    private static async Task<IResult> TakeAsync(HttpContext context, IServiceProvider services, Refusals refusals)
    {
        context.Response.Headers.CacheControl = "no-store";
        if (services.GetService<ProviderTokenCheck>() is not { } check)
        {
            return Problem.Of(StatusCodes.Status404NotFound, "There is nothing at this address.");
        }

        try
        {
            var (issuer, subject, session, id) = await check.ReadLogoutTokenAsync(await ReadFormAsync(context), context.RequestAborted);
            var (notes, note) = (services.GetRequiredService<IOneTimeNotes>(), $"logout {issuer} {id}");
            if (await notes.TakeAsync(note, context.RequestAborted) is not null)
            {
                await KeepAsync();
                throw new SignInRefusedException(SignInTrouble.Failed, "The logout token was shown before.");
            }

            // Noted when it is done, and done also when the provider does not wait for it: what failed half-way is sent again, and must not be refused then.
            await services.GetRequiredService<SessionDesk>().EndOfProviderAsync(issuer, subject, session, CallerOf(context), CancellationToken.None);
            await KeepAsync();
            return Results.Ok();

            Task KeepAsync() => notes.TryKeepAsync(note, "", TimeProviderOf(services).GetUtcNow() + Remembered, CancellationToken.None);
        }
        catch (SignInRefusedException e)
        {
            await refusals.NoteAsync(context, e.Message);
            return Problem.Of(StatusCodes.Status400BadRequest, "The logout token is refused.", "logout_token");
        }
        catch (ProviderUnavailableException)
        {
            return Problem.Of(StatusCodes.Status503ServiceUnavailable, "The provider's keys cannot be read now. Send it again.");
        }
    }

    private static async Task<string> ReadFormAsync(HttpContext context)
    {
        try
        {
            return context.Request.HasFormContentType ? (await context.Request.ReadFormAsync(context.RequestAborted))["logout_token"].ToString() : "";
        }
        catch (Exception e) when (e is InvalidDataException or IOException and not BadHttpRequestException)
        {
            throw new SignInRefusedException(SignInTrouble.Failed, "The form with the logout token cannot be read.", e);
        }
    }

    private static TimeProvider TimeProviderOf(IServiceProvider services) => services.GetRequiredService<TimeProvider>();

    private static Tokens.CallerTrace CallerOf(HttpContext context) => Tokens.CallerTrace.Of(context);
}
