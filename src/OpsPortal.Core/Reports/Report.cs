using OpsPortal.Core.Alerts;

namespace OpsPortal.Core.Reports;

/// <summary>A report: what was found, in figures, pictures and tables.</summary>
/// <param name="Limits">What is not known or was left out, in words; empty when it is all there is.</param>
public sealed record Report(ReportKind Kind, ReportQuestion Question, IReadOnlyList<ReportFigure> Figures, IReadOnlyList<ReportChart> Charts, IReadOnlyList<ReportTable> Tables, IReadOnlyList<string> Limits);

/// <summary>A report that can be asked for.</summary>
/// <param name="Name">As it stands in addresses.</param>
/// <param name="About">The question it answers, for people.</param>
public sealed record ReportKind(string Name, string Title, string About)
{
    public static ReportKind Data { get; } = new("data", "Data", "Did the trains' data come, and did it come in time?");

    public static ReportKind Alerts { get; } = new("alerts", "Alerts", "How many alerts were there, where, and how bad?");

    public static ReportKind Response { get; } = new("response", "Response", "How soon were alerts acknowledged, and how soon did they clear?");

    public static ReportKind Worst { get; } = new("worst", "Worst trains", "Which trains and which parts of them cause most alerts, and is it getting better?");

    /// <summary>All, in the order in which they are offered.</summary>
    public static IReadOnlyList<ReportKind> All { get; } = [Data, Alerts, Response, Worst];

    /// <summary>The report of that name, or null.</summary>
    public static ReportKind? Find(string name) => All.FirstOrDefault(kind => kind.Name == name);
}

/// <summary>One figure of the whole period.</summary>
/// <param name="Value">As rounded; null: there is none.</param>
/// <param name="Before">Of the period before; null where it is not known or not asked.</param>
/// <param name="Behind">The alerts that it counts; null where it counts none.</param>
public sealed record ReportFigure(Figure Figure, double? Value, double? Before, AlertsBehind? Behind);

/// <summary>A picture of some columns of a table.</summary>
/// <param name="Kind">line or bar.</param>
/// <param name="Columns">Ids of the table's columns.</param>
/// <param name="MostRows">Only the first rows are drawn.</param>
public sealed record ReportChart(string Kind, string Title, string Table, IReadOnlyList<string> Columns, bool IsStacked = false, bool IsHorizontal = false, int? MostRows = null);

/// <summary>A table whose rows have a name and a value for each column.</summary>
/// <param name="RowName">What a row is: "Line".</param>
public sealed record ReportTable(string Id, string Title, string RowName, IReadOnlyList<ReportColumn> Columns, IReadOnlyList<ReportRow> Rows);

/// <summary>A column.</summary>
public sealed record ReportColumn(Figure Figure)
{
    /// <summary>For programs: the figure's.</summary>
    public string Id => Figure.Id;
}

/// <summary>A row.</summary>
/// <param name="TrainId">The train it is about, where it is about one.</param>
public sealed record ReportRow(string Name, string? TrainId, IReadOnlyList<ReportCell> Cells)
{
    /// <summary>A row of which nothing is known: no figure in any column.</summary>
    public static ReportRow Unknown(string name, int columns) => new(name, null, [.. Enumerable.Repeat(new ReportCell(null, null), columns)]);
}

/// <summary>A value, and the alerts it counts.</summary>
public readonly record struct ReportCell(double? Value, AlertsBehind? Behind);

/// <summary>Which alerts a figure counts; null means "any".</summary>
/// <param name="Open">Only those that are open.</param>
/// <param name="NotAcknowledged">Only those that nobody has acknowledged.</param>
public sealed record AlertsBehind(
    DateTimeOffset From, DateTimeOffset To, string? Line, string? Class, string? TrainId, string? Subsystem = null, Severity? Severity = null, bool Open = false, bool NotAcknowledged = false);
