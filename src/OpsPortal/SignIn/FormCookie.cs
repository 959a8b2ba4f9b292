namespace OpsPortal.SignIn;

/// <summary>
/// The cookie that forms are held against: secure also where personas sign in over http on this machine, as the session's is (browsers take such a
/// cookie from localhost). The framework's own setting for that refuses to make a form over http at all.
/// </summary>
internal sealed class FormCookie : CookieBuilder
{
    public override CookieOptions Build(HttpContext context, DateTimeOffset expiresFrom)
    {
        var options = base.Build(context, expiresFrom);
        (options.Secure, options.Path, options.Domain) = (true, "/", null);
        return options;
    }
}
