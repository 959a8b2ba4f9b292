namespace OpsPortal.Adapters.Aws.Redshift;

/// <summary>What the server keeps of its tables' sizes.</summary>
/// <param name="Rows">Its estimate of each table's rows.</param>
/// <param name="RowBytes">Bytes on disk of one row, compressed, with all its columns; only of tables for which the server says so.</param>
internal sealed record TableSizes(IReadOnlyDictionary<string, long> Rows, IReadOnlyDictionary<string, double> RowBytes)
{
    /// <summary>Bytes of rows are asked for anew after this time: they hardly change, and SVV_TABLE_INFO is slow to answer.</summary>
    public static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(10);

    /// <summary>Of all tables nothing.</summary>
    public static readonly IReadOnlyDictionary<string, double> Unknown = new Dictionary<string, double>();
}
