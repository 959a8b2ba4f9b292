using System.Text.Json.Nodes;

namespace OpsPortal.Adapters.Aws.OpenSearch.Indices;

/// <summary>
/// Fields of each kind of document: what is searched and sorted by, and the document itself as an object that OpenSearch keeps but does
/// not look into. So mappings stay strict while the product's records grow, and a person still reads the document in a dashboard.
/// </summary>
internal static class Mappings
{
    /// <summary>Grows with every change of a mapping. Changes may only add: what is there cannot become another type.</summary>
    public const int Version = 1;

    // A longer term would be refused with the whole document; such a name is kept, but not found by.
    private const int LongestTerm = 8_000;

    public static JsonObject Trains() => OfTrain(new() { [Field.Offset] = Type("long"), [Field.Body] = Unread() });

    public static JsonObject Registry() => new() { [Field.Train] = Word(), [Field.KeptAt] = Type("date"), [Field.Body] = Unread() };

    public static JsonObject Readings() => OfTrain(new()
    {
        ["start"] = Type("date"),
        [Field.StartTicks] = Type("long"),
        ["sequence"] = Type("long"),
        ["messages"] = Type("integer"),
        ["receivedAt"] = Type("date"),
        ["late"] = Type("boolean"),
        ["sensors"] = Unread(),
    });

    public static JsonObject Anomalies() => OfTrain(new()
    {
        [Field.Id] = Word(),
        [Field.Subsystem] = Word(),
        ["measuredAt"] = Type("date"),
        [Field.MeasuredTicks] = Type("long"),
        ["grade"] = Type("float"),
        ["score"] = Type("float"),
        [Field.Body] = Unread(),
    });

    public static JsonObject Alerts() => OfTrain(new()
    {
        [Field.Id] = Word(),
        [Field.Subsystem] = Word(),
        [Field.State] = Word(),
        [Field.Severity] = Type("integer"),
        ["raisedAt"] = Type("date"),
        [Field.RaisedTicks] = Type("long"),
        [Field.UndeliveredTicks] = Type("long"),
        ["revision"] = Type("long"),
        ["write"] = Silent(),
        [Field.Body] = Unread(),
    });

    public static JsonObject Audit() => new()
    {
        [Field.Number] = Type("long"),
        [Field.At] = Type("date"),
        [Field.Who] = Word(),
        [Field.Act] = Word(),
        [Field.On] = Word(),
        ["from"] = Word(),
        [Field.Outcome] = Word(),
        ["detail"] = Silent(),
        [Field.Correlation] = Word(),
        ["hash"] = Silent(),
        ["write"] = Silent(),
    };

    public static JsonObject DeadLetters() => new()
    {
        [Field.Offset] = Type("long"),
        ["receivedAt"] = Type("date"),
        [Field.ReceivedTicks] = Type("long"),
        [Field.Reason] = Word(),
        ["detail"] = Silent(),
        [Field.Body] = Type("binary"),
    };

    private static JsonObject OfTrain(JsonObject more)
    {
        foreach (var name in new[] { Field.Train, Field.Depot, Field.Line, Field.Class })
        {
            more[name] = Word();
        }

        more[Field.KeptAt] = Type("date");
        return more;
    }

    private static JsonObject Type(string type) => new() { ["type"] = type };

    private static JsonObject Word() => new() { ["type"] = "keyword", ["ignore_above"] = LongestTerm };

    // Kept, neither searched nor sorted by, and of any length.
    private static JsonObject Silent() => new() { ["type"] = "keyword", ["index"] = false, ["doc_values"] = false };

    private static JsonObject Unread() => new() { ["type"] = "object", ["enabled"] = false };
}
