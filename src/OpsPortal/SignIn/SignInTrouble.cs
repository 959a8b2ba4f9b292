namespace OpsPortal.SignIn;

/// <summary>Why somebody is not signed in, as far as they are told. What exactly was wrong stands in the audit log: nothing of what was sent is shown again.</summary>
internal enum SignInTrouble
{
    /// <summary>Something in the way through the provider does not fit: start again.</summary>
    Failed,

    /// <summary>The provider, or the person there, said no.</summary>
    Denied,

    /// <summary>The provider cannot be reached.</summary>
    Provider,

    /// <summary>Nothing that the provider says gives a role here.</summary>
    NoRole,

    /// <summary>What the person may see cannot be told.</summary>
    NoScope,

    /// <summary>Too many sessions at the same time.</summary>
    TooMany,

    /// <summary>It cannot be written down, so it is not done.</summary>
    NotRecorded,
}

/// <summary>Somebody is not signed in.</summary>
/// <param name="why">For the audit log; without secrets, but not for showing.</param>
internal sealed class SignInRefusedException(SignInTrouble trouble, string why, Exception? cause = null) : Exception(why, cause)
{
    public SignInTrouble Trouble => trouble;

    /// <summary>The sign-in page that says so.</summary>
    public static string PageOf(SignInTrouble trouble, string? returnUrl) =>
        $"/sign-in?error={trouble.ToString().ToLowerInvariant()}&returnUrl={Uri.EscapeDataString(LocalUrl.OrRoot(returnUrl))}";
}
