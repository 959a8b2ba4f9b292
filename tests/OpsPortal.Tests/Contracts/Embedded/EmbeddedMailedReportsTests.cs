using Microsoft.Extensions.Logging.Abstractions;
using OpsPortal.Adapters.Embedded.Reports;
using OpsPortal.Core.Reports.Mail;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Contracts.Embedded;

[Trait("Peer", "Embedded")]
public sealed class EmbeddedMailedReportsTests : MailedReportsContract, IDisposable
{
    private readonly DataFolder _data = new();
    private readonly EmbeddedMailedReports _store;

    public EmbeddedMailedReportsTests() => _store = new EmbeddedMailedReports(_data.AsOptions(), new ManualTime(), NullLogger<EmbeddedMailedReports>.Instance);

    protected override IMailedReports Store => _store;

    public void Dispose()
    {
        _store.Dispose();
        _data.Dispose();
    }
}
