namespace OpsPortal.Adapters.Aws.Redshift;

/// <summary>How the warehouse is.</summary>
internal sealed class RedshiftHealth(TimeProvider time) : NotedHealth("warehouse (Redshift)", time)
{
    /// <summary>Its name in what operators are told.</summary>
    public const string Store = "warehouse";
}
