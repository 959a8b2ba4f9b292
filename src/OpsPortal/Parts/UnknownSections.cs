using System.Reflection;
using Microsoft.Extensions.Configuration.CommandLine;
using Microsoft.Extensions.Configuration.Json;

namespace OpsPortal.Parts;

/// <summary>
/// Sections that nobody reads, in files and on the command line: what is written there is written for this product, so it is a slip. The environment
/// holds what other programs read, and is left alone.
/// </summary>
internal static class UnknownSections
{
    /// <summary>What the host and the framework read.</summary>
    private static readonly string[] Hosts =
    [
        "Parts", "Urls", "http_ports", "https_ports", "https_port", "Logging", "Kestrel", "AllowedHosts", "environment", "contentRoot", "applicationName", "webroot", "detailedErrors", "captureStartupErrors",
        "shutdownTimeoutSeconds", "staticWebAssets", "preferHostingUrls", "suppressStatusMessages", "startupAssembly", "hostingStartupAssemblies", "hostingStartupExcludeAssemblies", "preventHostingStartup", "disableDefaultExceptionHandler",
        "forwardedHeaders_enabled", "reloadConfigOnChange", "hostBuilder", "ReloadStaticAssetsAtRuntime", "$schema",
    ];

    /// <summary>One mistake for each, with the name that was probably meant.</summary>
    public static IEnumerable<string> Find(IConfiguration configuration)
    {
        if (configuration is not IConfigurationRoot root)
        {
            return [];
        }

        var known = Own().Concat(Hosts).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return root.Providers.Where(provider => provider is JsonConfigurationProvider or CommandLineConfigurationProvider)
            .SelectMany(provider => provider.GetChildKeys([], null)).Distinct(StringComparer.OrdinalIgnoreCase)
            .Where(key => !known.Contains(key))
            .Select(key => $"{key}: nobody reads this key. Sections are: {string.Join(", ", Own().Order(StringComparer.Ordinal))}; beside them Parts, Urls, AllowedHosts, Logging and Kestrel.");
    }

    // Of all parts, and of all that they are built from: which of them run does not make a section unknown.
    private static IEnumerable<string> Own() =>
        typeof(UnknownSections).Assembly.GetReferencedAssemblies().Where(name => name.Name!.StartsWith("OpsPortal", StringComparison.Ordinal)).Select(Assembly.Load).Append(typeof(UnknownSections).Assembly)
            .SelectMany(assembly => assembly.GetTypes())
            .Select(ConfigurationCheck.SectionOf)
            .Where(section => section.Length > 0)
            .Select(section => section.Split(':')[0])
            .Distinct(StringComparer.OrdinalIgnoreCase);
}
