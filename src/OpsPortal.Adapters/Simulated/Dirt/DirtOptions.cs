using System.ComponentModel.DataAnnotations;

namespace OpsPortal.Adapters.Simulated.Dirt;

/// <summary>How dirty the trains' messages are: section <c>Trains:Dirt</c>. Each is a number per 1,000 messages, default 0, and each message gets at most one kind.</summary>
public sealed class DirtOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Trains:Dirt";

    /// <summary>Sent twice.</summary>
    [Range(0.0, 1000.0)]
    public double Duplicates { get; set; }

    /// <summary>Overtaken by the train's next message.</summary>
    [Range(0.0, 1000.0)]
    public double Reordered { get; set; }

    /// <summary>Sent more than a minute and a half late, ten in a batch.</summary>
    [Range(0.0, 1000.0)]
    public double Late { get; set; }

    /// <summary>Of a train whose clock is 40 s fast, always: the rate is a share of the trains.</summary>
    [Range(0.0, 1000.0)]
    public double ClockOff { get; set; }

    /// <summary>Measured by a clock that jumped two hours ahead.</summary>
    [Range(0.0, 1000.0)]
    public double ClockJump { get; set; }

    /// <summary>Cut off in the middle.</summary>
    [Range(0.0, 1000.0)]
    public double MalformedJson { get; set; }

    /// <summary>With a field that nobody knows.</summary>
    [Range(0.0, 1000.0)]
    public double UnknownField { get; set; }

    /// <summary>With a reading that is the text NaN.</summary>
    [Range(0.0, 1000.0)]
    public double NanAsText { get; set; }

    /// <summary>At the position 0,0.</summary>
    [Range(0.0, 1000.0)]
    public double ZeroPosition { get; set; }

    /// <summary>With a sensor that says a thousand times its value, for thirty messages.</summary>
    [Range(0.0, 1000.0)]
    public double UnitChange { get; set; }

    /// <summary>Sent once more under the id of a train that was never registered.</summary>
    [Range(0.0, 1000.0)]
    public double Stranger { get; set; }
}
