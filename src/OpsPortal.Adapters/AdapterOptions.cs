using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Adapters;

/// <summary>Which adapter stands behind which port. Section <c>Adapters</c>. What is not named stays embedded.</summary>
public sealed class AdapterOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Adapters";

    /// <summary>Operational documents (trains, readings, anomalies, alerts, audit, dead letters): Embedded (default) or OpenSearch (section <c>OpenSearch</c>).</summary>
    [EnumDataType(typeof(OperationsAdapter))]
    public OperationsAdapter Operations { get; set; }

    /// <summary>Device shadows: Embedded (default) or Iot (AWS IoT Core, section <c>Iot</c>).</summary>
    [EnumDataType(typeof(ShadowsAdapter))]
    public ShadowsAdapter Shadows { get; set; }

    /// <summary>The processed tables: Embedded (default) or Redshift (section <c>Redshift</c>).</summary>
    [EnumDataType(typeof(WarehouseAdapter))]
    public WarehouseAdapter Warehouse { get; set; }

    /// <summary>Raw files: Embedded (default) or S3 (section <c>S3</c>).</summary>
    [EnumDataType(typeof(RawFilesAdapter))]
    public RawFilesAdapter RawFiles { get; set; }

    /// <summary>Data-protection keys: Folder (default, <c>Keys:Folder</c>) or S3 (section <c>S3Keys</c>).</summary>
    [EnumDataType(typeof(KeysAdapter))]
    public KeysAdapter Keys { get; set; }
}

/// <summary>Adapters of data-protection keys.</summary>
public enum KeysAdapter
{
    /// <summary>A folder.</summary>
    Folder = 0,

    /// <summary>A bucket of S3, encrypted with a key of KMS.</summary>
    S3 = 1,
}

/// <summary>Adapters of the warehouse.</summary>
public enum WarehouseAdapter
{
    /// <summary>A file of <c>Data:Folder</c>, made from the embedded stores.</summary>
    Embedded = 0,

    /// <summary>Amazon Redshift, or anything that speaks its protocol.</summary>
    Redshift = 1,
}

/// <summary>Adapters of raw files.</summary>
public enum RawFilesAdapter
{
    /// <summary>The folder <c>Data:Folder</c>, where they are written.</summary>
    Embedded = 0,

    /// <summary>S3, or anything that speaks its protocol.</summary>
    S3 = 1,
}

/// <summary>Adapters of device shadows.</summary>
public enum ShadowsAdapter
{
    /// <summary>A file of <c>Data:Folder</c>.</summary>
    Embedded = 0,

    /// <summary>AWS IoT Core, or anything that speaks its REST data plane.</summary>
    Iot = 1,
}

/// <summary>Adapters of operational documents.</summary>
public enum OperationsAdapter
{
    /// <summary>A file of <c>Data:Folder</c>.</summary>
    Embedded = 0,

    /// <summary>OpenSearch 2 or 3, alone or as an AWS domain.</summary>
    OpenSearch = 1,
}
