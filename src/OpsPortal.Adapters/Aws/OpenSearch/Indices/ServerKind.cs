using System.Globalization;
using Microsoft.Extensions.Options;
using OpsPortal.Adapters.Aws.OpenSearch.Client;

namespace OpsPortal.Adapters.Aws.OpenSearch.Indices;

/// <summary>Looks who answers: OpenSearch 2 or 3, snapshots included; others are named and refused, before anything is written to them.</summary>
internal sealed class ServerKind(OpenSearchClient client, IOptions<OpenSearchOptions> options)
{
    /// <summary>Version as the server said it; empty before.</summary>
    public string Version { get; private set; } = "";

    /// <summary>Which server it is, whatever its address: one that lost its data is another. Null before, and where it is not said.</summary>
    public string? Cluster { get; private set; }

    /// <exception cref="Core.Health.StoreUnavailableException">It is something else, or does not answer.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Service == "aoss")
        {
            // Serverless says nothing of itself.
            Version = "serverless";
            return;
        }

        RootAnswer root;
        try
        {
            root = await client.SendAsync(HttpMethod.Get, "", null, OpenSearchJson.Default.RootAnswer, cancellationToken);
        }
        catch (OpenSearchRefusedException e)
        {
            throw client.Unavailable($"what answers at OpenSearch:Endpoint is not OpenSearch: {e.Error}", e);
        }

        (Version, Cluster) = (root.Version?.Number ?? "", root.Cluster);
        if (ProblemOf(root.Version) is { } problem)
        {
            throw client.Unavailable(problem);
        }
    }

    private static string? ProblemOf(VersionAnswer? version) => version switch
    {
        null or { Number: null } => "what answers at OpenSearch:Endpoint is not OpenSearch: it says no version",
        { Distribution: not "opensearch", Number: "7.10.2" } => "the server says it is Elasticsearch 7.10.2. If it is OpenSearch in compatibility mode, set compatibility.override_main_response_version to false; Elasticsearch itself is not supported",
        { Distribution: not "opensearch" } => $"the server is {version.Distribution ?? "Elasticsearch"} {version.Number}; this product needs OpenSearch 2.x or 3.x",
        _ when Major(version.Number) is not (2 or 3) => $"the server is OpenSearch {version.Number}; this product needs OpenSearch 2.x or 3.x",
        _ => null,
    };

    private static int Major(string number) =>
        int.TryParse(number.Split('.', '-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var major) ? major : 0;
}
