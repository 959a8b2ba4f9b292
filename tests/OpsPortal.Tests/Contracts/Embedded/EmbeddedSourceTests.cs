using Microsoft.Extensions.Logging.Abstractions;
using OpsPortal.Adapters.Embedded.Telemetry;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Contracts.Embedded;

[Trait("Peer", "Embedded")]
public sealed class EmbeddedSourceTests : SourceContract, IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly EmbeddedSource _source;

    public EmbeddedSourceTests() => _source = Open();

    protected override ITelemetryIntake Intake => _source;

    protected override ITelemetrySource Source => _source;

    protected override (ITelemetryIntake Intake, ITelemetrySource Source) OpenAgain()
    {
        var again = Open();
        return (again, again);
    }

    public void Dispose() => _folder.Dispose();

    private EmbeddedSource Open() => new(_folder.Open(), _folder.AsOptions(), TimeProvider.System, NullLogger<EmbeddedSource>.Instance);

    [Fact]
    public async Task A_consumer_that_records_are_not_kept_for_may_not_commit() =>
        await Assert.ThrowsAsync<ArgumentException>(() => _source.CommitAsync("somebody", 1, default));
}
