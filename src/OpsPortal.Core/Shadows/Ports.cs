using System.Text.Json.Nodes;

namespace OpsPortal.Core.Shadows;

/// <summary>Named device shadows, after AWS IoT Core's rules (document ≤ 8 KB, ≤ 5 levels written, version conflict, per-leaf deltas).</summary>
public interface IDeviceShadows
{
    /// <summary>The shadow, or null when it was never written or was deleted.</summary>
    Task<DeviceShadow?> GetAsync(string trainId, string name, CancellationToken cancellationToken);

    /// <summary>Merges the change into the shadow: null deletes a key, a null section clears it.</summary>
    /// <exception cref="ShadowConflictException">The change names a version that is not the present one.</exception>
    /// <exception cref="ShadowRefusedException">Too large, too deep, or malformed; the message says what to prune.</exception>
    Task<DeviceShadow> UpdateAsync(string trainId, string name, ShadowChange change, CancellationToken cancellationToken);

    /// <summary>Deletes the shadow; the version goes on counting if it is written again.</summary>
    Task DeleteAsync(string trainId, string name, CancellationToken cancellationToken);

    /// <summary>Names of the train's shadows.</summary>
    Task<IReadOnlyList<string>> FindNamesAsync(string trainId, CancellationToken cancellationToken);
}

/// <summary>The train's ear: what a device hears over MQTT while it is connected.</summary>
public interface IShadowDeltas
{
    /// <summary>Yields the shadow each time desired differs from reported after a change, from now on. A change while nobody listens is not kept: a train that connects must get its shadow first.</summary>
    IAsyncEnumerable<DeviceShadow> WatchAsync(string trainId, string name, CancellationToken cancellationToken);
}

/// <summary>A shadow document.</summary>
/// <param name="Desired">Written by the portal and the detector.</param>
/// <param name="Reported">Written only by the train.</param>
/// <param name="Delta">What of desired differs from reported (the service's difference).</param>
/// <param name="Metadata">Per leaf: when it was written, in Unix seconds.</param>
public sealed record DeviceShadow(JsonObject Desired, JsonObject Reported, JsonObject Delta, JsonObject Metadata, long Version, DateTimeOffset At);

/// <summary>A change to a shadow. A null section leaves it as it is; <see cref="ClearDesired"/> and <see cref="ClearReported"/> stand for a JSON null.</summary>
/// <param name="Version">When set, the update is refused unless it is the present version.</param>
/// <param name="ClientToken">≤ 64 bytes, echoed; correlates only.</param>
public sealed record ShadowChange(JsonObject? Desired, JsonObject? Reported, long? Version = null, string? ClientToken = null, bool ClearDesired = false, bool ClearReported = false);

/// <summary>The version named in the request is not the present one (409).</summary>
public sealed class ShadowConflictException(long presentVersion) : Exception($"The shadow is at version {presentVersion} by now.")
{
    /// <summary>The present version.</summary>
    public long PresentVersion { get; } = presentVersion;
}

/// <summary>The service will not take the document (400, 413).</summary>
public sealed class ShadowRefusedException(string message) : Exception(message);
