namespace OpsPortal.Adapters.Aws.OpenSearch.Indices;

/// <summary>Names of fields that are searched or sorted by.</summary>
internal static class Field
{
    public const string Id = "id";
    public const string Train = "train";
    public const string Depot = "depot";
    public const string Line = "line";
    public const string Class = "class";
    public const string Subsystem = "subsystem";
    public const string State = "state";
    public const string Severity = "severity";
    public const string Reason = "reason";
    public const string Number = "number";
    public const string Offset = "offset";

    // Of the audit.
    public const string At = "at";
    public const string Who = "who";
    public const string Act = "act";
    public const string On = "on";
    public const string Outcome = "outcome";
    public const string Correlation = "correlation";

    // Times as .NET ticks beside the dates: dates of OpenSearch end at the millisecond (or at the year 2262), order and cursors need the whole time.
    public const string MeasuredTicks = "measuredTicks";
    public const string RaisedTicks = "raisedTicks";
    public const string UndeliveredTicks = "undeliveredTicks";
    public const string StartTicks = "startTicks";
    public const string ReceivedTicks = "receivedTicks";

    // The product's own document, as it was given.
    public const string Body = "body";
    public const string KeptAt = "keptAt";

    // OpenSearch's own.
    public const string Index = "_index";
    public const string ShardNumber = "_seq_no";
}
