using Microsoft.Extensions.Logging.Abstractions;
using OpsPortal.Adapters.Embedded.Alerts;
using OpsPortal.Adapters.Embedded.Detection;
using OpsPortal.Adapters.Embedded.Feed;
using OpsPortal.Adapters.Embedded.Fleet;
using OpsPortal.Adapters.Embedded.Shadows;
using OpsPortal.Adapters.Embedded.Telemetry;
using OpsPortal.Core.Alerts;
using OpsPortal.Core.Detection;
using OpsPortal.Core.Fleet;
using OpsPortal.Core.Shadows;
using OpsPortal.Core.Telemetry;
using OpsPortal.Tests.Kit;

namespace OpsPortal.Tests.Contracts.Embedded;

[Trait("Peer", "Embedded")]
public sealed class EmbeddedTrainStoreTests : TrainStoreContract, IDisposable
{
    private readonly DataFolder _folder = new();

    public EmbeddedTrainStoreTests()
    {
        var files = _folder.Open();
        (Trains, Registry) = (new EmbeddedTrainStore(files), new EmbeddedTrainRegistry(files));
    }

    protected override ITrainStore Trains { get; }

    protected override ITrainRegistry Registry { get; }

    public void Dispose() => _folder.Dispose();
}

[Trait("Peer", "Embedded")]
public sealed class EmbeddedAnomalyStoreTests : AnomalyStoreContract, IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly ManualTime _time = new();

    public EmbeddedAnomalyStoreTests() => Anomalies = new EmbeddedAnomalyStore(_folder.Open(_time), _time);

    protected override IAnomalyStore Anomalies { get; }

    protected override void Advance(TimeSpan by) => _time.Advance(by);

    public void Dispose() => _folder.Dispose();
}

[Trait("Peer", "Embedded")]
public sealed class EmbeddedAlertStoreTests : AlertStoreContract, IDisposable
{
    private readonly DataFolder _folder = new();

    public EmbeddedAlertStoreTests() => Alerts = OpenAgain();

    protected override IAlertStore Alerts { get; }

    protected override IAlertStore OpenAgain() => new EmbeddedAlertStore(_folder.Open());

    public void Dispose() => _folder.Dispose();
}

[Trait("Peer", "Embedded")]
public sealed class EmbeddedDeadLettersTests : DeadLettersContract, IDisposable
{
    private readonly DataFolder _folder = new();

    public EmbeddedDeadLettersTests() => Letters = new EmbeddedDeadLetters(_folder.Open());

    protected override IDeadLetters Letters { get; }

    public void Dispose() => _folder.Dispose();
}

[Trait("Peer", "Embedded")]
public sealed class EmbeddedDetectorSnapshotsTests : DetectorSnapshotsContract, IDisposable
{
    private readonly DataFolder _folder = new();

    public EmbeddedDetectorSnapshotsTests() => Snapshots = new EmbeddedDetectorSnapshots(_folder.Open());

    protected override IDetectorSnapshots Snapshots { get; }

    public void Dispose() => _folder.Dispose();
}

[Trait("Peer", "Embedded")]
public sealed class EmbeddedStoreChangesTests : StoreChangesContract, IDisposable
{
    private readonly DataFolder _folder = new();

    public EmbeddedStoreChangesTests() => Here = OpenAgain();

    protected override Stores Here { get; }

    protected override Stores OpenAgain()
    {
        var files = _folder.Open();
        return new Stores(new EmbeddedTrainStore(files), new EmbeddedAnomalyStore(files, TimeProvider.System), new EmbeddedAlertStore(files), new EmbeddedStoreChanges(files, TimeProvider.System));
    }

    public void Dispose() => _folder.Dispose();
}

[Trait("Peer", "Embedded")]
public sealed class EmbeddedDeviceShadowsTests : ShadowsContract, IDisposable
{
    private readonly DataFolder _folder = new();
    private readonly List<EmbeddedDeviceShadows> _opened = [];

    public EmbeddedDeviceShadowsTests() => (Shadows, Deltas) = OpenAgain();

    protected override IDeviceShadows Shadows { get; }

    protected override IShadowDeltas Deltas { get; }

    protected override (IDeviceShadows Shadows, IShadowDeltas Deltas) OpenAgain()
    {
        var shadows = new EmbeddedDeviceShadows(_folder.Open(), TimeProvider.System, NullLogger<EmbeddedDeviceShadows>.Instance);
        _opened.Add(shadows);
        return (shadows, shadows);
    }

    public void Dispose()
    {
        _opened.ForEach(shadows => shadows.Dispose());
        _folder.Dispose();
    }
}
