using OpsPortal.Core.Health;

namespace OpsPortal.Adapters;

/// <summary>The health of a service that is registered elsewhere. Wrapped, because a container disposes what a factory gives it, once for each registration.</summary>
internal sealed class HealthOf(IServiceHealth service) : IServiceHealth
{
    public ServiceHealth Get() => service.Get();
}
