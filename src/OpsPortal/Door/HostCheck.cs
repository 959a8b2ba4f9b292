using Microsoft.Extensions.Options;
using OpsPortal.SignIn;

namespace OpsPortal.Door;

/// <summary>
/// Answers only to names that are its own: otherwise a foreign name that resolves to this machine (DNS rebinding) would let any
/// website in, and links made from the name would lead away.
/// </summary>
internal sealed class HostCheck(RequestDelegate next, IOptions<SignInOptions> signIn, IOptions<DoorOptions> door, Refusals refusals)
{
    public Task InvokeAsync(HttpContext context)
    {
        var request = context.Request;
        if (signIn.Value.Mode == SignInOptions.Personas)
        {
            return LoopbackOnly.IsLoopbackHost(request.Host.Host)
                ? next(context)
                : refusals.RefuseAsync(context, StatusCodes.Status400BadRequest, "With SignIn:Mode \"Personas\" the portal answers to localhost, 127.0.0.1 and [::1] only.");
        }

        // Load balancers ask for the probes by address; they say "ok" and nothing else.
        return IsOwn(request.Host.Host) || request.Path.StartsWithSegments("/healthz")
            ? next(context)
            : refusals.RefuseAsync(context, StatusCodes.Status400BadRequest, "The portal does not answer to this name. Its names are set by Door:Hosts.");
    }

    private bool IsOwn(string host) =>
        door.Value.Hosts.Count == 0 ? LoopbackOnly.IsLoopbackHost(host) : door.Value.Hosts.Contains(host, StringComparer.OrdinalIgnoreCase);
}
