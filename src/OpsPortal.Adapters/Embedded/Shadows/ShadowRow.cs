using System.Text.Json.Nodes;
using OpsPortal.Adapters.Embedded.Sqlite;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Adapters.Embedded.Shadows;

/// <summary>A shadow as kept. Texts, so that every listener gets a document of its own: JSON nodes are mutable.</summary>
internal sealed record ShadowRow(string Train, string Name, string Desired, string Reported, string Metadata, long Version, DateTimeOffset At, bool Deleted, long Change)
{
    public const string Columns = "train, name, desired, reported, metadata, version, at, deleted, change";

    public static ShadowRow From(Microsoft.Data.Sqlite.SqliteDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5), row.Time(6), row.GetBoolean(7), row.GetInt64(8));

    public static ShadowRow? Find(SqliteSession session, string train, string name) =>
        session.First($"SELECT {Columns} FROM shadows WHERE train = $train AND name = $name", From, ("$train", train), ("$name", name));

    public void Keep(SqliteSession session) =>
        session.Run(
            "INSERT OR REPLACE INTO shadows VALUES ($train, $name, $desired, $reported, $metadata, $version, $at, $deleted, $change)",
            ("$train", Train),
            ("$name", Name),
            ("$desired", Desired),
            ("$reported", Reported),
            ("$metadata", Metadata),
            ("$version", Version),
            SqlValue.Time("$at", At),
            ("$deleted", Deleted),
            ("$change", Change));

    /// <summary>The document, or null when it is deleted.</summary>
    public DeviceShadow? ToShadow()
    {
        if (Deleted)
        {
            return null;
        }

        var desired = JsonNode.Parse(Desired)!.AsObject();
        var reported = JsonNode.Parse(Reported)!.AsObject();
        return new DeviceShadow(desired, reported, ShadowRules.Delta(desired, reported), JsonNode.Parse(Metadata)!.AsObject(), Version, At);
    }
}
