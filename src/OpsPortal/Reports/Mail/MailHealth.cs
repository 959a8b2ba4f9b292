using OpsPortal.Core.Health;

namespace OpsPortal.Reports.Mail;

/// <summary>How sending goes. By itself, because reports look at everybody's health.</summary>
internal sealed class MailHealth(TimeProvider time) : IServiceHealth
{
    private ServiceHealth _present = new("report mail", null, null);

    public ServiceHealth Get() => Volatile.Read(ref _present);

    /// <summary>A mail was taken.</summary>
    public void NoteSent() => Volatile.Write(ref _present, new ServiceHealth(_present.Service, time.GetUtcNow(), null));

    /// <summary>One was not, and would be another time.</summary>
    public void NoteProblem(string problem) => Volatile.Write(ref _present, Get() with { Problem = problem });
}
