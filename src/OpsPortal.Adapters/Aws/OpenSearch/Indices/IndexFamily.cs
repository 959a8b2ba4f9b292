using System.Text.Json.Nodes;

namespace OpsPortal.Adapters.Aws.OpenSearch.Indices;

/// <summary>One index, or a family of indices of one form.</summary>
/// <param name="Name">Its name behind the prefix.</param>
/// <param name="IsFamily">True: several, each with its own ending (a day, a month, a number).</param>
/// <param name="Properties">The fields; what is not among them is refused.</param>
internal sealed record IndexFamily(string Name, bool IsFamily, Func<JsonObject> Properties)
{
    public static readonly IndexFamily Trains = new("trains", false, Mappings.Trains);
    public static readonly IndexFamily Registry = new("registry", false, Mappings.Registry);
    public static readonly IndexFamily Readings = new("readings", true, Mappings.Readings);
    public static readonly IndexFamily Anomalies = new("anomalies", true, Mappings.Anomalies);
    public static readonly IndexFamily Alerts = new("alerts", false, Mappings.Alerts);
    public static readonly IndexFamily Audit = new("audit", true, Mappings.Audit);
    public static readonly IndexFamily DeadLetters = new("dead-letters", true, Mappings.DeadLetters);

    /// <summary>All there are.</summary>
    public static readonly IReadOnlyList<IndexFamily> All = [Trains, Registry, Readings, Anomalies, Alerts, Audit, DeadLetters];

    /// <summary>Those the follower follows.</summary>
    public static readonly IReadOnlyList<IndexFamily> Followed = [Trains, Anomalies, Alerts];
}
