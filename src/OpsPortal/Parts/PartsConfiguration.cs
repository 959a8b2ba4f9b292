namespace OpsPortal.Parts;

/// <summary>Reads <c>Parts=Portal,Detector,Trains</c>.</summary>
internal static class PartsConfiguration
{
    public const string Key = "Parts";

    /// <summary>The parts named; all of them when the key is absent.</summary>
    /// <exception cref="ConfigurationException">A name that is none of them.</exception>
    public static Part Read(IConfiguration configuration)
    {
        var text = configuration[Key] ?? "Portal,Detector,Trains";
        var parts = Part.None;
        foreach (var name in text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            if (!Enum.TryParse<Part>(name, ignoreCase: true, out var part) || part == Part.None || int.TryParse(name, out _))
            {
                throw new ConfigurationException([$"{Key}: \"{name}\" is no part. Use one or more of Portal, Detector, Trains, separated by commas."]);
            }

            parts |= part;
        }

        return parts == Part.None ? throw new ConfigurationException([$"{Key}: is empty. Use one or more of Portal, Detector, Trains."]) : parts;
    }
}
