using System.ComponentModel.DataAnnotations;

namespace OpsPortal.SignIn;

/// <summary>How people sign in. Section <c>SignIn</c>.</summary>
internal sealed class SignInOptions
{
    public const string Section = "SignIn";

    /// <summary>Anybody may say who they are, so it works on loopback only.</summary>
    public const string Personas = "Personas";

    /// <summary>People sign in at an identity provider: section <c>OpenIdConnect</c>.</summary>
    public const string OpenIdConnect = "OpenIdConnect";

    /// <summary>An AWS load balancer signs people in and says so in a signed header: section <c>Alb</c>.</summary>
    public const string Alb = "Alb";

    /// <summary>All modes.</summary>
    public static readonly IReadOnlyList<string> Modes = [Personas, OpenIdConnect, Alb];

    /// <summary>How people sign in: Personas (default), OpenIdConnect or Alb.</summary>
    public string Mode { get; init; } = Personas;

    /// <summary>A session ends this long after sign-in, used or not. Default 12 h, 1 min to 24 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(12);

    /// <summary>A session ends when the person has done nothing for so long; what pages fetch by themselves is no use. Default 2 h, 10 s to 24 h.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")]
    public TimeSpan IdleFor { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How often open pages and live connections are held against their session: ended ones are closed after this at the latest. Default 1 min, 1 s to 5 min.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan CheckEvery { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>With OpenIdConnect: an act that asks for a fresh proof (a personal token made, somebody else's session or token ended) takes one so old. Default 15 min, 1 min to 24 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan FreshFor { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Sessions that one user has at the same time. Default 1,000, 1 to 100,000.</summary>
    [Range(1, 100_000)]
    public int SessionsPerUser { get; init; } = 1_000;

    /// <summary>Sessions that begin at one address at the same time: a control room may stand behind one. Default 10,000, 1 to 1,000,000.</summary>
    [Range(1, 1_000_000)]
    public int SessionsPerAddress { get; init; } = 10_000;

    /// <summary>Outside Personas: which values of the role claims give which role. Default none: then a value that is a role's own name gives it.</summary>
    public Dictionary<string, string[]> Roles { get; init; } = [];

    /// <summary>Outside Personas: what somebody sees about whom neither a claim nor the scope file says anything. Default Nothing.</summary>
    [EnumDataType(typeof(UnsaidScope))]
    public UnsaidScope WithoutScope { get; init; } = UnsaidScope.Nothing;

    /// <summary>Outside Personas: a JSON file that says by value of the role claims which depots, lines and classes are seen. Default none.</summary>
    public string? ScopeFile { get; init; }
}

/// <summary>What is seen by somebody whose scope nobody has said.</summary>
internal enum UnsaidScope
{
    Nothing,
    WholeFleet,
}
