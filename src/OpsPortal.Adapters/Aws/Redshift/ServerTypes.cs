using System.Collections.Frozen;
using System.Globalization;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Aws.Redshift;

/// <summary>Types by the numbers that PostgreSQL gave them and Redshift kept, and by the names that both catalogues say.</summary>
internal static class ServerTypes
{
    private static readonly FrozenDictionary<uint, (string Name, WarehouseType Type)> Known = new Dictionary<uint, (string, WarehouseType)>
    {
        [16] = ("boolean", WarehouseType.Boolean),
        [18] = ("char", WarehouseType.Text),
        [19] = ("name", WarehouseType.Text),
        [20] = ("bigint", WarehouseType.WholeNumber),
        [21] = ("smallint", WarehouseType.WholeNumber),
        [23] = ("integer", WarehouseType.WholeNumber),
        [25] = ("text", WarehouseType.Text),
        [26] = ("oid", WarehouseType.WholeNumber),
        [700] = ("real", WarehouseType.Number),
        [701] = ("double precision", WarehouseType.Number),
        [1042] = ("character", WarehouseType.Text),
        [1043] = ("character varying", WarehouseType.Text),
        [1082] = ("date", WarehouseType.Time),
        [1083] = ("time", WarehouseType.Text),
        [1114] = ("timestamp", WarehouseType.Time),
        [1184] = ("timestamptz", WarehouseType.Time),
        [1700] = ("numeric", WarehouseType.Number),
        [3000] = ("geometry", WarehouseType.Text),
        [4000] = ("super", WarehouseType.Text),
        [6551] = ("varbyte", WarehouseType.Text),
    }.ToFrozenDictionary();

    public static WarehouseColumn Column(string name, uint number) =>
        Known.TryGetValue(number, out var known)
            ? new WarehouseColumn(name, known.Type, known.Name)
            : new WarehouseColumn(name, WarehouseType.Text, number.ToString("type 0", CultureInfo.InvariantCulture));

    /// <summary>By the catalogue's name, such as "character varying" or "timestamp without time zone".</summary>
    public static WarehouseType Named(string name) => name switch
    {
        "boolean" => WarehouseType.Boolean,
        "bigint" or "smallint" or "integer" => WarehouseType.WholeNumber,
        "real" or "double precision" or "numeric" => WarehouseType.Number,
        "date" => WarehouseType.Time,
        _ when name.StartsWith("timestamp", StringComparison.Ordinal) => WarehouseType.Time,
        _ => WarehouseType.Text,
    };
}
