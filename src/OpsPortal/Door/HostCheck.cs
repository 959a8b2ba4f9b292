using Microsoft.Extensions.Options;
using OpsPortal.SignIn;

namespace OpsPortal.Door;

/// <summary>In Personas mode only loopback names are answered: otherwise a foreign name that resolves to this machine (DNS rebinding) would let any website in.</summary>
internal sealed class HostCheck(RequestDelegate next, IOptions<SignInOptions> options, Refusals refusals)
{
    public Task InvokeAsync(HttpContext context) =>
        options.Value.Mode != SignInOptions.Personas || LoopbackOnly.IsLoopbackHost(context.Request.Host.Host)
            ? next(context)
            : refusals.RefuseAsync(context, StatusCodes.Status400BadRequest, "With SignIn:Mode \"Personas\" the portal answers to localhost, 127.0.0.1 and [::1] only.");
}
