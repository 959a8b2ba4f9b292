using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace OpsPortal.Core.Shadows;

/// <summary>Says what of a shadow takes the most room, so that one knows what to prune.</summary>
internal static class LargestEntries
{
    private const int Named = 3;

    /// <summary>The largest entries with their sizes, such as <c>desired.alerts.al-1 (812 bytes)</c>.</summary>
    public static string Name(JsonObject desired, JsonObject reported) =>
        string.Join(", ", Entries("desired", desired).Concat(Entries("reported", reported))
            .OrderByDescending(entry => entry.Bytes).ThenBy(entry => entry.Path, StringComparer.Ordinal)
            .Take(Named)
            .Select(entry => string.Create(CultureInfo.InvariantCulture, $"{entry.Path} ({entry.Bytes} bytes)")));

    private static IEnumerable<(string Path, int Bytes)> Entries(string name, JsonObject section) =>
        section.SelectMany(pair => pair.Value is JsonObject inside
            ? inside.Select(entry => ($"{name}.{pair.Key}.{entry.Key}", Size(entry.Value)))
            : [($"{name}.{pair.Key}", Size(pair.Value))]);

    private static int Size(JsonNode? node) => node is null ? 4 : Encoding.UTF8.GetByteCount(node.ToJsonString());
}
