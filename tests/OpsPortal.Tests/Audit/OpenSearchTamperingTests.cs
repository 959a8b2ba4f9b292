using System.Globalization;
using System.Text;
using System.Text.Json;
using OpsPortal.Core.Audit;
using OpsPortal.Tests.Kit.OpenSearch;

namespace OpsPortal.Tests.Audit;

/// <summary>The index of the audit, changed by another client of the server.</summary>
public sealed class TamperedIndex : TamperedAudit
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    private HttpClient _client = null!;
    private OpenSearchRig _rig = null!;

    public override IAuditLog Open() => _rig.Open().Get<IAuditLog>();

    protected override async Task StartAsync() => _client = (_rig = await OpenSearchRig.StartAsync()).Connect();

    protected override async Task StopAsync()
    {
        _client.Dispose();
        await _rig.DisposeAsync();
    }

    protected override async Task WriteAsync(IReadOnlyList<AuditRow> rows, IReadOnlyList<long> gone)
    {
        var body = new StringBuilder();
        foreach (var (number, e, hash) in rows)
        {
            body.AppendLine(CultureInfo.InvariantCulture, $$$"""{"index":{"_index":"{{{_rig.Prefix}}}audit-00000","_id":"{{{number}}}"}}""");
            body.AppendLine(JsonSerializer.Serialize(new { number, at = e.At, e.Who, e.Act, e.On, e.From, e.Outcome, e.Detail, e.Correlation, hash, write = "other" }, Json));
        }

        foreach (var number in gone)
        {
            body.AppendLine(CultureInfo.InvariantCulture, $$$"""{"delete":{"_index":"{{{_rig.Prefix}}}audit-00000","_id":"{{{number}}}"}}""");
        }

        if (body.Length > 0)
        {
            using var content = new StringContent(body.ToString(), Encoding.UTF8, "application/x-ndjson");
            using var answer = await _client.PostAsync("_bulk?refresh=true", content);
            var said = await answer.Content.ReadAsStringAsync();
            Assert.True(answer.IsSuccessStatusCode && said.Contains("\"errors\":false", StringComparison.Ordinal), $"{answer.StatusCode} {said[..Math.Min(said.Length, 500)]}");
        }
    }
}

[Trait("Peer", "OpenSearch")]
public sealed class OpenSearchTamperingTests(TamperedIndex audit) : TamperingContract(audit), IClassFixture<TamperedIndex>;
