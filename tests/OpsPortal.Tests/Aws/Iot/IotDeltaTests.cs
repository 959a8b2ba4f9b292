using System.Text.Json.Nodes;
using OpsPortal.Adapters.Aws.Iot;
using OpsPortal.Core.Shadows;

namespace OpsPortal.Tests.Aws.Iot;

/// <summary>FLT-22: documents come twice and out of order.</summary>
public sealed class IotDeltaTests
{
    private readonly ShadowEars _ears = new();

    [Trait("Fault", "FLT-22")]
    [Fact]
    public void A_document_that_comes_again_or_late_is_not_heard()
    {
        using var ear = _ears.Add("t", "n");
        var (old, begin) = (_ears.TakeTicket(), _ears.TakeTicket());
        _ears.Tell("t", "n", begin, Shadow(3));
        foreach (var version in new long[] { 4, 4, 2, 3, 6, 5 })
        {
            _ears.Tell("t", "n", _ears.TakeTicket(), Shadow(version));
        }

        _ears.Tell("t", "n", old, null);
        _ears.Tell("t", "n", _ears.TakeTicket(), Shadow(6));

        Assert.Equal([4, 6], Heard(ear));
    }

    [Trait("Fault", "FLT-22")]
    [Fact]
    public void After_a_deletion_a_lower_version_is_heard()
    {
        using var ear = _ears.Add("t", "n");
        _ears.Tell("t", "n", _ears.TakeTicket(), Shadow(7));
        _ears.Tell("t", "n", _ears.TakeTicket(), null);
        _ears.Tell("t", "n", _ears.TakeTicket(), Shadow(1));

        Assert.Equal([1], Heard(ear));
    }

    [Fact]
    public void Only_who_listens_hears_and_only_its_own_shadow()
    {
        using (var gone = _ears.Add("t", "n"))
        {
            _ears.Tell("t", "n", _ears.TakeTicket(), null);
        }

        using var ear = _ears.Add("t", "n");
        _ears.Tell("t", "n", _ears.TakeTicket(), null);
        _ears.Tell("t", "other", _ears.TakeTicket(), Shadow(1));
        _ears.Tell("other", "n", _ears.TakeTicket(), Shadow(1));
        _ears.Tell("t", "n", _ears.TakeTicket(), Shadow(1, delta: false));

        Assert.Empty(Heard(ear));
    }

    private static List<long> Heard(ShadowEars.Listener ear)
    {
        var heard = new List<long>();
        while (ear.Shadows.TryRead(out var shadow))
        {
            heard.Add(shadow.Version);
        }

        return heard;
    }

    private static DeviceShadow Shadow(long version, bool delta = true) => new([], [], delta ? new JsonObject { ["a"] = 1 } : [], [], version, default);
}
