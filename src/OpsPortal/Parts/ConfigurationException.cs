using Microsoft.Extensions.Options;

namespace OpsPortal.Parts;

/// <summary>The configuration is wrong: every mistake found, each with its key. The process does not start.</summary>
public sealed class ConfigurationException(IReadOnlyList<string> mistakes) : Exception(string.Join(Environment.NewLine, mistakes))
{
    public IReadOnlyList<string> Mistakes { get; } = mistakes;

    /// <summary>All mistakes in what a failed start threw, or null when it failed for another reason.</summary>
    public static IReadOnlyList<string>? MistakesIn(Exception exception) => exception switch
    {
        ConfigurationException configuration => configuration.Mistakes,
        OptionsValidationException options => [.. options.Failures],
        AggregateException several when several.InnerExceptions.All(inner => MistakesIn(inner) is not null) => [.. several.InnerExceptions.SelectMany(inner => MistakesIn(inner)!)],
        _ => null,
    };
}
