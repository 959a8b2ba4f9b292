namespace OpsPortal.Adapters.Aws.OpenSearch;

/// <summary>How OpenSearch is.</summary>
internal sealed class OpenSearchHealth(TimeProvider time) : NotedHealth("OpenSearch", time);
