namespace OpsPortal.Parts;

/// <summary>Reads <c>Parts=Portal,Detector,Trains</c>.</summary>
internal static class PartsConfiguration
{
    public const string Key = "Parts";

    private static readonly string[] Names = ["Portal", "Detector", "Trains"];

    /// <summary>What is wrong with the key, in words; null when nothing is.</summary>
    public static string? Problem(IConfiguration configuration)
    {
        var named = Named(configuration);
        return named.FirstOrDefault(name => !Names.Contains(name, StringComparer.OrdinalIgnoreCase)) is { } unknown
            ? $"{Key}: \"{unknown}\" is no part. Use one or more of {string.Join(", ", Names)}, separated by commas."
            : named.Length == 0 ? $"{Key}: is empty. Use one or more of {string.Join(", ", Names)}." : null;
    }

    /// <summary>The parts named; all of them when the key is absent. Only to be called when there is no <see cref="Problem"/>.</summary>
    public static Part Read(IConfiguration configuration) =>
        Named(configuration).Aggregate(Part.None, (parts, name) => parts | Enum.Parse<Part>(name, ignoreCase: true));

    private static string[] Named(IConfiguration configuration) =>
        (configuration[Key] ?? string.Join(',', Names)).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
}
