namespace OpsPortal.Adapters.Aws.Iot;

/// <summary>How the shadow service is.</summary>
internal sealed class IotHealth(TimeProvider time) : NotedHealth("AWS IoT device shadows", time);
