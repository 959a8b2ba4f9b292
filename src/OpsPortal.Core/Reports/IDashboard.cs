using OpsPortal.Core.Access;

namespace OpsPortal.Core.Reports;

/// <summary>A dashboard of another product that the portal shows in a frame of its own page. There is none unless one is configured.</summary>
public interface IDashboard
{
    /// <summary>What people call it.</summary>
    string Title { get; }

    /// <summary>Where its frame comes from, and from nowhere else: scheme, host and port.</summary>
    string FrameOrigin { get; }

    /// <summary>Why this user may not open it, in words; null when they may. What a role gives is not asked here.</summary>
    string? Refusal(User user);

    /// <summary>Opens it for a user who may.</summary>
    /// <param name="portal">Origin of the page that will hold the frame, as the user's browser knows it.</param>
    /// <exception cref="DashboardUnavailableException">It cannot be opened; says what helps.</exception>
    Task<OpenedDashboard> OpenAsync(User user, string portal, CancellationToken cancellationToken);
}

/// <summary>A dashboard opened for one user.</summary>
/// <param name="Address">Opens it once, for whoever has it: it belongs in the frame and nowhere else.</param>
/// <param name="EndsAt">When the session ends (UTC).</param>
/// <param name="Id">Which dashboard it is.</param>
/// <param name="As">As whom the other product knows the user.</param>
public sealed record OpenedDashboard(Uri Address, DateTimeOffset EndsAt, string Id, string As)
{
    /// <summary>Never says the address.</summary>
    public override string ToString() => $"dashboard {Id} as {As}";
}

/// <summary>A dashboard cannot be opened. The message says why and what helps, in words for its user.</summary>
/// <param name="mayPass">Whether waiting helps; false where an administrator has to do something.</param>
public sealed class DashboardUnavailableException(string message, bool mayPass, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whether waiting helps.</summary>
    public bool MayPass { get; } = mayPass;
}
