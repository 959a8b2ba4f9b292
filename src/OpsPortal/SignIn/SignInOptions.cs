using System.ComponentModel.DataAnnotations;

namespace OpsPortal.SignIn;

/// <summary>How people sign in. Section <c>SignIn</c>.</summary>
internal sealed class SignInOptions
{
    public const string Section = "SignIn";

    /// <summary>The one mode there is: anybody may say who they are, so it works on loopback only.</summary>
    public const string Personas = "Personas";

    /// <summary>How people sign in. Default Personas.</summary>
    public string Mode { get; init; } = Personas;

    /// <summary>A session ends this long after sign-in, used or not. Default 12 h, 1 min to 24 h.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan Lifetime { get; init; } = TimeSpan.FromHours(12);
}
