using System.ComponentModel.DataAnnotations;
using OpsPortal.Adapters.Simulated.Dirt;

namespace OpsPortal.Adapters.Simulated;

/// <summary>The simulated fleet and the recordings played beside it: section <c>Trains</c>.</summary>
public sealed class TrainsOptions
{
    /// <summary>Name of the section.</summary>
    public const string Section = "Trains";

    /// <summary>Simulated trains. Default 120, 0–10,000.</summary>
    [Range(0, 10_000)]
    public int Count { get; set; } = 120;

    /// <summary>Seed of everything that chance decides. Default 1.</summary>
    [Range(0, int.MaxValue)]
    public int Seed { get; set; } = 1;

    /// <summary>How many times faster than the real clock the fleet and the recordings are played, until they have caught up with it. Default 1, 1–3,600.</summary>
    [Range(1.0, 3600.0)]
    public double Speed { get; set; } = 1;

    /// <summary>How far back trains start the first time, and how long a pause may be to be filled in afterwards. Default 6 minutes, 0 to 1 day.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "1.00:00:00")]
    public TimeSpan History { get; set; } = TimeSpan.FromMinutes(6);

    /// <summary>Faults planted by chance per hour, in the whole fleet. Default 6, 0–3,600.</summary>
    [Range(0.0, 3600.0)]
    public double FaultsPerHour { get; set; } = 6;

    /// <summary>How many times faster than in life parts wear out: at 1 a part lives 6 to 20 weeks. Default 0 = no wear, 0–10,000.</summary>
    [Range(0.0, 10_000.0)]
    public double Wear { get; set; }

    /// <summary>A network file of one's own in place of Great Britain's main lines; its form is described at the top of <c>great-britain.txt</c>. Default none.</summary>
    public string? Network { get; set; }

    /// <summary>Recordings (CSV, also gzip) to be played as trains. Default none.</summary>
    public IList<string> Recordings { get; } = [];

    /// <summary>How far into each recording playing begins, by its own time. Default from its first row, 0 to 10 years.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "3653.00:00:00")]
    public TimeSpan RecordingsFrom { get; set; }

    /// <summary>How dirty the trains' messages are. Default clean.</summary>
    public DirtOptions Dirt { get; } = new();

    /// <summary>Folder of the trains' outbox and of the truth: the data folder.</summary>
    internal string Folder { get; set; } = "./data";
}
