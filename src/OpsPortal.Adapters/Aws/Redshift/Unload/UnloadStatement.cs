using System.Globalization;
using OpsPortal.Core.Warehouse;

namespace OpsPortal.Adapters.Aws.Redshift.Unload;

/// <summary>The texts of an UNLOAD. It takes its query as a literal and no parameters, so that values have to be literals in it: those that the server itself has made (<see cref="ServerQuoting"/>).</summary>
internal static class UnloadStatement
{
    /// <summary>A value as a text that the server makes a literal of, and the type it is cast to: none for texts and times, whose type is found out from where they stand, as it is for the query itself.</summary>
    public static (string? Text, string? Type) Value(object? value) => value switch
    {
        null => (null, null),
        string text => (text, null),
        DateTimeOffset at => (at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff", CultureInfo.InvariantCulture), null),
        int or long => (Convert.ToString(value, CultureInfo.InvariantCulture), "BIGINT"),
        double number => (number.ToString("R", CultureInfo.InvariantCulture), "DOUBLE PRECISION"),
        // Without a scale it would be a whole number on Redshift.
        decimal number => (number.ToString(CultureInfo.InvariantCulture), string.Create(CultureInfo.InvariantCulture, $"NUMERIC(38, {number.Scale})")),
        bool truth => (truth ? "true" : "false", "BOOLEAN"),
        _ => throw new ArgumentException($"A {value.GetType().Name} is no value of a query.", nameof(value)),
    };

    /// <summary>The query that is unloaded: the operator's within one of ours, because UNLOAD refuses a LIMIT at the end. A line's end before the bracket: the last line may be a comment.</summary>
    /// <param name="literals">A literal, or nothing for null, for every parameter.</param>
    public static string Query(QueryText text, IReadOnlyDictionary<string, (string? Literal, string? Type)> literals) => $"SELECT * FROM (\n{text.With(name => Written(literals[name]))}\n) AS result";

    /// <summary>The whole statement.</summary>
    /// <param name="query">A literal of the server's own.</param>
    public static string Whole(string query, string bucket, string folder, UnloadOptions options)
    {
        // Bucket, prefix, role and region hold nothing but what the options' check lets through, the folder's name digits and letters.
        var role = options.Role == "default" ? "default" : $"'{options.Role}'";
        var region = options.Region is null ? "" : $" REGION AS '{options.Region}'";
        return string.Create(CultureInfo.InvariantCulture, $"UNLOAD ({query}) TO 's3://{bucket}/{folder}' IAM_ROLE {role} FORMAT AS PARQUET MANIFEST VERBOSE MAXFILESIZE {options.FileMegabytes} MB{region}");
    }

    // In brackets: nothing before or behind it becomes a part of it.
    private static string Written((string? Literal, string? Type) value) => value switch
    {
        (null, _) => "(NULL)",
        (_, null) => $"({value.Literal})",
        _ => $"(CAST({value.Literal} AS {value.Type}))",
    };
}
